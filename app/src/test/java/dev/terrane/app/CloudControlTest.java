package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudcontrol.CloudControlClient;
import software.amazon.awssdk.services.cloudcontrol.model.OperationStatus;
import software.amazon.awssdk.services.cloudcontrol.model.ProgressEvent;
import software.amazon.awssdk.services.cloudcontrol.model.ResourceDescription;
import software.amazon.awssdk.services.cloudcontrol.model.UnsupportedActionException;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.json.JsonMapper;

/** Resources of every service through Cloud Control API: made, read, changed by a patch of what was read, listed, and deleted. */
class CloudControlTest {
    private static final String ALLOW =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'%s:*','Resource':'*'}]}";
    private static final String TRUST =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'},"
                    + "'Action':'sts:AssumeRole'}]}";
    private static final String KEY_POLICY =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::123456789012:root'},"
                    + "'Action':'kms:*','Resource':'*'}]}";

    /** A resource, with what a patch changes of it; both may name earlier ones as <NAME>. */
    private record Example(String type, String name, String desired, String patch) {}

    private final List<Example> examples = new ArrayList<>();

    private void example(String type, String name, String desired, String patch) {
        examples.add(new Example("AWS::" + type, name, desired, patch));
    }

    private static String add(String path, String value) {
        return "[{'op':'add','path':'/" + path + "','value':" + value + "}]";
    }

    private void examples() {
        example("KMS::Key", "key", "{'KeyPolicy':" + KEY_POLICY + "}", add("Description", "'changed'"));
        example("KMS::Alias", "alias", "{'AliasName':'alias/a','TargetKeyId':'<key>'}", "");
        example("IAM::Role", "role", "{'AssumeRolePolicyDocument':" + TRUST + "}", add("Description", "'changed'"));
        example(
                "IAM::RolePolicy",
                "",
                "{'RoleName':'<role>','PolicyName':'p','PolicyDocument':" + ALLOW.formatted("s3") + "}",
                add("PolicyDocument", ALLOW.formatted("sqs")));
        example("IAM::InstanceProfile", "", "{'Roles':['<role>']}", "");
        example("IAM::Group", "group", "{'GroupName':'g'}", "");
        example("IAM::User", "", "{'UserName':'u','Groups':['<group>']}", add("Groups", "[]"));
        example(
                "IAM::ManagedPolicy",
                "",
                "{'PolicyDocument':" + ALLOW.formatted("s3") + "}",
                add("PolicyDocument", ALLOW.formatted("sqs")));
        example(
                "S3::Bucket",
                "bucket",
                "{'BucketName':'made-by-cloud-control'}",
                add("Tags", "[{'Key':'k','Value':'v'}]"));
        example("SNS::Topic", "topic", "{'TopicName':'t'}", add("DisplayName", "'Changed'"));
        example("SQS::Queue", "queue", "{'QueueName':'q'}", add("DelaySeconds", "7"));
        example(
                "SSM::Parameter",
                "",
                "{'Name':'/a','Type':'String','Value':'1'}",
                "[{'op':'replace','path':'/Value','value':'2'}]");
        example("SecretsManager::Secret", "", "{'Name':'s','SecretString':'x'}", add("Description", "'changed'"));
        example("Logs::LogGroup", "logs", "{'LogGroupName':'l'}", add("RetentionInDays", "7"));
        example("Logs::LogStream", "", "{'LogGroupName':'<logs>','LogStreamName':'one'}", "");
        example(
                "CloudWatch::Alarm",
                "",
                "{'AlarmName':'a','ComparisonOperator':'GreaterThanThreshold','EvaluationPeriods':1,'MetricName':'m',"
                        + "'Namespace':'n','Period':60,'Statistic':'Sum','Threshold':1}",
                "[{'op':'replace','path':'/Threshold','value':2}]");
        example("Events::EventBus", "bus", "{'Name':'b'}", add("Description", "'changed'"));
        example(
                "Events::Rule",
                "",
                "{'Name':'r','ScheduleExpression':'rate(1 hour)'}",
                add("Description", "'changed'"));
        example("CodeCommit::Repository", "", "{'RepositoryName':'r'}", add("RepositoryDescription", "'changed'"));
        example(
                "CodeDeploy::Application",
                "",
                "{'ApplicationName':'a','ComputePlatform':'Server'}",
                add("Tags", "[{'Key':'k','Value':'v'}]"));
        example("ECR::Repository", "", "{'RepositoryName':'images'}", add("ImageTagMutability", "'IMMUTABLE'"));
        example("EC2::VPC", "vpc", "{'CidrBlock':'10.1.0.0/16'}", add("EnableDnsHostnames", "true"));
        example(
                "EC2::Subnet",
                "subnet",
                "{'VpcId':'<vpc>','CidrBlock':'10.1.1.0/24'}",
                add("MapPublicIpOnLaunch", "true"));
        example("EC2::RouteTable", "routes", "{'VpcId':'<vpc>'}", add("Tags", "[{'Key':'k','Value':'v'}]"));
        example("EC2::SubnetRouteTableAssociation", "", "{'SubnetId':'<subnet>','RouteTableId':'<routes>'}", "");
        example(
                "EC2::SecurityGroup",
                "",
                "{'GroupDescription':'d','VpcId':'<vpc>'}",
                add("SecurityGroupIngress", "[{'IpProtocol':'tcp','FromPort':80,'ToPort':80,'CidrIp':'0.0.0.0/0'}]"));
        example(
                "ElasticLoadBalancingV2::TargetGroup",
                "",
                "{'Port':80,'Protocol':'HTTP','VpcId':'<vpc>'}",
                add("HealthCheckPath", "'/health'"));
        example(
                "CloudFormation::StackSet",
                "",
                "{'StackSetName':'s','PermissionModel':'SELF_MANAGED',"
                        + "'TemplateBody':'Resources: {Q: {Type: AWS::SQS::Queue}}'}",
                add("Description", "'changed'"));
        example(
                "CloudFormation::Stack",
                "",
                "{'TemplateURL':'https://made-by-cloud-control.s3.amazonaws.com/t.json'}",
                "");
    }

    @Test
    @SuppressWarnings("unchecked") // an array of constructors
    void everyServicesResourcesAreMadeReadChangedListedAndDeleted() {
        try (TestServer server =
                TestServer.with(Wiring.SERVICES.toArray((Function<Platform, Service>[]) new Function<?, ?>[0]))) {
            CloudControlClient client = server.client(CloudControlClient.class);
            examples();
            Map<String, String> names = new LinkedHashMap<>();
            List<String[]> made = new ArrayList<>();
            for (Example example : examples) {
                if (example.type().equals("AWS::CloudFormation::Stack")) {
                    server.client(S3Client.class)
                            .putObject(
                                    r -> r.bucket("made-by-cloud-control").key("t.json"),
                                    RequestBody.fromString("{\"Resources\":{\"Q\":{\"Type\":\"AWS::SQS::Queue\"}}}"));
                }
                ProgressEvent created = ended(
                        server,
                        client.createResource(
                                        r -> r.typeName(example.type()).desiredState(text(example.desired(), names)))
                                .progressEvent());
                String id = created.identifier();
                names.put(example.name(), id);
                made.add(new String[] {example.type(), id});
                String before = properties(client, example.type(), id);
                // Reading does not tell a stack's template.
                if (!example.type().equals("AWS::CloudFormation::Stack")) {
                    assertThat(JsonMapper.shared().readTree(before))
                            .isEqualTo(JsonMapper.shared().readTree(created.resourceModel()));
                }
                if (!example.patch().isEmpty()) {
                    ProgressEvent changed = ended(
                            server,
                            client.updateResource(r -> r.typeName(example.type())
                                            .identifier(id)
                                            .patchDocument(text(example.patch(), names)))
                                    .progressEvent());
                    assertThat(changed.resourceModel()).as(example.type()).isNotEqualTo(before);
                    assertThat(changed.identifier()).isEqualTo(id);
                }
                listed(client, example.type(), id);
            }
            assertThatThrownBy(() -> client.listResources(r -> r.typeName("AWS::CodeDeploy::DeploymentGroup")))
                    .hasMessageContaining("Required property: (#: required key [ApplicationName] not found)");
            assertThat(client.listResources(r -> r.typeName("AWS::CodeDeploy::DeploymentGroup")
                                    .resourceModel("{\"ApplicationName\":\"a\"}"))
                            .resourceDescriptions())
                    .isEmpty();
            server.client(S3Client.class)
                    .deleteObject(r -> r.bucket("made-by-cloud-control").key("t.json"));
            for (String[] one : made.reversed()) {
                ended(
                        server,
                        client.deleteResource(r -> r.typeName(one[0]).identifier(one[1]))
                                .progressEvent());
            }
            assertThat(server.rowCounts()).containsEntry("gateway.answer", 0L).containsEntry("cloudcontrol.lock", 0L);
        }
    }

    private static void listed(CloudControlClient client, String type, String id) {
        try {
            assertThat(client.listResourcesPaginator(r -> r.typeName(type)).resourceDescriptions().stream()
                            .map(ResourceDescription::identifier))
                    .as(type)
                    .contains(id);
        } catch (UnsupportedActionException notListed) {
            assertThat(notListed).hasMessageContaining("does not support LIST action");
        }
    }

    private static String properties(CloudControlClient client, String type, String id) {
        return client.getResource(r -> r.typeName(type).identifier(id))
                .resourceDescription()
                .properties();
    }

    private static String text(String template, Map<String, String> names) {
        String text = template.replace('\'', '"');
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace("<" + name.getKey() + ">", name.getValue());
        }
        return text;
    }

    private static ProgressEvent ended(TestServer server, ProgressEvent request) {
        CloudControlClient client = server.client(CloudControlClient.class);
        TestServer.await(() -> {
            ProgressEvent now = client.getResourceRequestStatus(r -> r.requestToken(request.requestToken()))
                    .progressEvent();
            if (now.operationStatus() == OperationStatus.IN_PROGRESS) {
                server.advance(Duration.ofSeconds(1));
                return false;
            }
            return true;
        });
        ProgressEvent ended = client.getResourceRequestStatus(r -> r.requestToken(request.requestToken()))
                .progressEvent();
        assertThat(ended.operationStatus()).as(ended.toString()).isEqualTo(OperationStatus.SUCCESS);
        return ended;
    }
}
