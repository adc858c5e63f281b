package dev.terrane.cloudformation.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformTest {
    private static final Map<String, String> BUCKET = Map.of(
            "s3://bucket/topics.yaml", "Included: {Type: AWS::SNS::Topic}",
            "s3://bucket/value.json", "{\"DelaySeconds\": 5}",
            "s3://bucket/list.yaml", "[a, b]",
            "s3://bucket/broken.yaml", "a: [",
            "s3://bucket/nested.yaml",
                    "Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/list.yaml}}");

    private static final Transforms TRANSFORMS = new Transforms(List.of(
            new IncludeTransform(uri -> Optional.ofNullable(BUCKET.get(uri))
                    .orElseThrow(() -> new TemplateException("The specified key does not exist."))),
            new LanguageExtensionsTransform()));

    private static Template expanded(String text) {
        TestEnvironment environment = new TestEnvironment();
        environment.parameters.put("Names", TestEnvironment.json("['a','b-c']"));
        environment.parameters.put("Env", TestEnvironment.text("prod"));
        return TRANSFORMS.expanded(Template.parse(text), environment);
    }

    private static final String PARAMETERS =
            "Transform: AWS::LanguageExtensions\nParameters: {Names: {Type: CommaDelimitedList}, Env: {Type: String}}\n";

    @Test
    void includesBecomePartOfTheTemplate() {
        Template template = expanded("""
                Parameters: {Env: {Type: String}, Names: {Type: CommaDelimitedList}}
                Resources:
                  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/topics.yaml}}
                  Queue:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: q
                      Fn::Transform: {Name: AWS::Include, Parameters: {Location: !Sub "s3://bucket/value.json"}}
                """);
        assertThat(template.expanded()).isTrue();
        assertThat(template.resources()).containsOnlyKeys("Queue", "Included");
        assertThat(template.resource("Queue").properties().json())
                .isEqualTo(TestEnvironment.json("{'QueueName':'q','DelaySeconds':5}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {Name: AWS::Include, Parameters: {Location: s3://bucket/none}}        | Transform AWS::Include failed with: The specified key does not exist.
            {Name: AWS::Include, Parameters: {Location: https://x}}               | Transform AWS::Include failed with: The location parameter is not a valid S3 uri.
            {Name: AWS::Include}                                                  | Transform AWS::Include failed with: The location parameter is required
            {Name: AWS::Include, Parameters: {Location: s3://bucket/list.yaml}}   | Transform AWS::Include failed with: what is included must be an object
            {Name: AWS::Include, Parameters: {Location: s3://bucket/broken.yaml}} | Transform AWS::Include failed with: Template format error: YAML not well-formed.
            {Name: AWS::Include, Parameters: {Location: s3://bucket/nested.yaml}} | Transform AWS::Include failed with: what is included must not ask for a transform itself
            {Name: Mine}                                                          | No transform named Mine found.
            []                                                                    | Template error: Transform must be the name of a macro
            {Name: AWS::LanguageExtensions}                                       | Transform AWS::LanguageExtensions failed with: it cannot be used by Fn::Transform
            """)
    void transformsThatFailTellWhy(String call, String message) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() ->
                        expanded("Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, Fn::Transform: "
                                + call + "}}}"))
                .withMessageStartingWith(message);
    }

    @Test
    void loopsAreUnrolled() {
        Template template = expanded(PARAMETERS + """
                Conditions:
                  Fn::ForEach::Checks: [N, [A, B], {"Is${N}": !Equals [!Ref N, A]}]
                Resources:
                  Fn::ForEach::Queues:
                    - Name
                    - !Ref Names
                    - "Queue&{Name}":
                        Type: AWS::SQS::Queue
                        DeletionPolicy: !If [IsA, Retain, Delete]
                        Properties:
                          QueueName: !Sub "${AWS::StackName}-${Name}"
                          Tags: [{Key: name, Value: !Ref Name}, {Key: plain, Value: "${Name}"}]
                      Fn::ForEach::Topics:
                        - Kind
                        - [x, y]
                        - "Topic&{Name}${Kind}":
                            Type: AWS::SNS::Topic
                            DependsOn: !Sub "Queue${Kind}"
                            Condition: !Sub "IsA"
                  Queuex: {Type: AWS::SQS::Queue}
                  Queuey: {Type: AWS::SQS::Queue}
                Outputs:
                  Fn::ForEach::Arns:
                    - Kind
                    - [x, y]
                    - "Arn${Kind}": {Value: !GetAtt [!Sub "Queue${Kind}", Arn]}
                """);
        assertThat(template.resources())
                .containsOnlyKeys(
                        "Queuea", "Queuebc", "Topicax", "Topicay", "Topicbcx", "Topicbcy", "Queuex", "Queuey");
        assertThat(template.conditions()).containsOnlyKeys("IsA", "IsB");
        assertThat(template.resource("Queuebc").properties().json())
                .isEqualTo(
                        TestEnvironment.json(
                                "{'QueueName':{'Fn::Sub':'${AWS::StackName}-b-c'},'Tags':[{'Key':'name','Value':'b-c'},{'Key':'plain','Value':'${Name}'}]}"));
        assertThat(template.resource("Queuea").deletionPolicy()).contains("Retain");
        assertThat(template.resource("Topicbcy").dependsOn()).containsExactly("Queuey");
        assertThat(template.resource("Topicbcy").condition()).contains("IsA");
        assertThat(template.tree().json().at("/Outputs/Arnx/Value"))
                .isEqualTo(TestEnvironment.json("{'Fn::GetAtt':['Queuex','Arn']}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {Fn::ForEach::L: x}                                             | Transform AWS::LanguageExtensions failed with: Fn::ForEach layout is incorrect
            {Fn::ForEach::L: [I, x, {"A${I}": {Type: X}}]}                  | Transform AWS::LanguageExtensions failed with: Fn::ForEach layout is incorrect
            {Fn::ForEach::L: [I, !Ref Env, {"A${I}": {Type: X}}]}           | Transform AWS::LanguageExtensions failed with: Could not find a collection or could not be resolved for Fn::ForEach
            {Q: {Type: X}, Fn::ForEach::L: [I, !Ref Q, {"A${I}": {Type: X}}]} | Transform AWS::LanguageExtensions failed with: Could not find a collection or could not be resolved for Fn::ForEach
            {Q: {Type: X}, Fn::ForEach::L: [I, [!GetAtt Q.A], {"A${I}": {Type: X}}]} | Transform AWS::LanguageExtensions failed with: Could not find a collection or could not be resolved for Fn::ForEach
            {Fn::ForEach::L: [I, [a, b], {A: {Type: X}}]}                   | Transform AWS::LanguageExtensions failed with: the name A must contain ${I} or &{I}
            {Fn::ForEach::L: [I, [a, a], {"A${I}": {Type: X}}]}             | Transform AWS::LanguageExtensions failed with: the loops make Aa twice
            {Fn::ForEach::L: [I, [a-b], {"A${I}": {Type: X}}]}              | Template format error: Resource name Aa-b is non alphanumeric.
            {L: {Type: X}, Fn::ForEach::L: [I, [a], {"A${I}": {Type: X}}]}  | Transform AWS::LanguageExtensions failed with: The loop name of Fn::ForEach::L must be unique
            """)
    void brokenLoopsAreRefused(String resources, String message) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> expanded(PARAMETERS + "Resources: " + resources))
                .withMessageStartingWith(message);
    }

    @Test
    void loopsThatMakeTooMuchAreRefused() {
        String items = "[" + numbers(100) + "]";
        String loop = "{Fn::ForEach::L1: [A, " + items + ", {Fn::ForEach::L2: [B, " + items + ", {Fn::ForEach::L3: [C, "
                + items + ", {\"R${A}x${B}x${C}\": {Type: X}}]}]}]}";
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> expanded(PARAMETERS + "Resources: " + loop))
                .withMessageContaining("the loops make more than a template may hold");
    }

    private static String numbers(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(String::valueOf)
                .collect(java.util.stream.Collectors.joining(","));
    }

    @Test
    void loopsNeedTheTransform() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse("Resources: {Fn::ForEach::L: [I, [a], {}]}"))
                .withMessageStartingWith(
                        "Template format error: [/Resources/Fn::ForEach::L] resource definition is malformed");
    }
}
