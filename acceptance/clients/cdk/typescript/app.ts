import { App, CfnOutput, Duration, RemovalPolicy, Stack, StackProps } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as logs from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as assets from "aws-cdk-lib/aws-s3-assets";
import * as sns from "aws-cdk-lib/aws-sns";
import * as subscriptions from "aws-cdk-lib/aws-sns-subscriptions";
import * as sqs from "aws-cdk-lib/aws-sqs";
import * as ssm from "aws-cdk-lib/aws-ssm";
import * as path from "path";

/** A queue that a topic feeds, with a file asset. */
class Producer extends Stack {
  readonly queue: sqs.Queue;

  constructor(app: App, id: string, props?: StackProps) {
    super(app, id, props);
    this.queue = new sqs.Queue(this, "Queue", { visibilityTimeout: Duration.seconds(Number(process.env.TIMEOUT ?? 40)) });
    const topic = new sns.Topic(this, "Topic");
    topic.addSubscription(new subscriptions.SqsSubscription(this.queue));
    const asset = new assets.Asset(this, "File", { path: path.join(__dirname, "asset.txt") });
    if (process.env.ADOPT) {
      new sqs.CfnQueue(this, "Adopted", { queueName: "adopted" });
    }
    new CfnOutput(this, "QueueUrl", { value: this.queue.queueUrl });
    new CfnOutput(this, "Asset", { value: asset.s3ObjectKey });
  }
}

/** What uses the other stack's queue: a reference across stacks. */
class Consumer extends Stack {
  constructor(app: App, id: string, queue: sqs.Queue) {
    super(app, id);
    const bucket = new s3.Bucket(this, "Bucket", {
      versioned: true,
      encryption: s3.BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, "Role", { assumedBy: new iam.ServicePrincipal("codebuild.amazonaws.com") });
    bucket.grantReadWrite(role);
    queue.grantSendMessages(role);
    new logs.LogGroup(this, "Log", { retention: logs.RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY });
    new ssm.StringParameter(this, "Parameter", { stringValue: bucket.bucketName });
    new CfnOutput(this, "BucketName", { value: bucket.bucketName });
  }
}

const app = new App();
const producer = new Producer(app, "Producer");
new Consumer(app, "Consumer", producer.queue);
