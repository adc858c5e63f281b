package dev.terrane.cloudformation.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.terrane.cloudformation.template.ParameterValues.Given;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterValuesTest {
    /** An account with two subnets in one VPC, and a few SSM parameters. */
    private static final ParameterLookups ACCOUNT = new ParameterLookups() {
        @Override
        public boolean exists(String type, String value) {
            return switch (type) {
                case "AWS::EC2::Subnet::Id" -> value.equals("subnet-1") || value.equals("subnet-2");
                case "AWS::EC2::VPC::Id" -> value.equals("vpc-1");
                case "AWS::EC2::Image::Id" -> value.equals("ami-1");
                case "AWS::SSM::Parameter::Name" -> value.equals("/name");
                default -> false;
            };
        }

        @Override
        public Optional<String> stored(String name) {
            return Optional.ofNullable(Map.of("/name", "stored", "/list", "a, b", "/image", "ami-1", "/old", "ami-0")
                    .get(name));
        }

        @Override
        public List<String> all(String type) {
            return type.equals("AWS::EC2::VPC::Id") ? List.of("vpc-1", "vpc-2") : List.of();
        }

        @Override
        public List<String> attribute(String type, String value, String attribute) {
            return attribute.equals("VpcId") ? List.of("vpc-1") : List.of(value + "/" + attribute);
        }
    };

    private static Template template(String parameter) {
        return Template.parse("Resources: {Q: {Type: AWS::SQS::Queue}}\nParameters: {P: " + parameter + "}");
    }

    private static ParameterValues values(Template template, String value) {
        return ParameterValues.of(template, Map.of("P", Given.text(value)), Map.of(), ACCOUNT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {Type: String}                                          | x               | 'x'
            {Type: String, AllowedValues: [a, yes]}                 | true            | 'true'
            {Type: String, AllowedPattern: "[a-z]+"}                | abc             | 'abc'
            {Type: String, MinLength: 2, MaxLength: "3"}            | abc             | 'abc'
            {Type: Number, MinValue: -1, MaxValue: 2.5}             | 2.5             | '2.5'
            {Type: Number, AllowedValues: [1, 2]}                   | 2               | '2'
            {Type: CommaDelimitedList}                              | a, b ,c         | ['a','b','c']
            {Type: CommaDelimitedList}                              | ``              | ['']
            {Type: CommaDelimitedList, AllowedPattern: "[a-z]"}     | a,b             | ['a','b']
            {Type: List<Number>}                                    | 80,443          | ['80','443']
            {Type: List<String>}                                    | a,b             | ['a','b']
            {Type: AWS::EC2::VPC::Id}                               | vpc-1           | 'vpc-1'
            {Type: List<AWS::EC2::Subnet::Id>}                      | subnet-1,subnet-2 | ['subnet-1','subnet-2']
            {Type: AWS::SSM::Parameter::Name}                       | /name           | '/name'
            {Type: AWS::SSM::Parameter::Value<String>}              | /name           | 'stored'
            {Type: AWS::SSM::Parameter::Value<List<String>>}        | /list           | ['a','b']
            {Type: AWS::SSM::Parameter::Value<CommaDelimitedList>}  | /list           | ['a','b']
            {Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>} | /image          | 'ami-1'
            """)
    void valuesAreWhatTheirTypeMeans(String parameter, String given, String expected) {
        assertThat(values(template(parameter), given).value("P")).contains(TestEnvironment.json(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {Type: String, AllowedValues: [a, b]}              | c       | Parameter 'P' must be one of AllowedValues
            {Type: String, AllowedPattern: "[a-z]+"}           | abc1    | Parameter 'P' must match pattern [a-z]+
            {Type: String, AllowedPattern: "a", ConstraintDescription: only a} | b | Parameter P failed to satisfy constraint: only a
            {Type: String, MinLength: 3}                       | ab      | Parameter 'P' must contain at least 3 characters
            {Type: String, MaxLength: 2}                       | abc     | Parameter 'P' must contain at most 2 characters
            {Type: Number}                                     | ten     | Parameter 'P' must be a number
            {Type: Number, MinValue: 1}                        | 0       | Parameter 'P' must be a number not less than 1
            {Type: Number, MaxValue: 2.5}                      | 3       | Parameter 'P' must be a number not greater than 2.5
            {Type: List<Number>}                               | 1,x     | Parameter 'P' must be a number
            {Type: CommaDelimitedList, AllowedValues: [a]}     | a,b     | Parameter 'P' must be one of AllowedValues
            {Type: AWS::EC2::VPC::Id}                          | vpc-9   | Parameter validation failed: parameter value vpc-9 for parameter name P does not exist
            {Type: List<AWS::EC2::Subnet::Id>}                 | subnet-1,x | Parameter validation failed: parameter value x for parameter name P does not exist
            {Type: AWS::SSM::Parameter::Value<String>}         | /none   | Unable to fetch parameters [/none] from parameter store for this account.
            {Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>} | /old | Parameter validation failed: parameter value ami-0 for parameter name P does not exist
            {Type: String, AllowedPattern: "(a+)+\\\\1b"} | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | Template error: Parameter 'P' AllowedPattern takes too long to match
            """)
    void brokenConstraintsAreToldInAwsWords(String parameter, String given, String message) {
        Template template = template(parameter);
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> values(template, given))
                .withMessage(message);
    }

    @Test
    void valuesComeFromTheRequestThePreviousStackOrTheDefault() {
        Template template = Template.parse("""
                Resources: {Q: {Type: AWS::SQS::Queue}}
                Parameters:
                  A: {Type: String, Default: standard}
                  B: {Type: String}
                  C: {Type: String, NoEcho: true}
                """);
        ParameterValues values = ParameterValues.of(
                template,
                Map.of("B", Given.usePrevious(), "C", Given.text("secret")),
                Map.of("A", "old", "B", "kept"),
                ACCOUNT);
        assertThat(values.given()).isEqualTo(Map.of("A", "standard", "B", "kept", "C", "secret"));
        assertThat(values.all().values().stream().map(ParameterValues.One::shown))
                .containsExactly("standard", "kept", "****");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> ParameterValues.of(template, Map.of(), Map.of("B", "old"), ACCOUNT))
                .withMessage("Parameters: [B, C] must have values");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> ParameterValues.of(template, Map.of("X", Given.text("1")), Map.of(), ACCOUNT))
                .withMessage("Parameters: [X] do not exist in the template");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> ParameterValues.of(template, Map.of("B", Given.usePrevious()), Map.of(), ACCOUNT))
                .withMessage(
                        "Invalid input for parameter key B. Cannot specify usePreviousValue as true for a parameter key not in the previous template");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"Fn::Contains": [[a, b], !Ref Env]}                                              | false
            {"Fn::Contains": [[a, prod], !Ref Env]}                                           | true
            {"Fn::Equals": [!Ref Env, prod]}                                                  | true
            {"Fn::Not": [{"Fn::Contains": [["1", "2"], !Ref Env]}]}                           | true
            {"Fn::EachMemberEquals": [{"Fn::ValueOf": [Subnets, VpcId]}, !Ref Vpc]}           | true
            {"Fn::EachMemberEquals": [{"Fn::ValueOf": [Subnets, Tags.Team]}, !Ref Vpc]}       | false
            {"Fn::EachMemberIn": [{"Fn::ValueOf": [Subnets, VpcId]}, {"Fn::RefAll": "AWS::EC2::VPC::Id"}]} | true
            {"Fn::EachMemberIn": [!Ref Subnets, [subnet-1]]}                                  | false
            {"Fn::Contains": [{"Fn::ValueOfAll": ["AWS::EC2::VPC::Id", Tags.A]}, vpc-2/Tags.A]} | true
            {"Fn::And": [{"Fn::Equals": [a, a]}, {"Fn::Or": [{"Fn::Equals": [a, b]}, {"Fn::Equals": [a, a]}]}]} | true
            """)
    void rulesAreAsked(String asserted, boolean holds) {
        Template template = Template.parse("""
                Resources: {Q: {Type: AWS::SQS::Queue}}
                Parameters:
                  Env: {Type: String, Default: prod}
                  Vpc: {Type: AWS::EC2::VPC::Id, Default: vpc-1}
                  Subnets: {Type: List<AWS::EC2::Subnet::Id>, Default: "subnet-1,subnet-2"}
                Rules:
                  Never:
                    RuleCondition: {"Fn::Equals": [!Ref Env, other]}
                    Assertions: [{Assert: {"Fn::Equals": [a, b]}}]
                  R:
                    Assertions: [{Assert: %s, AssertDescription: it must hold}]
                """.formatted(asserted));
        if (holds) {
            assertThat(ParameterValues.of(template, Map.of(), Map.of(), ACCOUNT).all())
                    .hasSize(3);
        } else {
            assertThatExceptionOfType(TemplateException.class)
                    .isThrownBy(() -> ParameterValues.of(template, Map.of(), Map.of(), ACCOUNT))
                    .withMessageStartingWith("it must hold (line ");
        }
    }

    /** What every template of the CDK holds: an SSM parameter, and a rule over it. */
    @Test
    void theBootstrapVersionOfTheCdkIsChecked() {
        Template template = Template.parse("""
                {"Resources": {"Meta": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2"}, "Condition": "Available"}},
                 "Conditions": {"Available": {"Fn::Or": [{"Fn::Or": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "af-south-1"]}, {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}]}, {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}]}},
                 "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/old", "Description": "Version [cdk:skip]"}},
                 "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["ami-0", "2"], {"Ref": "BootstrapVersion"}]}]},
                   "AssertDescription": "CDK bootstrap stack version 6 required."}]}}}""");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> ParameterValues.of(template, Map.of(), Map.of(), ACCOUNT))
                .withMessageStartingWith("CDK bootstrap stack version 6 required.");
        assertThat(ParameterValues.of(template, Map.of("BootstrapVersion", Given.text("/name")), Map.of(), ACCOUNT)
                        .value("BootstrapVersion"))
                .contains(TestEnvironment.text("stored"));
        assertThat(Conditions.of(template, new TestEnvironment())).containsEntry("Available", true);
    }
}
