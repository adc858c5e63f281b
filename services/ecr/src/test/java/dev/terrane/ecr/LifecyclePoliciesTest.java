package dev.terrane.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.testkit.TestServer;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.InvalidParameterException;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifecyclePoliciesTest {
    private static final String EXPIRE = "{'type':'expire'}";

    /** A rule that expires all but the newest image. */
    private static String newest(int priority, String tagStatus) {
        return rule(
                priority, "'tagStatus':'" + tagStatus + "','countType':'imageCountMoreThan','countNumber':1", EXPIRE);
    }

    private static String rule(int priority, String selection, String action) {
        return "{'rulePriority':%d,'selection':{%s},'action':%s}".formatted(priority, selection, action);
    }

    private final TestServer server = TestServer.with(EcrService::new);
    private final EcrClient ecr = server.client(EcrClient.class);

    @BeforeAll
    void repository() {
        ecr.createRepository(r -> r.repositoryName("app"));
    }

    @AfterAll
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    /** Puts a policy; spaces make it as long as the least that the API takes. */
    private void put(String policy) {
        ecr.putLifecyclePolicy(
                r -> r.repositoryName("app").lifecyclePolicyText(policy.replace('\'', '"') + " ".repeat(100)));
    }

    private String refusal(String policy) {
        InvalidParameterException error = catchThrowableOfType(InvalidParameterException.class, () -> put(policy));
        assertThat(error).as("refused " + policy).isNotNull();
        return error.awsErrorDetails().errorMessage();
    }

    private static String rules(String... rules) {
        return "{'rules':[" + String.join(",", rules) + "]}";
    }

    @Test
    void aPolicyIsKeptAndDeleted() {
        String policy = EcrContractTest.LIFECYCLE;
        ecr.putLifecyclePolicy(r -> r.repositoryName("app").lifecyclePolicyText(policy));

        assertThat(ecr.getLifecyclePolicy(r -> r.repositoryName("app")).lifecyclePolicyText())
                .isEqualTo(policy);
        assertThat(ecr.deleteLifecyclePolicy(r -> r.repositoryName("app")).lastEvaluatedAt())
                .isEqualTo(Instant.EPOCH);
        assertThat(catchThrowableOfType(
                                LifecyclePolicyNotFoundException.class,
                                () -> ecr.getLifecyclePolicy(r -> r.repositoryName("app")))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("Lifecycle policy does not exist for the repository with name 'app' in the registry with id"
                        + " '123456789012'");
    }

    @Test
    void rulesMayArchiveWhatIsNotPulledAndExpireWhatIsArchived() {
        put(rules(
                newest(1, "untagged"),
                rule(
                        7,
                        "'tagStatus':'any','countType':'sinceImagePulled','countUnit':'days','countNumber':90",
                        "{'type':'transition','targetStorageClass':'archive'}"),
                rule(
                        2,
                        "'tagStatus':'any','storageClass':'archive','countType':'sinceImageTransitioned',"
                                + "'countUnit':'days','countNumber':365",
                        EXPIRE)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tagged','tagPrefixList':['prod'],'countType':'imageCountMoreThan','countNumber':3",
                "tagged','tagPatternList':['*a*b*c*'],'countType':'imageCountMoreThan','countNumber':3",
                "any','countType':'sinceImagePushed','countUnit':'days','countNumber':3",
                "untagged','storageClass':'standard','countType':'sinceImagePushed','countUnit':'days','countNumber':3",
            })
    void selectionsOfEachKindAreTaken(String selection) {
        put(rules("{'rulePriority':1,'description':'why','selection':{'tagStatus':'" + selection
                + "},'action':{'type':'expire'}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "[1]", "{'rules':[", "{'rules':[],'rules':[]}"})
    void whatIsNoJsonObjectIsNoPolicy(String policy) {
        assertThat(refusal(policy))
                .isEqualTo("Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "
                        + "'Lifecycle policy validation failure: Could not map policyString into LifecyclePolicy.'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | object has missing required properties ([\"rules\"])",
                "{'rules':{}} | instance type (object) does not match any allowed primitive type (allowed: [\"array\"])",
                "{'rules':[1]} | instance type (number) does not match any allowed primitive type (allowed: [\"object\"])",
                "{'rules':[{'rulePriority':1}]} | object has missing required properties ([\"action\",\"selection\"])",
                "{'rules':[],'more':1} | object instance has properties which are not allowed by the schema: ([\"more\"])",
            })
    void theFormOfAPolicyIsChecked(String policy, String failure) {
        assertThat(refusal(policy)).contains("Lifecycle policy validation failure: " + failure);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tagStatus':'tagged','countType':'imageCountMoreThan','countNumber':1 | Must specify tagPrefixList or"
                        + " tagPatternList when tagStatus=TAGGED.",
                "'tagStatus':'tagged','tagPatternList':['a'],'tagPrefixList':['a'],'countType':'imageCountMoreThan',"
                        + "'countNumber':1 | Only one of tagPrefixList and tagPatternList",
                "'tagStatus':'tagged','tagPatternList':['*1*2*3*4*'],'countType':'imageCountMoreThan','countNumber':1"
                        + " | more than 4 wildcards",
                "'tagStatus':'any','tagPrefixList':['a'],'countType':'imageCountMoreThan','countNumber':1 | can only be"
                        + " specified when tagStatus=TAGGED",
                "'tagStatus':'some','countType':'imageCountMoreThan','countNumber':1 | not found in enum",
                "'tagStatus':'any','countType':'imageCountMoreThan','countUnit':'days','countNumber':1 | instance failed"
                        + " to match exactly one schema (matched 0 out of 2)",
                "'tagStatus':'any','countType':'sinceImagePushed','countNumber':1 | instance failed to match exactly one"
                        + " schema",
                "'tagStatus':'any','countType':'sinceImagePushed','countUnit':'hours','countNumber':1 | not found in enum",
                "'tagStatus':'any','countType':'imageCountMoreThan','countNumber':0 | numeric instance is lower than the"
                        + " required minimum (minimum: 1, found: 0)",
                "'tagStatus':'any','countType':'imageCountMoreThan','countNumber':'1' | does not match any allowed"
                        + " primitive type",
                "'tagStatus':'any','countType':'sinceImagePulled','countUnit':'days','countNumber':1 | must be transition",
                "'tagStatus':'any','countType':'sinceImageTransitioned','countUnit':'days','countNumber':99 | storageClass"
                        + " must be archive",
                "'tagStatus':'any','storageClass':'archive','countType':'sinceImageTransitioned','countUnit':'days',"
                        + "'countNumber':89 | at least 90",
            })
    void whatARuleSelectsIsChecked(String selection, String failure) {
        assertThat(refusal(rules(rule(1, selection, EXPIRE))))
                .contains("Lifecycle policy validation failure: ")
                .contains(failure);
    }

    @Test
    void rulesMustGoTogether() {
        assertThat(refusal(rules(newest(1, "untagged"), newest(1, "any")))).contains("unique");
        assertThat(refusal(rules(newest(1, "untagged"), newest(2, "untagged"))))
                .contains("Only one rule can select Untagged images per storage class");
        assertThat(refusal(rules(newest(1, "any"), newest(2, "untagged"))))
                .contains("Rule for tagStatus=ANY must have the lowest priority per storage class");
    }
}
