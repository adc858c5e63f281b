package dev.terrane.cloudformation.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceTypes;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class SchemaCheckTest {
    private static final SchemaCheck CHECK = new SchemaCheck(types());

    private static ResourceTypes types() {
        ResourceTypes types = new ResourceTypes();
        types.add(new Declared(
                "AWS::SQS::Queue",
                Set.of("QueueName", "DelaySeconds", "FifoQueue", "RedrivePolicy", "Tags"),
                Set.of("Tags/Value")));
        types.add(new Declared(
                "AWS::S3::Bucket",
                Set.of(
                        "BucketName",
                        "AccessControl",
                        "LifecycleConfiguration/Rules/Id",
                        "LifecycleConfiguration/Rules/Status"),
                Set.of()));
        types.add(new Declared("AWS::CDK::Metadata", Set.of("Analytics"), Set.of()));
        types.add(new Declared(ResourceSchema.CUSTOM, Set.of("ServiceToken"), Set.of()));
        return types;
    }

    /** A type of which only its declaration is asked. */
    record Declared(String name, Set<String> supported, Set<String> lacking) implements ResourceType {
        @Override
        public String create(ResourceWork work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(ResourceWork work, String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(ResourceWork work, String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            throw new UnsupportedOperationException();
        }
    }

    private static Template template(String type, String properties) {
        return Template.parse("Resources:\n  R:\n    Type: " + type + "\n    Properties: " + properties);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            AWS::SQS::Queue | {DelaySeconds: "5", FifoQueue: "True"}      | {'DelaySeconds':5,'FifoQueue':true}
            AWS::SQS::Queue | {DelaySeconds: 5.0, QueueName: 12}          | {'DelaySeconds':5,'QueueName':'12'}
            AWS::SQS::Queue | {QueueName: true}                           | {'QueueName':'true'}
            AWS::SQS::Queue | {RedrivePolicy: {maxReceiveCount: 5}}       | {'RedrivePolicy':{'maxReceiveCount':5}}
            AWS::SQS::Queue | {RedrivePolicy: "{}"}                       | {'RedrivePolicy':'{}'}
            AWS::S3::Bucket | {AccessControl: Private}                    | {'AccessControl':'Private'}
            AWS::S3::Bucket | {LifecycleConfiguration: {Rules: [{Id: 1, Status: Enabled}]}} | {'LifecycleConfiguration':{'Rules':[{'Id':'1','Status':'Enabled'}]}}
            AWS::CDK::Metadata | {Analytics: v2}                          | {'Analytics':'v2'}
            Custom::Thing   | {ServiceToken: t, Any: [1, {b: true}]}      | {'ServiceToken':'t','Any':[1,{'b':true}]}
            """)
    void valuesBecomeWhatTheSchemaSays(String type, String properties, String normalized) {
        Template template = template(type, properties);
        CHECK.check(template);
        assertThat(CHECK.normalized(template.resource("R"), (ObjectNode)
                        template.resource("R").properties().json()))
                .isEqualTo(TestEnvironment.json(normalized));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            AWS::SQS::Queu  | {}                          | Template format error: Unrecognized resource types: [AWS::SQS::Queu] (did you mean AWS::SQS::Queue?) (line 3, column 5, in R)
            AWS::EKS::Cluster | {}                        | Template format error: Unrecognized resource types: [AWS::EKS::Cluster] (this server has no AWS::EKS::Cluster)
            Nothing         | {}                          | Template format error: Unrecognized resource types: [Nothing] (line 3, column 5, in R)
            AWS::SQS::Queue | {QueueNam: q}               | Properties validation failed for resource R with message: [#: extraneous key [QueueNam] is not permitted (did you mean QueueName?)] (line 4, column 18, in R)
            AWS::SQS::Queue | {DelaySeconds: soon}        | Properties validation failed for resource R with message: [#/DelaySeconds: expected type: Integer, found: String] (line 4, column 18, in R)
            AWS::SQS::Queue | {DelaySeconds: 1.5}         | Properties validation failed for resource R with message: [#/DelaySeconds: expected type: Integer, found: Number]
            AWS::SQS::Queue | {DelaySeconds: [1]}         | Properties validation failed for resource R with message: [#/DelaySeconds: expected type: Integer, found: JSONArray]
            AWS::SQS::Queue | {FifoQueue: maybe}          | Properties validation failed for resource R with message: [#/FifoQueue: expected type: Boolean, found: String]
            AWS::SQS::Queue | {QueueName: {a: b}}         | Properties validation failed for resource R with message: [#/QueueName: expected type: String, found: JSONObject]
            AWS::SQS::Queue | {Tags: t}                   | Properties validation failed for resource R with message: [#/Tags: expected type: JSONArray, found: String]
            AWS::SQS::Queue | {Tags: [t]}                 | Properties validation failed for resource R with message: [#/Tags/0: expected type: JSONObject, found: String]
            AWS::SQS::Queue | {Tags: [{Key: k}]}          | Properties validation failed for resource R with message: [#/Tags/0: required key [Value] not found] (line 4, column 25, in R)
            AWS::SQS::Queue | {Tags: [{Key: k, Value: v}]} | Properties validation failed for resource R with message: [#/Tags/0: property Tags/Value of AWS::SQS::Queue is not supported by this server]
            AWS::SQS::Queue | {VisibilityTimeout: 5}      | Properties validation failed for resource R with message: [#: property VisibilityTimeout of AWS::SQS::Queue is not supported by this server]
            AWS::S3::Bucket | {AccessControl: Privat}     | Properties validation failed for resource R with message: [#/AccessControl: Privat is not a valid enum value (did you mean Private?)]
            AWS::S3::Bucket | {LifecycleConfiguration: {Rules: [{Status: Enabled, Prefix: x}]}} | Properties validation failed for resource R with message: [#/LifecycleConfiguration/Rules/0: property LifecycleConfiguration/Rules/Prefix of AWS::S3::Bucket is not supported
            """)
    void whatTheSchemaDoesNotSayIsRefusedBeforeAnythingIsMade(String type, String properties, String message) {
        Template template = template(type, properties);
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> CHECK.check(template))
                .withMessageStartingWith(message);
    }

    @Test
    void partsWithFunctionsAreCheckedWhenTheyAreEvaluated() {
        Template template = template("AWS::SQS::Queue", "{DelaySeconds: !Ref AWS::Region, QueueName: !Sub 'q'}");
        CHECK.check(template);
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> CHECK.normalized(template.resource("R"), (ObjectNode)
                        TestEnvironment.json("{'DelaySeconds':'us-east-1','QueueName':'q'}")))
                .withMessage("Properties validation failed for resource R with message: [#/DelaySeconds: expected type:"
                        + " Integer, found: String] (line 4, column 18, in R)");
        assertThat(CHECK.normalized(template.resource("R"), (ObjectNode)
                        TestEnvironment.json("{'DelaySeconds':'" + Unknown.TEXT + "','QueueName':5}")))
                .isEqualTo(TestEnvironment.json("{'DelaySeconds':'" + Unknown.TEXT + "','QueueName':'5'}"));
    }

    @Test
    void allPropertiesMayBeWhatAFunctionGives() {
        Template template = Template.parse("""
                Conditions: {C: !Equals [a, b]}
                Resources: {R: {Type: AWS::SQS::Queue, Properties: !If [C, {QueueNam: a}, {QueueName: b}]}}
                """);
        CHECK.check(template);
        TestEnvironment environment = new TestEnvironment();
        ObjectNode properties =
                new Evaluator(template, environment, Conditions.of(template, environment)).properties("R");
        assertThat(CHECK.normalized(template.resource("R"), properties))
                .isEqualTo(TestEnvironment.json("{'QueueName':'b'}"));
    }

    @Test
    void summariesTellCapabilitiesAndIdentifiers() {
        TemplateSummary plain = TemplateSummary.of(
                Template.parse("Description: d\nResources: {Q: {Type: AWS::SQS::Queue}, P: {Type: AWS::SQS::Queue}}"));
        assertThat(plain.capabilities()).isEmpty();
        assertThat(plain.capabilitiesReason()).isEmpty();
        assertThat(plain.resourceTypes()).containsExactly("AWS::SQS::Queue");
        assertThat(plain.identifiers())
                .containsExactly(new TemplateSummary.Identifiers(
                        "AWS::SQS::Queue", java.util.List.of("Q", "P"), java.util.List.of("QueueUrl")));
        TemplateSummary roles = TemplateSummary.of(Template.parse(
                "Resources: {R: {Type: AWS::IAM::Role}, P: {Type: AWS::IAM::Policy, Properties: {PolicyName: p}}}"));
        assertThat(roles.capabilities()).containsExactly("CAPABILITY_IAM");
        assertThat(roles.capabilitiesReason())
                .isEqualTo("The following resource(s) require capabilities: [AWS::IAM::Policy, AWS::IAM::Role]");
        TemplateSummary named = TemplateSummary.of(Template.parse("""
                Transform: AWS::LanguageExtensions
                Metadata: {a: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}}}
                Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: r}}}
                """));
        assertThat(named.capabilities()).containsExactly("CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND");
        assertThat(named.declaredTransforms()).containsExactly("AWS::LanguageExtensions", "AWS::Include");
    }
}
