package dev.terrane.kernel.policy;

import static dev.terrane.kernel.policy.Scenario.allow;
import static dev.terrane.kernel.policy.Scenario.allowIf;
import static dev.terrane.kernel.policy.Scenario.byUser;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Condition operators. From docs.aws.amazon.com/IAM/latest/UserGuide/: reference_policies_elements_condition_operators.html,
 * reference_policies_condition-single-vs-multi-valued-context-keys.html, reference_policies_variables.html.
 */
class ConditionTest {
    /** A condition, the values of the key {@code test:Key} (none: absent), and whether it holds. */
    private static Arguments row(String condition, boolean holds, String... values) {
        return Arguments.of(condition, values, holds);
    }

    private static String on(String operator, String values) {
        return "{'" + operator + "':{'test:key':" + values + "}}";
    }

    /** reference_policies_elements_condition_operators.html#Conditions_String */
    static Stream<Arguments> strings() {
        return Stream.of(
                row(on("StringEquals", "'a'"), true, "a"),
                row(on("StringEquals", "'a'"), false, "A"),
                row(on("StringEquals", "['b','a']"), true, "a"),
                row(on("StringEquals", "'a*'"), false, "ab"),
                row(on("StringEquals", "'a'"), false),
                row(on("StringNotEquals", "'a'"), false, "a"),
                row(on("StringNotEquals", "['a','b']"), false, "b"),
                row(on("StringNotEquals", "['a','b']"), true, "c"),
                row(on("StringNotEquals", "'a'"), true),
                row(on("StringEqualsIgnoreCase", "'aBc'"), true, "AbC"),
                row(on("StringNotEqualsIgnoreCase", "'aBc'"), false, "AbC"),
                row(on("StringLike", "'a*c?'"), true, "abbcd"),
                row(on("StringLike", "'a*c?'"), false, "abbc"),
                row(on("StringLike", "'*'"), false),
                row(on("StringLike", "'a${*}'"), true, "a*"),
                row(on("StringLike", "'a${*}'"), false, "ab"),
                row(on("StringLike", "'${?}${$}'"), true, "?$"),
                row(on("StringNotLike", "'a*'"), false, "ab"),
                row(on("StringNotLike", "'a*'"), true, "b"));
    }

    /** …#Conditions_Numeric, …#Conditions_Date */
    static Stream<Arguments> numbersAndDates() {
        return Stream.of(
                row(on("NumericEquals", "10"), true, "10.0"),
                row(on("NumericEquals", "'10'"), false, "11"),
                row(on("NumericEquals", "'10'"), false, "ten"),
                row(on("NumericNotEquals", "'10'"), true, "11"),
                row(on("NumericLessThan", "'10'"), true, "9"),
                row(on("NumericLessThan", "'10'"), false, "10"),
                row(on("NumericLessThanEquals", "'10'"), true, "10"),
                row(on("NumericGreaterThan", "'10'"), false, "10"),
                row(on("NumericGreaterThan", "'10'"), true, "10.5"),
                row(on("NumericGreaterThanEquals", "'10'"), true, "10"),
                row(on("DateEquals", "'2026-01-01T00:00:00Z'"), true, "1767225600"),
                row(on("DateNotEquals", "'2026-01-01'"), false, "2026-01-01T00:00:00Z"),
                row(on("DateLessThan", "'2026-01-01T00:00:00Z'"), true, "2025-12-31T23:59:59Z"),
                row(on("DateLessThanEquals", "'2026-01-01T00:00:00Z'"), true, "2026-01-01T01:00:00+01:00"),
                row(on("DateGreaterThan", "'2026-01-01T00:00:00Z'"), false, "2026-01-01T00:00:00Z"),
                row(on("DateGreaterThan", "'2026-01-01T00:00:00Z'"), true, "2026-01-01T00:00:00.001Z"),
                row(on("DateGreaterThanEquals", "1767225600"), true, "2026-01-01T00:00:00Z"),
                row(on("DateGreaterThanEquals", "'2026-01-01T00:00:00Z'"), false));
    }

