package dev.terrane.cloudformation.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceTypes;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever text is taken for a template: either it is one, or a {@link TemplateException} says why it is none. */
class RandomTemplateTest {
    private static final String WHOLE = """
            AWSTemplateFormatVersion: 2010-09-09
            Transform: [AWS::LanguageExtensions]
            Description: d
            Metadata: {a: {b: [1, 2]}}
            Parameters:
              Env: {Type: String, Default: dev, AllowedValues: [dev, prod], AllowedPattern: "[a-z]+", MinLength: 1}
              Size: {Type: Number, Default: 3, MinValue: 1, MaxValue: 1e3}
              List: {Type: CommaDelimitedList, Default: "a,b"}
            Mappings: {M: {us-east-1: {A: x, B: [y, z]}}}
            Conditions:
              P: !Equals [!Ref Env, prod]
              Q: !And [!Not [!Condition P], !Or [!Condition P, !Equals [!FindInMap [M, !Ref AWS::Region, A], x]]]
            Rules: {R: {RuleCondition: !Equals [a, b], Assertions: [{Assert: !Contains [[a], a], AssertDescription: d}]}}
            Resources:
              Fn::ForEach::L: [N, !Ref List, {"A${N}": {Type: Custom::X, Properties: {V: !Sub "${N}-${Env}"}}}]
              B:
                Type: AWS::SQS::Queue
                DependsOn: [C]
                DeletionPolicy: !If [P, Retain, Delete]
                Properties:
                  QueueName: !Join ["-", [!Ref Env, !Select [0, !Split [",", "a,b"]], !Base64 x]]
                  Tags: [{Key: k, Value: !Sub ["${V}${C.Arn}", {V: !GetAtt C.Arn}]}, !If [P, {Key: a, Value: b}, !Ref AWS::NoValue]]
                  RedrivePolicy: {deadLetterTargetArn: !GetAtt C.Arn, n: !Length [1, 2], s: !ToJsonString {a: b}}
              C: {Type: AWS::SQS::Queue, Condition: Q, Properties: {QueueName: "{{resolve:ssm:a:1}}", DelaySeconds: 5}}
            Outputs:
              O: {Value: !Select [1, !Cidr [10.0.0.0/16, 2, 8]], Export: {Name: !Sub "${AWS::StackName}-o"}, Condition: Q}
              I: {Value: !ImportValue x}
              Z: {Value: !Select [0, !GetAZs ""]}
            """;

    private static final String SERVERLESS = """
            Transform: AWS::Serverless-2016-10-31
            Globals: {Function: {Runtime: python3.12, Layers: [a], Environment: {Variables: {A: b}}}}
            Resources:
              Fn:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: s3://b/k
                  AutoPublishAlias: live
                  Policies: [A, {Statement: []}]
                  DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
                  Events:
                    Q: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
                    S: {Type: Schedule, Properties: {Schedule: rate(1 day), Input: x}}
                    T: {Type: SNS, Properties: {Topic: t}}
              Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: {Bucket: b, Key: k}}}
              Table: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: a, Type: String}, Tags: {a: b}}}
              App: {Type: AWS::Serverless::Application, Properties: {Location: l}}
              Queue: {Type: AWS::SQS::Queue, DependsOn: [Table]}
            Outputs: {A: {Value: !Ref Fn.Alias}, L: {Value: !Sub ["${Layer}", {X: !Ref Layer}]}}
            """;

    private static final List<String> PIECES = List.of(
            "!Ref ",
            "!Sub ",
            "!GetAtt ",
            "!If ",
            "!Join ",
            "!Select ",
            "!FindInMap ",
            "!Split ",
            "Fn::Transform: ",
            "Fn::ForEach::L: ",
            "{",
            "}",
            "[",
            "]",
            ",",
            ": ",
            "\n",
            "  ",
            "'",
            "\"",
            "${",
            "}",
            "&a ",
            "*a ",
            "!!binary ",
            "null",
            "~",
            "1e999999999",
            "-0",
            "0x",
            ".inf",
            "true",
            "Ref",
            "AWS::NoValue",
            "{{resolve:ssm:",
            "}}",
            "\\",
            "\t",
            "\u0000",
            "\uD83D",
            "\uFEFF",
            "<<: ",
            "? ",
            "- ",
            "| ",
            "> ",
            "%",
            "@",
            "A",
            "Type: ",
            "Condition: ",
            "[]",
            "{}",
            "''",
            "99999999999999999999",
            "::",
            "/",
            "&{N}",
            "${N}",
            "${!x}");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noTextMakesAnythingButADocumentedError(long seed) {
        Random random = new Random(seed);
        String json = Template.parse(WHOLE).json().toString();
        int right = 0;
        for (int i = 0; i < 600; i++) {
            String text = changed(i % 3 == 0 ? json : i % 3 == 1 ? SERVERLESS : WHOLE, random);
            try {
                handled(text);
                right++;
            } catch (TemplateException documented) {
                assertThat(documented.getMessage()).isNotEmpty();
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ", round " + i + ":\n" + text, e);
            }
        }
        assertThat(right).isPositive();
    }

    private static String changed(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(4)) {
                case 0 -> changed.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> changed.delete(at, Math.min(changed.length(), at + 1 + random.nextInt(6)));
                case 2 -> {
                    int from = random.nextInt(changed.length());
                    changed.insert(at, changed.substring(from, Math.min(changed.length(), from + random.nextInt(40))));
                }
                default -> changed.setCharAt(at, (char) (32 + random.nextInt(96)));
            }
        }
        return changed.toString();
    }

    /** All that a stack operation does with a template before it makes anything. */
    private static void handled(String text) {
        Template given = Template.parse(text);
        TemplateSummary.of(given);
        ParameterValues values = ParameterValues.of(given, Map.of(), Map.of(), ParameterLookups.NONE);
        TestEnvironment environment = new TestEnvironment();
        values.all().forEach((name, one) -> environment.parameters.put(name, one.value()));
        environment.unknown.add("C");
        Template template = new Transforms(List.of(
                        new LanguageExtensionsTransform(),
                        new ServerlessTransform(),
                        new IncludeTransform(uri -> "a: b")))
                .expanded(given, environment);
        Map<String, Boolean> conditions = Conditions.of(template, environment);
        Dependencies dependencies = Dependencies.of(template, conditions);
        Evaluator evaluator = new Evaluator(template, environment, conditions);
        dependencies.order().forEach(evaluator::properties);
        evaluator.outputs();
        SchemaCheck schemas = new SchemaCheck(types());
        schemas.check(template);
        dependencies.order().forEach(id -> schemas.normalized(template.resource(id), evaluator.properties(id)));
    }

    /** All types that have a schema, with all of their properties. */
    private static ResourceTypes types() {
        ResourceTypes types = new ResourceTypes();
        for (String name :
                List.of("AWS::SQS::Queue", ResourceSchema.CUSTOM, "AWS::SNS::Subscription", "AWS::Events::Rule")) {
            types.add(new SchemaCheckTest.Declared(
                    name, ResourceSchema.of(name).orElseThrow().properties().keySet(), Set.of()));
        }
        for (String name : List.of("AWS::Lambda::Function", "AWS::DynamoDB::Table")) {
            types.add(new SchemaCheckTest.Declared(name, Set.of(), Set.of()));
        }
        return types;
    }
}
