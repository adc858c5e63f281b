package dev.terrane.cloudformation.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final String QUEUE = "Resources: {Q: {Type: AWS::SQS::Queue}}\n";

    @Test
    void jsonAndYamlGiveTheSameTree() {
        Template json = Template.parse("""
                {"Description": "d", "Parameters": {"P": {"Type": "Number", "Default": 5}},
                 "Resources": {"Q": {"Type": "AWS::SQS::Queue", "DependsOn": "R", "DeletionPolicy": "Retain",
                   "Properties": {"QueueName": {"Fn::Sub": "${AWS::StackName}-q"}, "DelaySeconds": {"Ref": "P"}}},
                  "R": {"Type": "AWS::SQS::Queue"}},
                 "Outputs": {"O": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}, "Export": {"Name": "x"}}}}""");
        Template yaml = Template.parse("""
                Description: d
                Parameters:
                  P: {Type: Number, Default: 5}
                Resources:
                  Q:
                    Type: AWS::SQS::Queue
                    DependsOn: R
                    DeletionPolicy: Retain
                    Properties:
                      QueueName: !Sub ${AWS::StackName}-q
                      DelaySeconds: !Ref P
                  R:
                    Type: AWS::SQS::Queue
                Outputs:
                  O:
                    Value: !GetAtt Q.Arn
                    Export: {Name: x}
                """);
        assertThat(yaml.json()).isEqualTo(json.json());
        assertThat(yaml.resource("Q").dependsOn()).containsExactly("R");
        assertThat(yaml.resource("Q").deletionPolicy()).contains("Retain");
        assertThat(yaml.resource("Q").at()).isEqualTo(new Position(6, 5));
        assertThat(yaml.resource("Q").properties().at("DelaySeconds")).isEqualTo(new Position(11, 7));
        assertThat(json.resource("R").at().line()).isEqualTo(4);
        assertThat(yaml.parameters().values())
                .singleElement()
                .extracting(ParameterDeclaration::standard)
                .isEqualTo(Optional.of("5"));
        assertThat(yaml.outputs().values())
                .singleElement()
                .extracting(output -> output.exportName().flatMap(Value::scalar))
                .isEqualTo(Optional.of("x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            yes          | true
            Off          | false
            012          | 10
            0x1F         | 31
            1_000        | 1000
            2.50         | 2.5
            '''012'''    | \"012\"
            22:22        | \"22:22\"
            2012-10-17   | \"2012-10-17\"
            0912345      | \"0912345\"
            """)
    void yamlScalarsMeanWhatYaml11Says(String written, String json) {
        Template template = Template.parse(QUEUE + "Metadata: {V: " + written + "}");
        assertThat(template.json().at("/Metadata/V").toString()).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {\"Resources\": {                         | Template format error: JSON not well-formed. (line 1, column
            {\"Resources\": {\"A\": {}, \"A\": {}}}   | Template format error: JSON not well-formed. (line 1, column
            'Resources: {A: {Type: X}, A: {Type: Y}}' | Template format error: YAML not well-formed. (line 1, column 27): duplicate key A
            'Resources: &a {A: {Type: X}}'            | Template error: YAML aliases are not allowed in CloudFormation templates
            'Resources: *a'                           | Template error: YAML aliases are not allowed in CloudFormation templates
            'Resources: ['                            | Template format error: YAML not well-formed. (line 1, column
            'A: !Nope x'                              | Template format error: YAML not well-formed. (line 1, column 4): unknown tag !Nope
            'text'                                    | Template format error: unsupported structure.
            '[]'                                      | Template format error: unsupported structure.
            ''                                        | Template format error: unsupported structure.
            'Resources: {A: }'                        | Template format error: [/Resources/A] 'null' values are not allowed in templates
            'Resources: {? {a: b} : c}'               | Template format error: map keys must be strings; received a map instead
            'Foo: {}'                                 | Invalid template property or properties [Foo]
            'AWSTemplateFormatVersion: 2010'          | Template format error: unsupported value for AWSTemplateFormatVersion.
            'Description: []'                         | Template format error: Every Description member must be a string.
            'Description: d'                          | Template format error: At least one Resources member must be defined.
            'Resources: {}'                           | Template format error: At least one Resources member must be defined.
            'Resources: {A: b}'                       | Template format error: Any Resources member must be an object. (line 1, column 16, in A)
            'Resources: {A-B: {Type: X}}'             | Template format error: Resource name A-B is non alphanumeric.
            'Resources: {A: {}}'                      | Template format error: [/Resources/A] Every Resources object must contain a Type member.
            'Resources: {A: {Type: X, Foo: 1}}'       | Invalid template resource property 'Foo' (line 1, column 26, in A)
            'Resources: {A: {Type: X, DependsOn: {}}}' | Template format error: Every DependsOn value must be a string.
            'Resources: {A: {Type: X, DependsOn: B}}' | Template format error: Unresolved resource dependencies [B] in the Resources block of the template
            'Resources: {A: {Type: X, Condition: C}}' | Template format error: Unresolved condition dependency C in the Resources block of the template
            'Resources: {A: {Type: X, Condition: []}}' | Template format error: Every Condition member must be a string.
            'Resources: {A: {Type: X, DeletionPolicy: Keep}}' | Template format error: Unrecognized DeletionPolicy Keep for resource A
            'Resources: {A: {Type: AWS::SQS::Queue, DeletionPolicy: Snapshot}}' | Template error: resource type AWS::SQS::Queue does not support deletion policy Snapshot
            'Resources: {A: {Type: X, Properties: {P: !Ref A}}}' | Circular dependency between resources: [A]
            'Hooks: {}'                               | Template error: the Hooks section
            """)
    void brokenTemplatesAreRefused(String text, String message) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(text == null ? "" : text))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Parameters: {P: {Type: Strin}}                             | Template format error: Unrecognized parameter type: Strin
            Parameters: {P: {}}                                        | Template format error: Every Parameters object must contain a Type member.
            Parameters: {P: {Type: String, Foo: 1}}                    | Invalid template parameter property 'Foo'
            Parameters: {P: {Type: String, Default: []}}               | Template format error: Every Default member must be a string.
            Parameters: {P: {Type: String, MinValue: 1}}               | Template error: Parameter 'P' MinValue must be on a parameter of type Number
            Parameters: {P: {Type: Number, AllowedPattern: x}}         | Template error: Parameter 'P' AllowedPattern must be on a parameter of type String
            Parameters: {P: {Type: String, MinLength: 3, MaxLength: 2}} | Template error: Parameter 'P' MinLength must be less than MaxLength.
            Parameters: {P: {Type: String, AllowedPattern: "["}}       | Template error: Parameter 'P' AllowedPattern is no regular expression
            Parameters: {Q: {Type: String}}                            | Template format error: all resources and parameters must have unique names. Common name(s): [Q]
            Mappings: {M: {a: b}}                                      | Template format error: [/Mappings/M/a] Every Mappings attribute must be a map
            Mappings: {M: {a: {b: {}}}}                                | Template format error: Every Mappings attribute must be a String or a List.
            Mappings: {M: {a_b: {b: c}}}                               | Template format error: Mappings element name 'a_b' must be non-empty
            Conditions: {C: yes}                                       | Template format error: Conditions can only be boolean operations on parameters and other conditions
            Conditions: {C: !Equals [!Ref Q, x]}                       | Template format error: Unresolved dependencies [Q]. Cannot reference resources in the Conditions block of the template
            Conditions: {C: !Not [!Condition D]}                       | Template error: unresolved condition dependency D in Condition
            Conditions: {C: !Not [!Condition D], D: !Not [!Condition C]} | Template error: Found circular condition dependency between [C, D]
            Conditions: {C: !Equals [!ImportValue x, y]}               | Template error: Cannot use Fn::ImportValue in Conditions.
            Conditions: {C: !And [!Equals [a, b]]}                     | Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.
            Outputs: {O: {Value: []}}                                  | Template format error: The Value field of every Outputs member must evaluate to a String.
            Outputs: {O: {Description: d}}                             | Template format error: Every Outputs member must contain a Value object
            Outputs: {O: {Value: v, Foo: 1}}                           | Invalid template output property 'Foo'
            Outputs: {O: {Value: v, Export: {}}}                       | Template format error: Output O is malformed. The Name field of every Export member must be specified
            Outputs: {O: {Value: v, Export: {Name: !Ref Q}}}           | Template format error: Output O is malformed. The Name field of every Export member must not depend on any resources
            Outputs: {O: {Value: {Fn::GetStackOutput: {StackName: s}}}} | Template error: every Fn::GetStackOutput object requires StackName and OutputName
            Outputs: {O: {Value: v, Condition: C}}                     | Template format error: Unresolved condition dependency C in the Outputs block of the template
            Outputs: {O: {Value: !Ref N}}                              | Template format error: Unresolved resource dependencies [N] in the Outputs block of the template
            Outputs: {O: {Value: !GetAtt N.Arn}}                       | Template error: instance of Fn::GetAtt references undefined resource N (line 2, column
            Outputs: {O: {Value: !GetAtt Q.Foo}}                       | Template error: resource Q does not support attribute type Foo in Fn::GetAtt
            Outputs: {O: {Value: !GetAtt Q}}                           | Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute
            Outputs: {O: {Value: !Sub "${N}"}}                         | Template format error: Unresolved resource dependencies [N] in the Outputs block of the template
            Outputs: {O: {Value: !Sub "${N.Arn}"}}                     | Template error: instance of Fn::Sub references invalid resource attribute N.Arn
            Outputs: {O: {Value: !Sub "${a-b}"}}                       | Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons
            Outputs: {O: {Value: !Sub [a]}}                            | Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments.
            Outputs: {O: {Value: !If [C, a, b]}}                       | Template error: unresolved condition dependency C in Fn::If
            Outputs: {O: {Value: !FindInMap [M, a, b]}}                | Template error: Mapping named 'M' is not present in the 'Mappings' section of template.
            Outputs: {O: {Value: !Join [a]}}                           | Template error: every Fn::Join object requires two parameters, (1) a string delimiter
            Outputs: {O: {Value: !Split [a]}}                          | Template error: every Fn::Split object requires two parameters
            Outputs: {O: {Value: {Fn::Foo: a}}}                        | Template error: Encountered unsupported function: Fn::Foo Supported functions are: [
            Outputs: {O: {Value: !Length [a]}}                         | Template error: Fn::Length requires the transform AWS::LanguageExtensions
            Outputs: {O: {Value: !Equals [a, b]}}                      | Template error: Fn::Equals is supported in Conditions and Rules only
            Outputs: {O: {Value: !ImportValue {Ref: Q}}}               | Template error: the attribute in Fn::ImportValue must not depend on any resources
            Rules: {R: {Foo: 1}}                                       | Invalid template rule property 'Foo'
            Rules: {R: {Assertions: [{Assert: {"Fn::Equals": [!Ref Q, a]}}]}} | Template format error: Unresolved dependencies [Q]. Cannot reference resources in the Rules block
            """)
    void brokenSectionsAreRefused(String section, String message) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(QUEUE + section))
                .withMessageStartingWith(message);
    }

    @Test
    void limitsAreThoseOfAws() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(many("Resources", 501, "{Type: AWS::SQS::Queue}")))
                .withMessageStartingWith(
                        "Template format error: Number of resources, 501, is greater than maximum allowed, 500");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(QUEUE + many("Parameters", 201, "{Type: String}")))
                .withMessageStartingWith(
                        "Template format error: Number of parameters, 201, is greater than maximum allowed, 200");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(QUEUE + "Description: " + "d".repeat(1025)))
                .withMessageStartingWith("Template format error: 'Description' length is greater than 1024");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(" ".repeat(1_000_001)))
                .withMessageStartingWith("Template may not exceed 1000000 bytes in size.");
        assertThat(Template.parse(many("Resources", 500, "{Type: AWS::SQS::Queue}"))
                        .resources())
                .hasSize(500);
    }

    @ParameterizedTest
    @CsvSource({
        "AWS::SQS::Queue, DelaySeconds, true",
        "AWS::SQS::Queue, Arn, true",
        "AWS::EC2::VPC, CidrBlockAssociations, true",
        "AWS::S3::Bucket, Arn, true",
        "AWS::S3::Bucket, BucketName, false",
        "AWS::CloudFormation::Stack, Outputs.Any, true",
        "AWS::CloudFormation::CustomResource, Any, true",
        "Custom::Thing, Any.Thing, true",
    })
    void attributesAreThoseOfTheType(String type, String attribute, boolean there) {
        String text = "Resources: {R: {Type: " + type + "}}\nOutputs: {O: {Value: !GetAtt R." + attribute + "}}";
        if (there) {
            assertThat(Template.parse(text).outputs()).hasSize(1);
        } else {
            assertThatExceptionOfType(TemplateException.class)
                    .isThrownBy(() -> Template.parse(text))
                    .withMessageStartingWith("Template error: resource R does not support attribute type " + attribute
                            + " in Fn::GetAtt (line 2, column");
        }
    }

    private static String many(String section, int count, String value) {
        StringBuilder text = new StringBuilder(section + ":\n");
        for (int i = 0; i < count; i++) {
            text.append("  N").append(i).append(": ").append(value).append('\n');
        }
        return text.toString();
    }

    @Test
    void whatATransformHasYetToMakeIsNotChecked() {
        Template template = Template.parse("""
                Transform: AWS::Serverless-2016-10-31
                Globals: {Function: {Timeout: 5}}
                Parameters: {P: {Type: String}}
                Resources:
                  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
                  Q: {Type: AWS::SQS::Queue}
                """);
        assertThat(template.expanded()).isFalse();
        assertThat(template.transforms())
                .singleElement()
                .extracting(TransformCall::name)
                .isEqualTo("AWS::Serverless-2016-10-31");
        assertThat(template.resources()).containsOnlyKeys("Q");
        assertThat(template.parameters()).containsOnlyKeys("P");
    }

    @Test
    void resourcesComeAfterWhatTheyNeed() {
        Template template = Template.parse("""
                Conditions: {Never: !Equals [a, b]}
                Resources:
                  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${B}-${C.QueueName}"}}
                  B: {Type: AWS::SQS::Queue, DependsOn: [D, Gone]}
                  C: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt B.QueueName}}
                  D: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [Never, !Ref Gone, x]}}
                  Gone: {Type: AWS::SQS::Queue, Condition: Never}
                """);
        Dependencies dependencies = Dependencies.of(template, Conditions.of(template, new TestEnvironment()));
        assertThat(dependencies.order()).containsExactly("D", "B", "C", "A");
        assertThat(dependencies.needs().get("A")).containsExactlyInAnyOrder("B", "C");
        assertThat(dependencies.neededBy().get("B")).containsExactlyInAnyOrder("A", "C");
    }

    @Test
    void circlesAndResourcesThatDoNotExistAreRefused() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse("""
                        Resources:
                          Before: {Type: X, DependsOn: A}
                          A: {Type: X, DependsOn: B}
                          B: {Type: X, Properties: {P: [{Q: !GetAtt C.Arn}]}}
                          C: {Type: X, Properties: {P: !Sub ["${V}", {V: !Ref A}]}}
                          After: {Type: X}
                        """))
                .withMessageStartingWith("Circular dependency between resources: [A, B, C]");
        Template template = Template.parse("""
                Conditions: {Never: !Equals [a, b]}
                Resources:
                  A: {Type: X, Properties: {P: !Ref Gone}}
                  Gone: {Type: X, Condition: Never}
                """);
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Dependencies.of(template, Map.of("Never", false)))
                .withMessageStartingWith(
                        "Template format error: Unresolved resource dependencies [Gone] in the Resources block of the template");
        assertThat(Dependencies.of(template, Map.of("Never", true)).order()).containsExactly("Gone", "A");
    }

    @Test
    void depthIsBounded() {
        String deep = String.join("", Collections.nCopies(5000, "["));
        for (String text : new String[] {"{\"a\": " + deep, "a: " + deep, "a: " + "{b: ".repeat(3000)}) {
            assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> Template.parse(text));
        }
    }
}
