package dev.terrane.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The grammar: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. */
class PolicyDocumentTest {
    private static final String FINE = "'Effect':'Allow','Action':'s3:Get*','Resource':'*'";

    private static Arguments bad(PolicyType type, String json, String problem) {
        return Arguments.of(type, json.replace('\'', '"'), problem);
    }

    private static Arguments badStatement(PolicyType type, String statement, String problem) {
        return bad(type, "{'Version':'2012-10-17','Statement':{" + statement + "}}", problem);
    }

    static Stream<Arguments> malformed() {
        PolicyType identity = PolicyType.IDENTITY;
        return Stream.of(
                bad(identity, "", "Syntax errors in policy."),
                bad(identity, "[]", "Syntax errors in policy."),
                bad(identity, "{'Version':'2012-10-17'", "Syntax errors in policy."),
                bad(identity, "{'Version':'2012-10-17'}", "Missing required field Statement"),
                bad(identity, "{'Version':'2012-10-17','Statement':[]}", "at least one statement"),
                bad(identity, "{'Statement':{" + FINE + "}} x", "Syntax errors in policy."),
                bad(identity, "{'Statement':{" + FINE + "},'Statement':{" + FINE + "}}", "Syntax errors in policy."),
                bad(identity, "{'Version':'2020-01-01','Statement':{" + FINE + "}}", "must be version"),
                bad(identity, "{'Owner':'me','Statement':{" + FINE + "}}", "unknown field Owner"),
                bad(identity, "[".repeat(10_000), "Syntax errors in policy."),
                bad(identity, "{'Id':'" + "x".repeat(200_000) + "'}", "longer than"),
                badStatement(identity, FINE + ",'Effect':'Deny'", "Syntax errors in policy."),
                badStatement(identity, "'Action':'s3:*','Resource':'*'", "Missing required field Effect"),
                badStatement(identity, "'Effect':'allow','Action':'s3:*','Resource':'*'", "Invalid effect: allow"),
                badStatement(identity, "'Effect':'Allow','Resource':'*'", "must contain actions"),
                badStatement(identity, "'Effect':'Allow','Action':[],'Resource':'*'", "must contain actions"),
                badStatement(identity, "'Effect':'Allow','Action':'s3:*'", "must contain resources"),
                badStatement(identity, FINE + ",'NotAction':'s3:*'", "both Action and NotAction"),
                badStatement(identity, FINE + ",'NotResource':'*'", "both Resource and NotResource"),
                badStatement(identity, "'Effect':'Allow','Action':'Get','Resource':'*'", "prefaced by a vendor"),
                badStatement(identity, "'Effect':'Allow','Action':'s3:Get Object','Resource':'*'", "is not valid"),
                badStatement(identity, "'Effect':'Allow','Action':'s3:*','Resource':'bucket'", "must be in ARN format"),
                badStatement(identity, FINE + ",'Principal':'*'", "should not specify a principal"),
                badStatement(identity, FINE + ",'Sid':'not alpha'", "must be alpha-numeric"),
                badStatement(
                        identity,
                        FINE + ",'Condition':{'StringIs':{'aws:x':'y'}}",
                        "Invalid Condition type : StringIs."),
                badStatement(
                        identity,
                        FINE + ",'Condition':{'ForSome:StringEquals':{'aws:x':'y'}}",
                        "Invalid Condition type"),
                badStatement(
                        identity, FINE + ",'Condition':{'NullIfExists':{'aws:x':'true'}}", "Invalid Condition type"),
                badStatement(identity, FINE + ",'Condition':{'StringEquals':{'x':'y'}}", "prefaced by a vendor"),
                badStatement(
                        identity,
                        FINE + ",'Condition':{'StringEquals':{'aws:x':'y','AWS:X':'z'}}",
                        "Duplicate condition key"),
                badStatement(
                        identity,
                        FINE + ",'Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/33'}}",
                        "not a valid IP address range"),
                badStatement(identity, FINE + ",'Condition':{'NumericEquals':{'aws:x':'ten'}}", "not a number"),
                badStatement(identity, FINE + ",'Condition':{'NumericEquals':{'aws:x':'1e999999'}}", "not a number"),
                badStatement(identity, FINE + ",'Condition':{'DateLessThan':{'aws:x':'soon'}}", "ISO 8601"),
                badStatement(identity, FINE + ",'Condition':{'Bool':{'aws:x':'yes'}}", "true or false"),
                badStatement(identity, FINE + ",'Condition':{'StringEquals':{'aws:x':'${aws:y'}}", "is not closed"),
                badStatement(identity, FINE + ",'Condition':{'StringEquals':{'aws:x':'${aws:y, z}'}}", "single quotes"),
                badStatement(identity, FINE + ",'Condition':{'StringEquals':{'aws:x':{}}}", "Syntax errors"),
                badStatement(PolicyType.RESOURCE, FINE, "Missing required field Principal"),
                badStatement(PolicyType.RESOURCE, FINE + ",'Principal':'me'", "Invalid principal"),
                badStatement(PolicyType.RESOURCE, FINE + ",'Principal':{'AWS':'1234'}", "Invalid principal"),
                badStatement(
                        PolicyType.RESOURCE,
                        FINE + ",'Principal':{'AWS':'arn:aws:iam::111122223333:user/*'}",
                        "Invalid principal"),
                badStatement(PolicyType.RESOURCE, FINE + ",'Principal':{'Person':'x'}", "Invalid principal"),
                badStatement(PolicyType.RESOURCE, FINE + ",'Principal':{'Service':'*'}", "Invalid principal"),
                badStatement(
                        PolicyType.RESOURCE,
                        FINE + ",'NotPrincipal':{'AWS':'111122223333'}",
                        "Allow with NotPrincipal"),
                badStatement(PolicyType.TRUST, FINE + ",'Principal':'*'", "prohibited field Resource"),
                badStatement(
                        PolicyType.TRUST,
                        "'Effect':'Allow','Action':'s3:*','Principal':'*'",
                        "may only specify STS AssumeRole actions"),
                badStatement(
                        PolicyType.RESOURCE_CONTROL, FINE + ",'Principal':{'AWS':'111122223333'}", "must be \"*\""));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWithIamsWords(PolicyType type, String json, String problem) {
        assertThatThrownBy(() -> PolicyDocument.parse(json, type))
                .isInstanceOfSatisfying(
                        MalformedPolicy.class,
                        malformed -> assertThat(malformed.problem()).contains(problem));
    }

    @Test
    void saysWhere() {
        assertThatThrownBy(() -> PolicyDocument.parse(
                        Scenario.document("{" + FINE + "}", "{" + FINE + ",'Condition':{'Foo':{'aws:x':'y'}}}")))
                .isInstanceOfSatisfying(
                        MalformedPolicy.class,
                        malformed -> assertThat(malformed.position()).isEqualTo("Statement[1].Condition.Foo"));
        assertThatThrownBy(() -> PolicyDocument.parse("{\n  \"Version\" }"))
                .isInstanceOfSatisfying(
                        MalformedPolicy.class,
                        malformed -> assertThat(malformed.position()).startsWith("line 2, column"));
    }

    @Test
    void readsWhatItIsGiven() {
        PolicyDocument document = PolicyDocument.parse(
                "{'Id':'mine','Statement':{'Sid':'One','Effect':'Deny','NotPrincipal':{'AWS':['111122223333']},'NotAction':['s3:*'],'NotResource':['arn:aws:s3:::b']}}"
                        .replace('\'', '"'),
                PolicyType.RESOURCE);
        assertThat(document.version()).isEqualTo(PolicyDocument.Version.V2008_10_17);
        assertThat(document.id()).isEqualTo("mine");
        Statement statement = document.statements().getFirst();
        assertThat(statement.sid()).isEqualTo("One");
        assertThat(statement.effect()).isEqualTo(Effect.DENY);
        assertThat(statement.actions().inverted()).isTrue();
        assertThat(statement.resources().orElseThrow().inverted()).isTrue();
        assertThat(statement.principals().orElseThrow().named())
                .containsExactly(new PrincipalSpec.Named.Account("111122223333"));
    }
}
