package dev.terrane.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.*;

class ParametersTest {
    private final TestServer server = TestServer.with(SsmService::new, platform -> new OneImage());
    private SsmClient ssm = server.client(SsmClient.class);

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static void refused(String code, ThrowingCallable call) {
        AwsServiceException error = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(error).as("refused with " + code).isNotNull();
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
    }

    private PutParameterResponse put(String name, String value) {
        return ssm.putParameter(
                r -> r.name(name).value(value).type(ParameterType.STRING).overwrite(true));
    }

    private static Stream<Parameter> below(SsmClient client, String path) {
        return client.getParametersByPathPaginator(r -> r.path(path).recursive(true)).stream()
                .flatMap(page -> page.parameters().stream());
    }

    private String value(String name) {
        return ssm.getParameter(r -> r.name(name)).parameter().value();
    }

    @Test
    void aParameterIsReadByNameArnVersionAndLabel() {
        assertThat(put("/app/url", "one").version()).isEqualTo(1);
        assertThat(put("/app/url", "two").version()).isEqualTo(2);
        ssm.labelParameterVersion(r -> r.name("/app/url").parameterVersion(1L).labels("old"));

        Parameter newest = ssm.getParameter(r -> r.name("/app/url")).parameter();
        assertThat(newest.value()).isEqualTo("two");
        assertThat(newest.version()).isEqualTo(2);
        assertThat(newest.arn()).isEqualTo("arn:aws:ssm:us-east-1:123456789012:parameter/app/url");
        assertThat(newest.lastModifiedDate()).isEqualTo(TestServer.START);
        assertThat(value(newest.arn())).isEqualTo("two");
        assertThat(value("/app/url:1")).isEqualTo("one");
        assertThat(ssm.getParameter(r -> r.name("/app/url:old")).parameter().selector())
                .isEqualTo(":old");
        refused("ParameterVersionNotFound", () -> value("/app/url:3"));
        refused("ParameterNotFound", () -> value("/app/other"));

        server.restart();
        ssm = server.client(SsmClient.class);
        assertThat(value("/app/url:old")).isEqualTo("one");
        assertThat(server.awaitEvents("Parameter Store Change", 3).getFirst().detail())
                .contains("\"operation\":\"Create\"", "\"name\":\"/app/url\"");
    }

    @Test
    void severalAreReadAtOnce() {
        put("plain", "1");
        put("/b", "2");

        GetParametersResponse found = ssm.getParameters(r -> r.names("plain", "/b", "missing", "plain:9"));

        assertThat(found.parameters()).extracting(Parameter::value).containsExactly("1", "2");
        assertThat(found.invalidParameters()).containsExactly("missing", "plain:9");
        assertThat(ssm.deleteParameters(r -> r.names("plain", "missing")).deletedParameters())
                .containsExactly("plain");
        refused("ParameterNotFound", () -> ssm.deleteParameter(r -> r.name("plain")));
    }

    @Test
    void aPathIsReadInPages() {
        for (int i = 10; i < 22; i++) {
            put("/app/p" + i, String.valueOf(i));
        }
        put("/app/deep/one", "x");
        put("/apple", "y");

        GetParametersByPathResponse first = ssm.getParametersByPath(r -> r.path("/app"));
        assertThat(first.parameters()).hasSize(10);
        GetParametersByPathResponse second =
                ssm.getParametersByPath(r -> r.path("/app").nextToken(first.nextToken()));
        assertThat(second.parameters()).extracting(Parameter::name).containsExactly("/app/p20", "/app/p21");
        assertThat(second.nextToken()).isNull();
        assertThat(below(ssm, "/")).hasSize(14);
        refused(
                "InvalidNextToken",
                () -> ssm.getParametersByPath(r -> r.path("/").nextToken(first.nextToken())));
    }

