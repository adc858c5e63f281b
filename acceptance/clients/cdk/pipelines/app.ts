import { App, CfnOutput, Duration, Stack, Stage } from "aws-cdk-lib";
import * as codecommit from "aws-cdk-lib/aws-codecommit";
import * as assets from "aws-cdk-lib/aws-s3-assets";
import * as sqs from "aws-cdk-lib/aws-sqs";
import { CodePipeline, CodePipelineSource, ShellStep } from "aws-cdk-lib/pipelines";
import { Construct } from "constructs";
import * as path from "path";

/** Where the shop is deployed to, one after another. */
const STAGES = ["Test"];

/** The shop: a queue and a file. */
class Shop extends Stage {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = new Stack(this, "Orders");
    const queue = new sqs.Queue(stack, "Queue", { visibilityTimeout: Duration.seconds(45) });
    const prices = new assets.Asset(stack, "Prices", { path: path.join(__dirname, "prices.txt") });
    new CfnOutput(stack, "QueueUrl", { value: queue.queueUrl });
    new CfnOutput(stack, "PricesKey", { value: prices.s3ObjectKey });
  }
}

/** The pipeline that deploys the shop, and itself. */
class Delivery extends Stack {
  constructor(scope: Construct) {
    super(scope, "Delivery");
    const repository = codecommit.Repository.fromRepositoryName(this, "Repository", "shop");
    const pipeline = new CodePipeline(this, "Pipeline", {
      pipelineName: "shop",
      cliVersion: "2.1148.1",
      cdkAssetsCliVersion: "4.7.3",
      synth: new ShellStep("Synth", {
        input: CodePipelineSource.codeCommit(repository, "main"),
        commands: [
          "npm install --no-audit --no-fund --loglevel=error",
          "npx tsc --module commonjs --target es2022 --skipLibCheck --types node app.ts",
          "npx cdk synth",
        ],
      }),
    });
    for (const stage of STAGES) {
      pipeline.addStage(new Shop(this, stage));
    }
  }
}

new Delivery(new App());
