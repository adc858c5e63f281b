package dev.terrane.cloudformation.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Expected values are what the SAM translator 1.115 makes of the same templates, with {@code Fn::Sub} of the partition in the place of {@code aws}. */
class ServerlessTransformTest {
    private static final String HEAD = "Transform: AWS::Serverless-2016-10-31\n";

    private static Template expanded(String text) {
        return new Transforms(List.of(new ServerlessTransform()))
                .expanded(Template.parse(HEAD + text), new TestEnvironment());
    }

    private static JsonNode properties(Template template, String logicalId) {
        return template.resource(logicalId).properties().json();
    }

    @Test
    void templatesOfPlainResourcesStayAsTheyAre() {
        Template template = expanded("""
                Globals: {Function: {Timeout: 5}}
                Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}}
                """);
        assertThat(template.json())
                .isEqualTo(TestEnvironment.json(
                        "{'Resources':{'Q':{'Type':'AWS::SQS::Queue','Properties':{'DelaySeconds':5}}}}"));
    }

    @Test
    void tablesLayersAndApplications() {
        Template template = expanded("""
                Resources:
                  Plain: {Type: AWS::Serverless::SimpleTable}
                  Keyed: {Type: AWS::Serverless::SimpleTable, DeletionPolicy: Retain, Properties: {PrimaryKey: {Name: pk, Type: Number}, ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}, Tags: {a: b}}}
                  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: s3://b/k/l.zip}}
                  App: {Type: AWS::Serverless::Application, Properties: {Location: https://b/t.yaml, Parameters: {A: b}}}
                Outputs: {L: {Value: !Sub "${Layer}"}, R: {Value: !Ref Layer}}
                """);
        assertThat(template.resource("Plain").type()).isEqualTo("AWS::DynamoDB::Table");
        assertThat(properties(template, "Plain")).isEqualTo(TestEnvironment.json("""
                                {'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],'BillingMode':'PAY_PER_REQUEST'}"""));
        assertThat(properties(template, "Keyed")).isEqualTo(TestEnvironment.json("""
                                {'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'N'}],'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],'ProvisionedThroughput':{'ReadCapacityUnits':1,'WriteCapacityUnits':1},'Tags':[{'Key':'a','Value':'b'}]}"""));
        assertThat(template.resource("Keyed").deletionPolicy()).contains("Retain");
        assertThat(properties(template, "App")).isEqualTo(TestEnvironment.json("""
                                {'TemplateURL':'https://b/t.yaml','Tags':[{'Key':'lambda:createdBy','Value':'SAM'}],'Parameters':{'A':'b'}}"""));
        String layer = template.resources().keySet().stream()
                .filter(id -> id.startsWith("Layer"))
                .findFirst()
                .orElseThrow();
        assertThat(layer).matches("Layer[0-9a-f]{10}");
        assertThat(template.resource(layer).deletionPolicy()).contains("Retain");
        assertThat(properties(template, layer))
                .isEqualTo(TestEnvironment.json("{'Content':{'S3Bucket':'b','S3Key':'k/l.zip'},'LayerName':'Layer'}"));
        assertThat(template.json().at("/Outputs/R/Value/Ref").asString()).isEqualTo(layer);
        assertThat(template.json().at("/Outputs/L/Value/Fn::Sub").asString()).isEqualTo("${" + layer + "}");
    }

