package dev.terrane.cloudformation.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EvaluatorTest {
    private static final String HEAD = """
            Transform: AWS::LanguageExtensions
            Parameters:
              Env: {Type: String}
              Size: {Type: Number}
              Subnets: {Type: CommaDelimitedList}
            Mappings:
              Regions:
                us-east-1: {Ami: ami-east, Zones: [a, b], Size: 2}
            Conditions:
              Production: !Equals [!Ref Env, prod]
              Small: !Not [!Equals [!Ref Size, 10]]
              Both: !And [!Condition Production, !Condition Small]
              Either: !Or [!Condition Production, !Condition Small]
              East: !Equals [!FindInMap [Regions, !Ref AWS::Region, Ami], ami-east]
              First: !Equals [!Select [0, !Split ["-", !Join ["-", !Ref Subnets]]], s1]
            Resources:
              Known: {Type: Custom::X}
              Later: {Type: Custom::X}
              R:
                Type: Custom::X
                Properties:
                  P:\s""";

    private static final TestEnvironment ENVIRONMENT = environment();

    private static TestEnvironment environment() {
        TestEnvironment environment = new TestEnvironment();
        environment.parameters.put("Env", TestEnvironment.text("dev"));
        environment.parameters.put("Size", TestEnvironment.text("3"));
        environment.parameters.put("Subnets", TestEnvironment.json("['s1','s2']"));
        environment.unknown.add("Later");
        return environment;
    }

    private static Evaluator evaluator(String text) {
        Template template = Template.processed(text);
        return new Evaluator(template, ENVIRONMENT, Conditions.of(template, ENVIRONMENT));
    }

    private static JsonNode evaluated(String value) {
        return evaluator(HEAD + value + "\n").properties("R").path("P");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            !Ref Env                                        | 'dev'
            !Ref Subnets                                    | ['s1','s2']
            !Ref Known                                      | 'Known-id'
            !Ref AWS::AccountId                             | '123456789012'
            !Ref AWS::Region                                | 'us-east-1'
            !Ref AWS::Partition                             | 'aws'
            !Ref AWS::StackName                             | 'app'
            !Ref AWS::StackId                               | 'stack-id'
            !Ref AWS::URLSuffix                             | 'amazonaws.com'
            !Ref AWS::NotificationARNs                      | ['topic-1','topic-2']
            {a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, 1]} | {'b':[1]}
            !GetAtt Known.Arn                               | 'Known-Arn'
            !GetAtt Known.A.B                               | 'Known-A.B'
            {"Fn::GetAtt": [Known, !Ref Env]}               | 'Known-dev'
            !Sub "${Env}-${Known}-${Known.Arn}-${!Env}-$x"  | 'dev-Known-id-Known-Arn-${Env}-$x'
            !Sub ["${A}${Env}", {A: !Ref Size}]             | '3dev'
            !Sub "${Env"                                    | '${Env'
            !Join [";", [a, !Ref Env, 1]]                   | 'a;dev;1'
            !Join ["", ["", ""]]                            | ''
            !Join [",", ["", a]]                            | ',a'
            !Join [",", !Ref Subnets]                       | 's1,s2'
            !Join [",", [a, !Ref AWS::NoValue]]             | 'a'
            !Select [1, !Ref Subnets]                       | 's2'
            !Select ["0", [a, b]]                           | 'a'
            !Select [0, [a, !Ref Later]]                    | 'a'
            !Split [",", "a,,b,"]                           | ['a','','b','']
            !Split [".", a.b]                               | ['a','b']
            !FindInMap [Regions, !Ref AWS::Region, Ami]     | 'ami-east'
            !FindInMap [Regions, us-east-1, Zones]          | ['a','b']
            !FindInMap [Regions, us-east-1, Size]           | 2
            !FindInMap [Regions, eu-west-1, Ami, {DefaultValue: !Ref Env}] | 'dev'
            !ImportValue {"Fn::Sub": "${Env}-x"}            | 'exported-dev-x'
            {Fn::GetStackOutput: {StackName: !Ref Env, OutputName: o}}                         | 'dev/o/-'
            {Fn::GetStackOutput: {StackName: s, OutputName: o, Region: !Ref AWS::Region}}      | 's/o/us-east-1'
            {Fn::GetStackOutput: {StackName: !Ref Later, OutputName: o}}                       | '{{changeSet:KNOWN_AFTER_APPLY}}'
            !If [Production, a, b]                          | 'b'
            !If [Small, a, b]                               | 'a'
            !If [Both, a, b]                                | 'b'
            !If [Either, a, b]                              | 'a'
            !If [East, a, b]                                | 'a'
            !If [First, a, b]                               | 'a'
            {k: !If [Production, a, !Ref AWS::NoValue]}     | {}
            !Base64 Grüße                                   | 'R3LDvMOfZQ=='
            !Base64 {"Fn::Sub": "${Env}"}                   | 'ZGV2'
            !GetAZs ""                                      | ['us-east-1a','us-east-1b']
            !GetAZs {Ref: AWS::Region}                      | ['us-east-1a','us-east-1b']
            !GetAZs eu-west-1                               | ['eu-west-1a','eu-west-1b']
            !Cidr [192.168.0.0/24, 3, 5]                    | ['192.168.0.0/27','192.168.0.32/27','192.168.0.64/27']
            !Cidr [10.0.7.9/16, "2", "8"]                   | ['10.0.0.0/24','10.0.1.0/24']
            !Cidr ["2600:1f18:abc:de00::/56", 2, 64]        | ['2600:1f18:abc:de00::/64','2600:1f18:abc:de01::/64']
            !Length [a, !Ref Env]                           | 2
            !Length {Ref: Subnets}                          | 2
            !ToJsonString {a: !Ref Env, b: [1, true]}       | '{\\"a\\":\\"dev\\",\\"b\\":[1,true]}'
            [1, 2.5, true, x]                               | [1,2.5,true,'x']
            !Ref Later                                      | '{{changeSet:KNOWN_AFTER_APPLY}}'
            !Sub "${Env}-${Later}"                          | '{{changeSet:KNOWN_AFTER_APPLY}}'
            !Join [",", [a, !GetAtt Later.Arn]]             | '{{changeSet:KNOWN_AFTER_APPLY}}'
            !Select [0, !Split [",", !GetAtt Later.List]]   | '{{changeSet:KNOWN_AFTER_APPLY}}'
            !Base64 {Ref: Later}                            | '{{changeSet:KNOWN_AFTER_APPLY}}'
            !ToJsonString {a: !Ref Later}                   | '{{changeSet:KNOWN_AFTER_APPLY}}'
            {a: !Ref Later, b: !Ref Env}                    | {'a':'{{changeSet:KNOWN_AFTER_APPLY}}','b':'dev'}
            "{{resolve:ssm:/a/b:3}}"                        | 'SSM//a/b/3//'
            "x-{{resolve:ssm:name}}-y"                      | 'x-SSM/name///-y'
            !Sub "{{resolve:secretsmanager:${Env}:SecretString:key}}" | 'SECRETS_MANAGER/dev//key/'
            "{{resolve:secretsmanager:name}}"               | 'SECRETS_MANAGER/name///'
            "{{resolve:secretsmanager:arn:aws:secretsmanager:r:1:secret:n-x:SecretString:k:AWSPREVIOUS}}" | 'SECRETS_MANAGER/arn:aws:secretsmanager:r:1:secret:n-x//k/AWSPREVIOUS'
            "{{resolve:secretsmanager:n:SecretString:::v}}" | 'SECRETS_MANAGER/n/v//'
            """)
    void functionsGiveWhatAwsDocuments(String value, String expected) {
        assertThat(evaluated(value)).isEqualTo(TestEnvironment.json(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            !Select [2, [a, b]]                 | Template error: Fn::Select cannot select nonexistent value at index 2
            !Select [x, [a, b]]                 | Template error: Fn::Select requires a list argument with two elements: an integer index and a list
            !Select [0, !Ref Env]               | Template error: Fn::Select requires a list
            !FindInMap [Regions, eu-west-1, Ami] | Template error: Unable to get mapping for Regions::eu-west-1::Ami
            !ImportValue missing                | No export named missing found.
            !Sub "${Subnets}"                   | Template error: every value of the context object of every Fn::Sub object must be a string or a function that returns a string
            !Join [",", [{a: b}]]               | Template error: every item of the list of Fn::Join must be a string
            !Cidr [10.0.0.0/24, 9, 5]           | Template error: Fn::Cidr: 9 blocks of 5 bits do not fit into 10.0.0.0/24
            !Cidr [10.0.0.0/24, 0, 5]           | Template error: Fn::Cidr: the count must be a number from 1 to 256
            !Cidr [10.0.0/24, 1, 5]             | Template error: Fn::Cidr: the IP block 10.0.0/24 is not of CIDR notation
            "{{resolve:ssm-secure:a:1}}"        | SSM Secure reference is not supported in: [P]
            "{{resolve:ssm:a:b}}"               | Incorrect format is used in the following SSM reference: [{{resolve:ssm:a:b}}]
            "{{resolve:secretsmanager:a:Binary}}" | Incorrect format is used in the following Secrets Manager reference:
            "{{resolve:vault:a}}"               | Template error: Unknown service in dynamic reference: [{{resolve:vault:a}}]
            """)
    void whatCannotBeEvaluatedIsRefused(String value, String message) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> evaluated(value))
                .withMessageStartingWith(message);
    }

    @Test
    void errorsTellThePlace() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> evaluated("!Select [2, [a, b]]"))
                .withMessageEndingWith(" (line 22, column 10, in R)");
    }

    @Test
    void secureReferencesAreResolvedWhereAPropertyTakesThem() {
        Evaluator evaluator = evaluator("""
                Resources:
                  U:
                    Type: AWS::IAM::User
                    Properties: {LoginProfile: {Password: "{{resolve:ssm-secure:a:1}}"}}
                """);
        assertThat(evaluator.properties("U").at("/LoginProfile/Password").asString())
                .isEqualTo("SSM_SECURE/a/1//");
        assertThat(evaluator
                        .unresolvedProperties("U")
                        .at("/LoginProfile/Password")
                        .asString())
                .isEqualTo("{{resolve:ssm-secure:a:1}}");
    }

    @Test
    void outputsAreThoseWhoseConditionsHold() {
        Evaluator evaluator = evaluator(HEAD + """
                x
                Outputs:
                  A: {Value: !Ref Known, Description: d, Export: {Name: !Sub "${AWS::StackName}-a"}}
                  B: {Value: b, Condition: Production}
                  C: {Value: !Ref Size}
                """);
        assertThat(evaluator.outputs())
                .containsExactly(
                        new Evaluator.Output("A", "Known-id", "d", java.util.Optional.of("app-a")),
                        new Evaluator.Output("C", "3", "", java.util.Optional.empty()));
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> evaluator(HEAD + "x\nOutputs: {A: {Value: !Ref Subnets}}")
                        .outputs())
                .withMessageStartingWith(
                        "Template format error: The Value field of every Outputs member must evaluate to a String.");
    }

    @Test
    void textThatGrowsWithoutEndIsRefused() {
        String nested = "x";
        for (int i = 0; i < 40; i++) {
            nested = "!ToJsonString [" + nested + ", '\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"']";
        }
        String value = nested;
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> evaluated(value))
                .withMessageStartingWith("Template error: the functions of the template make more than");
    }
}
