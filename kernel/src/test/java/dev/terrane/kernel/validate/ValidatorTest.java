package dev.terrane.kernel.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.terrane.kernel.contract.BoundService;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import dev.terrane.kernel.contract.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.codecommit.model.BatchGetRepositoriesRequest;
import software.amazon.awssdk.services.codecommit.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.codepipeline.model.StartPipelineExecutionRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;

class ValidatorTest {
    /** The models are newer than the SDK: it has no field for these, so that no request can carry them. */
    private static final Set<String> UNKNOWN_TO_THE_SDK = Set.of(
            // The SDK calls it StackStatusFilters; its values are checked against the enumeration by nobody.
            "ListStacks.StackStatusFilter",
            "CreateAssociationBatch.AssociationDispatchAssumeRole",
            "UpdateAssociation.AssociationDispatchAssumeRole",
            "CreateAssociation.AssociationDispatchAssumeRole",
            "ListSecrets.SortBy",
            "GetDataAccess.AuditContext",
            "CreateBucket.BucketNamespace",
            "PutDeliverySource.deliverySourceConfiguration",
            "PutQueryDefinition.parameters",
            "ListLogGroups.logGroupTags",
            "GetQueryResults.maxItems",
            "GetQueryResults.nextToken",
            "RunInstances.SecondaryInterfaces",
            "UpdateAutoScalingGroup.AvailabilityZoneIds",
            "UpdateAutoScalingGroup.DeletionProtection",
            "DescribeScalingActivities.Filters",
            "CreateAutoScalingGroup.AvailabilityZoneIds",
            "CreateAutoScalingGroup.DeletionProtection",
            "ReEncrypt.DryRunModifiers",
            "Decrypt.DryRunModifiers",
            "PutMetricAlarm.EvaluationCriteria",
            "PutMetricAlarm.EvaluationInterval",
            "PutDashboard.Tags");

    private static Validator validator(String service, String operation) {
        ServiceContract contract = ServiceContract.of(service);
        return Validator.of(contract, contract.operation(operation).orElseThrow());
    }

    private static void refused(String service, String operation, SdkPojo request, String code, String message) {
        assertThatThrownBy(() -> validator(service, operation).validate(request))
                .isInstanceOfSatisfying(AwsServiceException.class, refused -> {
                    assertThat(refused.statusCode()).isEqualTo(400);
                    assertThat(refused.awsErrorDetails().errorMessage()).isEqualTo(message);
                    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
                });
    }

    private static CreateRoleRequest.Builder role() {
        return CreateRoleRequest.builder().roleName("role").assumeRolePolicyDocument("{}");
    }

    @Test
    void takesWhatTheModelAllows() {
        assertThatCode(() -> validator("iam", "CreateRole").validate(role().build()))
                .doesNotThrowAnyException();
    }

    @Test
    void countsAndJoinsViolations() {
        refused(
                "iam",
                "CreateRole",
                CreateRoleRequest.builder().roleName("a b").build(),
                "ValidationError",
                "2 validation errors detected: Value 'a b' at 'roleName' failed to satisfy constraint: Member must satisfy"
                        + " regular expression pattern: [\\w+=,.@-]+; Value null at 'assumeRolePolicyDocument' failed to"
                        + " satisfy constraint: Member must not be null");
    }

    @Test
    void namesLengthsAndRanges() {
        refused(
                "iam",
                "CreateRole",
                role().roleName("r".repeat(65)).build(),
                "ValidationError",
                "1 validation error detected: Value '" + "r".repeat(65)
                        + "' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64");
        refused(
                "iam",
                "CreateRole",
                role().maxSessionDuration(10).build(),
                "ValidationError",
                "1 validation error detected: Value '10' at 'maxSessionDuration' failed to satisfy constraint: Member must"
                        + " have value greater than or equal to 3600");
    }

    @Test
    void namesThePlaceInAList() {
        refused(
                "iam",
                "CreateRole",
                role().tags(
                                Tag.builder().key("k").value("v").build(),
                                Tag.builder().key("k2").build())
                        .build(),
                "ValidationError",
                "1 validation error detected: Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not"
                        + " be null");
    }