    /** …#Conditions_Boolean, …#Conditions_BinaryEquals, …#Conditions_Null */
    static Stream<Arguments> truth() {
        return Stream.of(
                row(on("Bool", "'true'"), true, "true"),
                row(on("Bool", "true"), true, "true"),
                row(on("Bool", "'false'"), false, "true"),
                row(on("Bool", "'false'"), false),
                row(on("BoolIfExists", "'true'"), true),
                row(on("BoolIfExists", "'true'"), false, "false"),
                row(on("BinaryEquals", "'QmluYXJ5'"), true, "QmluYXJ5"),
                row(on("BinaryEquals", "'QmluYXJ5'"), false, "QmluYXJz"),
                row(on("Null", "'true'"), true),
                row(on("Null", "'true'"), false, "x"),
                row(on("Null", "'false'"), true, "x"),
                row(on("Null", "false"), false));
    }

    /** …#Conditions_IPAddress */
    static Stream<Arguments> addresses() {
        return Stream.of(
                row(on("IpAddress", "'203.0.113.0/24'"), true, "203.0.113.77"),
                row(on("IpAddress", "'203.0.113.0/24'"), false, "203.0.114.77"),
                row(on("IpAddress", "'203.0.113.7'"), true, "203.0.113.7"),
                row(on("IpAddress", "'0.0.0.0/0'"), true, "8.8.8.8"),
                row(on("IpAddress", "'0.0.0.0/0'"), false, "::1"),
                row(on("IpAddress", "'203.0.113.128/25'"), false, "203.0.113.127"),
                row(on("IpAddress", "['203.0.113.0/24','2001:db8:1234:5678::/64']"), true, "2001:DB8:1234:5678::1"),
                row(on("IpAddress", "'2001:db8:1234:5678::/64'"), false, "2001:db8:1234:5679::1"),
                row(on("IpAddress", "'10.0.0.0/8'"), true, "::ffff:10.1.2.3"),
                row(on("IpAddress", "'10.0.0.0/8'"), false, "cloudformation.amazonaws.com"),
                row(on("NotIpAddress", "'10.0.0.0/8'"), false, "10.1.2.3"),
                row(on("NotIpAddress", "'10.0.0.0/8'"), true, "11.1.2.3"));
    }

    /** …#Conditions_ARN */
    static Stream<Arguments> arns() {
        String topic = "arn:aws:sns:eu-west-1:111122223333:news";
        return Stream.of(
                row(on("ArnEquals", "'" + topic + "'"), true, topic),
                row(on("ArnLike", "'arn:aws:sns:*:*:new*'"), true, topic),
                row(on("ArnEquals", "'arn:aws:sns:*:111122223333:*'"), true, topic),
                row(on("ArnLike", "'arn:aws:sns:*:news'"), false, topic),
                row(on("ArnLike", "'arn:aws:sns:*:*'"), false, topic),
                row(on("ArnLike", "'arn:aws:sns:*:*:*'"), false, "not an ARN"),
                row(on("ArnNotLike", "'arn:aws:sns:*:*:*'"), false, topic),
                row(on("ArnNotEquals", "'" + topic + "'"), true, topic + "s"),
                row(on("ArnLikeIfExists", "'" + topic + "'"), true));
    }