    @Test
    void namesAndValuesAreCheckedAsDocumented() {
        refused("AccessDeniedException", () -> put("/aws/service/mine", "x"));
        refused("ValidationException", () -> put("ssm-mine", "x"));
        refused("ValidationException", () -> put("not/full", "x"));
        refused("HierarchyLevelLimitExceededException", () -> put("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "x"));
        refused("ValidationException", () -> put("/large", "x".repeat(4097)));
        put("/there", "x");
        refused(
                "ParameterAlreadyExists",
                () -> ssm.putParameter(r -> r.name("/there").value("y").type("String")));
        refused(
                "HierarchyTypeMismatchException",
                () -> ssm.putParameter(
                        r -> r.name("/there").value("y").type("StringList").overwrite(true)));
        refused(
                "ParameterPatternMismatchException",
                () -> ssm.putParameter(
                        r -> r.name("/number").value("y").type("String").allowedPattern("^\\d+$")));
        assertThat(ssm.putParameter(r -> r.name("/large")
                                .value("x".repeat(4097))
                                .type("String")
                                .tier(ParameterTier.INTELLIGENT_TIERING))
                        .tier())
                .isEqualTo(ParameterTier.ADVANCED);
    }

    @Test
    void theOldestOfAHundredVersionsIsForgottenUnlessItHasALabel() {
        for (int i = 1; i <= 100; i++) {
            put("/often", String.valueOf(i));
        }
        ssm.labelParameterVersion(r -> r.name("/often").parameterVersion(1L).labels("first", "1st"));
        refused("ParameterMaxVersionLimitExceeded", () -> put("/often", "101"));
        ssm.labelParameterVersion(r -> r.name("/often").parameterVersion(2L).labels("first"));
        assertThat(put("/often", "101").version()).isEqualTo(101);

        GetParameterHistoryResponse history = ssm.getParameterHistory(r -> r.name("/often"));
        assertThat(history.parameters()).hasSize(50);
        assertThat(history.parameters().getFirst().version()).isEqualTo(2);
        assertThat(history.parameters().getFirst().labels()).containsExactly("first");
    }

    @Test
    void parametersAreDescribedByFilters() {
        ssm.putParameter(r -> r.name("/a/one")
                .value("x")
                .type("String")
                .description("first")
                .tags(Tag.builder().key("team").value("build").build()));
        put("/a/b/two", "x");

        assertThat(described("Name", "Contains", "TWO")).containsExactly("/a/b/two");
        assertThat(described("Path", "OneLevel", "/a")).containsExactly("/a/one");
        assertThat(described("Path", "Recursive", "/a")).containsExactly("/a/b/two", "/a/one");
        assertThat(described("tag:team", "Equals", "build")).containsExactly("/a/one");
        refused("InvalidFilterKey", () -> described("Label", "Equals", "red"));
        assertThat(ssm.listTagsForResource(r -> r.resourceType("Parameter").resourceId("/a/one"))
                        .tagList())
                .extracting(Tag::value)
                .containsExactly("build");
    }

    private List<String> described(String key, String option, String value) {
        return ssm
                .describeParameters(r -> r.parameterFilters(ParameterStringFilter.builder()
                        .key(key)
                        .option(option)
                        .values(value)
                        .build()))
                .parameters()
                .stream()
                .map(ParameterMetadata::name)
                .toList();
    }

    @Test
    void publicParametersNameThePlatformsImage() {
        String name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
        SsmClient limited = server.clientWith(
                SsmClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ssm:GetParameter*\","
                        + "\"Resource\":\"arn:aws:ssm:us-east-1::parameter/aws/service/*\"}]}");

        Parameter image = limited.getParameters(r -> r.names(name)).parameters().getFirst();

        assertThat(image.value()).isEqualTo(OneImage.ID);
        assertThat(image.arn()).isEqualTo("arn:aws:ssm:us-east-1::parameter" + name);
        assertThat(below(limited, "/aws/service/ami-amazon-linux-latest"))
                .hasSizeGreaterThan(10)
                .allMatch(p -> p.value().equals(OneImage.ID));
        refused("AccessDeniedException", () -> limited.getParameter(r -> r.name("/mine")));
    }
}