    @Test
    void functionsWithWhatTheyNeed() {
        Template template = expanded("""
                Globals: {Function: {Runtime: python3.12, Timeout: 5, Layers: [l1], Environment: {Variables: {A: a}}}}
                Conditions: {P: !Equals [a, a]}
                Resources:
                  Queue: {Type: AWS::SQS::Queue}
                  Fn:
                    Type: AWS::Serverless::Function
                    Condition: P
                    Properties:
                      CodeUri: s3://b/k.zip
                      Handler: a.b
                      Timeout: 6
                      Layers: [l2]
                      Environment: {Variables: {B: b}}
                      AutoPublishAlias: live
                      Tracing: Active
                      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
                      Policies: [AmazonS3ReadOnlyAccess, {Statement: []}]
                      Events:
                        Q: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, BatchSize: 5}}
                        S: {Type: Schedule, Properties: {Schedule: rate(1 minute), Enabled: false}}
                Outputs: {A: {Value: !Ref Fn.Alias}}
                """);
        assertThat(properties(template, "Fn")).isEqualTo(TestEnvironment.json("""
                                {'Code':{'S3Bucket':'b','S3Key':'k.zip'},'Environment':{'Variables':{'A':'a','B':'b'}},'Handler':'a.b','Layers':['l1','l2'],'Runtime':'python3.12','Timeout':6,
                                'DeadLetterConfig':{'TargetArn':{'Fn::GetAtt':['Queue','Arn']}},'TracingConfig':{'Mode':'Active'},'Tags':[{'Key':'lambda:createdBy','Value':'SAM'}],'Role':{'Fn::GetAtt':['FnRole','Arn']}}"""));
        assertThat(properties(template, "FnRole")
                        .get("ManagedPolicyArns")
                        .valueStream()
                        .map(arn -> arn.path("Fn::Sub").asString()))
                .containsExactly(
                        "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                        "arn:${AWS::Partition}:iam::aws:policy/AWSXrayWriteOnlyAccess",
                        "arn:${AWS::Partition}:iam::aws:policy/AmazonS3ReadOnlyAccess",
                        "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole");
        assertThat(properties(template, "FnRole")
                        .get("Policies")
                        .valueStream()
                        .map(policy -> policy.path("PolicyName").asString()))
                .containsExactly("DeadLetterQueuePolicy", "FnRolePolicy1");
        assertThat(template.resource("FnRole").condition()).contains("P");
        assertThat(properties(template, "FnQ")).isEqualTo(TestEnvironment.json("""
                                {'EventSourceArn':{'Fn::GetAtt':['Queue','Arn']},'FunctionName':{'Ref':'FnAliaslive'},'BatchSize':5}"""));
        assertThat(properties(template, "FnS")).isEqualTo(TestEnvironment.json("""
                                {'ScheduleExpression':'rate(1 minute)','State':'DISABLED','Targets':[{'Arn':{'Ref':'FnAliaslive'},'Id':'FnSLambdaTarget'}]}"""));
        assertThat(properties(template, "FnSPermission")).isEqualTo(TestEnvironment.json("""
                                {'Action':'lambda:InvokeFunction','FunctionName':{'Ref':'FnAliaslive'},'Principal':'events.amazonaws.com','SourceArn':{'Fn::GetAtt':['FnS','Arn']}}"""));
        assertThat(template.json().at("/Outputs/A/Value/Ref").asString()).isEqualTo("FnAliaslive");
        assertThat(template.resources().keySet()).anyMatch(id -> id.matches("FnVersion[0-9a-f]{10}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {Type: AWS::Serverless::Api}                                                  | AWS::Serverless::Api is not supported by this server
            {Type: AWS::Serverless::Function, Properties: {Handler: h}}                   | 'InlineCode' or 'CodeUri' must be set.
            {Type: AWS::Serverless::Function, Properties: {CodeUri: ./src}}               | './src' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.
            {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Foo: 1}}        | property Foo not defined for resource of type AWS::Serverless::Function
            {Type: AWS::Serverless::Function, Properties: {InlineCode: x, FunctionUrlConfig: {}}} | property FunctionUrlConfig is not supported by this server
            {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Policies: [{S3ReadPolicy: {BucketName: b}}]}} | policy template S3ReadPolicy is not supported by this server
            {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Events: {A: {Type: Api}}}} | event A of type Api is not supported by this server
            {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Events: {A: {Type: SQS}}}} | Event with id [A] is invalid. Missing required property 'Queue'.
            {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Type: Text}}}  | 'Type' of 'PrimaryKey' must be String, Number or Binary
            {Type: AWS::Serverless::LayerVersion}                                         | Missing required property 'ContentUri'.
            {Type: AWS::Serverless::Application}                                          | Resource is missing the required [Location] property.
            """)
    void whatIsNotCarriedOutIsRefusedByName(String resource, String why) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> expanded("Resources: {R: " + resource + "}"))
                .withMessageStartingWith(
                        "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification"
                                + " document. Number of errors found: 1. Resource with id [R] is invalid. " + why);
    }
}