    @Test
    void namesTheValuesOfAnEnumeration() {
        assertThat(validator("kms", "CreateKey")
                        .violations(CreateKeyRequest.builder().keyUsage("NONE").build()))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.kind()).isEqualTo(Violation.Kind.ENUM);
                    assertThat(violation.constraint()).startsWith("Member must satisfy enum value set: [");
                });
    }

    @Test
    void measuresBlobsInBytes() {
        refused(
                "kms",
                "Encrypt",
                EncryptRequest.builder()
                        .keyId("alias/key")
                        .plaintext(SdkBytes.fromByteArray(new byte[4097]))
                        .build(),
                "ValidationException",
                "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=4097]' at 'plaintext' failed to satisfy"
                        + " constraint: Member must have length less than or equal to 4096");
    }

    @Test
    void usesTheCodesOfEachService() {
        refused(
                "ec2",
                "RunInstances",
                RunInstancesRequest.builder().minCount(1).build(),
                "MissingParameter",
                "The request must contain the parameter MaxCount");
        refused(
                "sqs",
                "CreateQueue",
                CreateQueueRequest.builder().build(),
                "MissingParameter",
                "The request must contain the parameter QueueName.");
        refused(
                "codecommit",
                "CreateRepository",
                CreateRepositoryRequest.builder().build(),
                "RepositoryNameRequiredException",
                "A repository name is required, but was not specified.");
        refused(
                "codecommit",
                "CreateRepository",
                CreateRepositoryRequest.builder().repositoryName("a/b").build(),
                "InvalidRepositoryNameException",
                "1 validation error detected: Value 'a/b' at 'repositoryName' failed to satisfy constraint: Member must satisfy"
                        + " regular expression pattern: [\\w\\.-]+");
        refused(
                "cloudwatchlogs",
                "CreateLogGroup",
                CreateLogGroupRequest.builder().logGroupName("a b").build(),
                "InvalidParameterException",
                "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy"
                        + " regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
        refused(
                "codepipeline",
                "StartPipelineExecution",
                StartPipelineExecutionRequest.builder().build(),
                "ValidationException",
                "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null");
        refused(
                "s3",
                "PutObject",
                PutObjectRequest.builder()
                        .bucket("b")
                        .key("k")
                        .storageClass("COLD")
                        .build(),
                "InvalidStorageClass",
                "The storage class you specified is not valid");
    }

    @Test
    void judgesPlainElementsTogether() {
        refused(
                "codecommit",
                "BatchGetRepositories",
                BatchGetRepositoriesRequest.builder()
                        .repositoryNames("fine", "not/fine")
                        .build(),
                "ValidationException",
                "1 validation error detected: Value '[fine, not/fine]' at 'repositoryNames' failed to satisfy constraint: Member"
                        + " must satisfy constraint: [Member must have length less than or equal to 100, Member must have length"
                        + " greater than or equal to 1, Member must satisfy regular expression pattern: [\\w\\.-]+]");
    }

    @Test
    void leavesOpenWhatServicesLeaveOpen() {
        assertThat(validator("ec2", "RunInstances")
                        .violations(RunInstancesRequest.builder()
                                .minCount(1)
                                .maxCount(1)
                                .instanceType("x99.huge")
                                .build()))
                .isEmpty();
    }

    static Set<String> services() {
        return ServiceContract.NAMES;
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyExpressionCompiles(String service) {
        List<String> broken = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Operation operation : ServiceContract.of(service).operations().values()) {
            operation.constraints().ifPresent(shape -> collect(shape, seen, broken));
        }
        assertThat(broken).isEmpty();
    }

    private static void collect(Shape shape, Set<String> seen, List<String> broken) {
        if (seen.add(shape.name())) {
            try {
                Pattern.compile(shape.pattern());
            } catch (PatternSyntaxException e) {
                broken.add(shape.name() + ": " + shape.pattern());
            }
            shape.members().forEach(member -> collect(member.shape(), seen, broken));
        }
    }

    /** Were a member's name another than the SDK's, its constraint would not be checked. */
    @ParameterizedTest
    @MethodSource("services")
    void everyTopLevelMemberIsFoundInTheSdk(String service) {
        List<String> missing = new ArrayList<>();
        BoundService bound = BoundService.of(service);
        for (Operation operation : bound.contract().operations().values()) {
            if (operation.constraints().isEmpty()) {
                continue;
            }
            Set<String> fields = new HashSet<>();
            bound.operation(operation.name())
                    .orElseThrow()
                    .newRequest()
                    .sdkFields()
                    .forEach(field -> fields.add(field.memberName()));
            Shape shape = operation.constraints().get();
            Set<String> names = new HashSet<>(shape.required());
            shape.members().forEach(member -> names.add(member.name()));
            names.removeAll(fields);
            operation.body().inputPayload().ifPresent(payload -> {
                if (operation.body().streamingInput()) {
                    names.remove(payload);
                }
            });
            names.forEach(name -> missing.add(operation.name() + "." + name));
        }
        assertThat(missing).isSubsetOf(UNKNOWN_TO_THE_SDK);
    }

    @Test
    void matchingEndsOnHostileInput() {
        BoundedPattern nested = new BoundedPattern("(a+)+b");
        assertThat(nested.matches("aaab")).isTrue();
        assertTimeout(
                Duration.ofSeconds(2),
                () -> assertThat(nested.matches("a".repeat(5000))).isFalse());
        BoundedPattern deep = new BoundedPattern("(a|b)*");
        assertTimeout(Duration.ofSeconds(10), () -> deep.matches("ab".repeat(500_000)));
    }

    @Test
    void aSmallRequestTakesAFewMicroseconds() {
        Validator validator = validator("iam", "CreateRole");
        CreateRoleRequest request =
                role().path("/team/").description("what it is for").build();
        for (int i = 0; i < 20_000; i++) {
            validator.validate(request);
        }
        // Generous by far: it is to find a mistake of magnitude on a busy machine.
        assertTimeout(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 20_000; i++) {
                validator.validate(request);
            }
        });
    }
}