    /** …#Conditions_IfExists and reference_policies_condition-single-vs-multi-valued-context-keys.html */
    static Stream<Arguments> sets() {
        return Stream.of(
                row(on("StringEqualsIfExists", "'a'"), true),
                row(on("StringEqualsIfExists", "'a'"), false, "b"),
                row(on("ForAllValues:StringEquals", "['a','b']"), true, "a", "b"),
                row(on("ForAllValues:StringEquals", "['a','b']"), false, "a", "c"),
                row(on("ForAllValues:StringEquals", "['a','b']"), true),
                row(on("ForAnyValue:StringEquals", "['a','b']"), true, "c", "b"),
                row(on("ForAnyValue:StringEquals", "['a','b']"), false, "c"),
                row(on("ForAnyValue:StringEquals", "['a','b']"), false),
                row(on("ForAnyValue:StringEqualsIfExists", "['a','b']"), true),
                row(on("ForAllValues:StringNotEquals", "['a','b']"), true, "c", "d"),
                row(on("ForAllValues:StringNotEquals", "['a','b']"), false, "c", "a"),
                row(on("ForAnyValue:StringNotEquals", "['a','b']"), true, "a", "c"),
                row(on("ForAnyValue:StringNotEquals", "['a','b']"), false, "a", "b"),
                row(on("ForAllValues:StringLike", "'team-*'"), true, "team-a", "team-b"),
                row("{'StringEquals':{'test:key':'a','test:other':'b'}}", false, "a"),
                row("{'StringEquals':{'test:key':'a'},'StringLike':{'test:key':'a*'}}", true, "a"));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource({"strings", "numbersAndDates", "truth", "addresses", "arns", "sets"})
    void holdsAsDocumented(String condition, String[] values, boolean holds) {
        Scenario scenario = byUser().identity(allowIf(condition));
        if (values.length > 0) {
            scenario = scenario.with("Test:KEY", values);
        }
        assertThat(scenario.decision().allowed()).isEqualTo(holds);
    }

    /** reference_policies_variables.html */
    @Test
    void variablesStandForTheRequestsValues() {
        Scenario home = byUser().doing("s3:GetObject")
                .on("arn:aws:s3:::homes/alice/x")
                .identity(allow("s3:*", "arn:aws:s3:::homes/${aws:username}/*"));
        assertThat(home.with("aws:username", "alice").decision().allowed()).isTrue();
        assertThat(home.with("aws:username", "bob").decision().allowed()).isFalse();
        assertThat(home.decision().allowed()).as("without a value").isFalse();
        assertThat(home.with("aws:username", "*").decision().allowed())
                .as("a value is no pattern")
                .isFalse();
        assertThat(home.with("aws:username", "alice", "bob").decision().allowed())
                .as("a key of many values")
                .isFalse();
    }

    @Test
    void variablesHaveDefaults() {
        Scenario team = byUser().on("arn:aws:sqs:eu-west-1:111122223333:company-wide")
                .identity(allow("sqs:*", "arn:aws:sqs:*:*:${aws:PrincipalTag/team, \\u0027company-wide\\u0027}"));
        assertThat(team.decision().allowed()).isTrue();
        assertThat(team.with("aws:PrincipalTag/team", "yellow").decision().allowed())
                .isFalse();
    }

    @Test
    void variablesCompareKeysWithEachOther() {
        Scenario own = byUser().identity(allowIf("{'StringEquals':{'aws:ResourceTag/owner':'${aws:username}'}}"))
                .with("aws:ResourceTag/owner", "alice");
        assertThat(own.with("aws:username", "alice").decision().allowed()).isTrue();
        assertThat(own.with("aws:username", "bob").decision().allowed()).isFalse();
    }

    @Test
    void aVariableWithoutValueGrantsNothing() {
        Scenario other = byUser().identity(allowIf("{'StringNotEquals':{'aws:ResourceTag/owner':'${aws:username}'}}"));
        assertThat(other.with("aws:ResourceTag/owner", "bob").decision().allowed())
                .isFalse();
    }

    @Test
    void theOldVersionKnowsNoVariables() {
        PolicyDocument old = PolicyDocument.parse(
                Scenario.document(allow("sqs:*", "arn:aws:sqs:*:*:${aws:username}"))
                        .replace("2012-10-17", "2008-10-17"),
                PolicyType.IDENTITY);
        Scenario scenario = byUser().under(
                        Policies.none().withIdentity(java.util.List.of(new Policies.Attached("old", old))))
                .with("aws:username", "orders");
        assertThat(scenario.decision().allowed()).isFalse();
        assertThat(scenario.on("arn:aws:sqs:eu-west-1:111122223333:${aws:username}")
                        .decision()
                        .allowed())
                .isTrue();
    }
}
