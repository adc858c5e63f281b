package dev.terrane.iam;

import static dev.terrane.iam.Documented.ADMINISTRATOR;
import static dev.terrane.iam.Documented.EC2;
import static dev.terrane.iam.Documented.allow;
import static dev.terrane.iam.Documented.refuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import dev.terrane.testkit.TestServer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.ContextKeyTypeEnum;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.PolicyNotAttachableException;
import software.amazon.awssdk.services.iam.model.PolicyScopeType;
import software.amazon.awssdk.services.iam.model.PolicySourceType;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.Tag;

/** Managed and inline policies, service-linked roles, Git credentials and the simulator. */
final class PoliciesTest {
    private static final String ABSENT = "arn:aws:iam::123456789012:policy/absent";

    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @BeforeEach
    void alice() {
        iam.createUser(r -> r.userName("alice"));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private Policy create(String name, String document) {
        return iam.createPolicy(r -> r.policyName(name).policyDocument(document))
                .policy();
    }

    @Test
    void aPolicyHasFiveVersionsAtMostAndNumbersAreNotUsedAgain() {
        String arn = create("p", allow("s3:*")).arn();
        assertThat(arn).isEqualTo("arn:aws:iam::123456789012:policy/p");
        for (int i = 0; i < 4; i++) {
            iam.createPolicyVersion(r -> r.policyArn(arn).policyDocument(allow("sqs:*")));
        }
        refuses(
                "LimitExceeded",
                "A managed policy can have up to 5 versions. Before you create a new version, you must delete an"
                        + " existing version.",
                () -> iam.createPolicyVersion(r -> r.policyArn(arn).policyDocument(allow("sns:*"))));
        refuses(
                "DeleteConflict",
                "Cannot delete the default version of a policy.",
                () -> iam.deletePolicyVersion(r -> r.policyArn(arn).versionId("v1")));
        iam.deletePolicyVersion(r -> r.policyArn(arn).versionId("v5"));
        PolicyVersion made = iam.createPolicyVersion(
                        r -> r.policyArn(arn).policyDocument(allow("sns:*")).setAsDefault(true))
                .policyVersion();
        assertThat(made.versionId()).isEqualTo("v6");
        assertThat(iam.getPolicy(r -> r.policyArn(arn)).policy().defaultVersionId())
                .isEqualTo("v6");
        assertThat(iam.listPolicyVersions(r -> r.policyArn(arn)).versions())
                .extracting(PolicyVersion::versionId)
                .containsExactly("v6", "v4", "v3", "v2", "v1");
        assertThat(URLDecoder.decode(
                        iam.getPolicyVersion(r -> r.policyArn(arn).versionId("v6"))
                                .policyVersion()
                                .document(),
                        StandardCharsets.UTF_8))
                .isEqualTo(allow("sns:*"));
        refuses(
                "NoSuchEntity",
                "Policy " + arn + " version v5 does not exist or is not attachable.",
                () -> iam.setDefaultPolicyVersion(r -> r.policyArn(arn).versionId("v5")));
        refuses(
                "DeleteConflict",
                "This policy has more than one version. Before you delete a policy, you must delete the policy's"
                        + " versions. The default version is deleted with the policy.",
                () -> iam.deletePolicy(r -> r.policyArn(arn)));
    }

    @Test
    void anAttachedPolicyIsNotDeleted() {
        String arn = create("p", allow("s3:*")).arn();
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(arn));
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(arn));
        assertThat(iam.getPolicy(r -> r.policyArn(arn)).policy().attachmentCount())
                .isEqualTo(1);
        assertThat(iam.listAttachedUserPolicies(r -> r.userName("alice")).attachedPolicies())
                .containsExactly(
                        AttachedPolicy.builder().policyName("p").policyArn(arn).build());
        refuses(
                "DeleteConflict",
                "Cannot delete a policy attached to entities.",
                () -> iam.deletePolicy(r -> r.policyArn(arn)));
        iam.detachUserPolicy(r -> r.userName("alice").policyArn(arn));
        refuses(
                "NoSuchEntity",
                "Policy " + arn + " was not found.",
                () -> iam.detachUserPolicy(r -> r.userName("alice").policyArn(arn)));
        iam.deletePolicy(r -> r.policyArn(arn));
        refuses("NoSuchEntity", "Policy " + arn + " was not found.", () -> iam.getPolicy(r -> r.policyArn(arn)));
    }

    @Test
    void absentPoliciesCannotBeUsed() {
        refuses(
                "NoSuchEntity",
                "Policy " + ABSENT + " does not exist or is not attachable.",
                () -> iam.attachUserPolicy(r -> r.userName("alice").policyArn(ABSENT)));
        refuses(
                "NoSuchEntity",
                "Scope ARN: " + ABSENT + " does not exist or is not attachable.",
                () -> iam.putUserPermissionsBoundary(r -> r.userName("alice").permissionsBoundary(ABSENT)));
        refuses("EntityAlreadyExists", "A policy called P already exists. Duplicate names are not allowed.", () -> {
            create("p", allow("s3:*"));
            create("P", allow("s3:*"));
        });
        refuses("LimitExceeded", "Cannot exceed quota for PoliciesPerUser: 10", () -> {
            for (int i = 0; i < 11; i++) {
                String arn = create("many" + i, allow("s3:*")).arn();
                iam.attachUserPolicy(r -> r.userName("alice").policyArn(arn));
            }
        });
    }

    @Test
    void badDocumentsAreRefused() {
        refuses("MalformedPolicyDocument", "Syntax errors in policy.", () -> create("p", "{"));
        refuses("MalformedPolicyDocument", "Policy document should not specify a principal.", () -> create("p", EC2));
        refuses(
                "MalformedPolicyDocument",
                "Policy statement must contain resources.",
                () -> create("p", allow("s3:*").replace(",\"Resource\":\"*\"", "")));
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for PolicySize: 6144",
                () -> create("p", allow("s3:" + "x".repeat(6_144))));
        refuses(
                "LimitExceeded",
                "Maximum policy size of 2048 bytes exceeded for user alice",
                () -> iam.putUserPolicy(
                        r -> r.userName("alice").policyName("p").policyDocument(allow("s3:" + "x".repeat(2_048)))));
    }

    @Test
    void inlinePoliciesAreReadAsTheyWereWritten() {
        iam.createRole(r -> r.roleName("worker").assumeRolePolicyDocument(EC2));
        String document = "{ \"Version\": \"2012-10-17\",\n \"Statement\": [] }"
                .replace("[]", "[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]");
        iam.putRolePolicy(r -> r.roleName("worker").policyName("p").policyDocument(document));
        assertThat(URLDecoder.decode(
                        iam.getRolePolicy(r -> r.roleName("worker").policyName("p"))
                                .policyDocument(),
                        StandardCharsets.UTF_8))
                .isEqualTo(document);
        assertThat(iam.listRolePolicies(r -> r.roleName("worker")).policyNames())
                .containsExactly("p");
        refuses(
                "NoSuchEntity",
                "The role policy with name q cannot be found.",
                () -> iam.getRolePolicy(r -> r.roleName("worker").policyName("q")));
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must delete policies first.",
                () -> iam.deleteRole(r -> r.roleName("worker")));
    }

    @Test
    void everyPolicyOfAwsIsThere() {
        for (PolicyRecord policy : AwsManagedPolicies.all()) {
            assertThat(PolicyDocument.parse(policy.document(), PolicyType.IDENTITY)
                            .statements())
                    .isNotEmpty();
        }
        assertThat(iam.listPoliciesPaginator(r -> r.scope(PolicyScopeType.AWS)).policies())
                .extracting(Policy::arn)
                .contains(
                        ADMINISTRATOR,
                        "arn:aws:iam::aws:policy/ReadOnlyAccess",
                        "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole",
                        "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy");
        assertThat(iam.getPolicy(r -> r.policyArn(ADMINISTRATOR)).policy().policyId())
                .startsWith("ANPA");
        assertThatThrownBy(() ->
                        iam.createPolicyVersion(r -> r.policyArn(ADMINISTRATOR).policyDocument(allow("s3:*"))))
                .isInstanceOf(AwsServiceException.class);
        assertThatThrownBy(() -> iam.attachUserPolicy(r -> r.userName("alice")
                        .policyArn("arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy")))
                .isInstanceOf(PolicyNotAttachableException.class);
        assertThat(iam.listPolicies(r -> r.onlyAttached(true)).policies()).isEmpty();
    }

    @Test
    void aServiceLinkedRoleBelongsToItsService() {
        Role role = iam.createServiceLinkedRole(r -> r.awsServiceName("autoscaling.amazonaws.com"))
                .role();
        assertThat(role.arn())
                .isEqualTo("arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/"
                        + "AWSServiceRoleForAutoScaling");
        refuses(
                "InvalidInput",
                "Service role name AWSServiceRoleForAutoScaling has been taken in this account, please try a different"
                        + " suffix.",
                () -> iam.createServiceLinkedRole(r -> r.awsServiceName("autoscaling.amazonaws.com")));
        assertThat(iam.createServiceLinkedRole(r ->
                                r.awsServiceName("autoscaling.amazonaws.com").customSuffix("two"))
                        .role()
                        .roleName())
                .isEqualTo("AWSServiceRoleForAutoScaling_two");
        refuses(
                "InvalidInput",
                "Custom suffix is not allowed for elasticloadbalancing.amazonaws.com",
                () -> iam.createServiceLinkedRole(r ->
                        r.awsServiceName("elasticloadbalancing.amazonaws.com").customSuffix("two")));
        refuses(
                "UnmodifiableEntity",
                "Cannot perform the operation on the protected role 'AWSServiceRoleForAutoScaling' - this role is only"
                        + " modifiable by AWS",
                () -> iam.deleteRole(r -> r.roleName("AWSServiceRoleForAutoScaling")));
        refuses(
                "UnmodifiableEntity",
                "Cannot perform the operation on the protected role 'AWSServiceRoleForAutoScaling' - this role is only"
                        + " modifiable by AWS",
                () -> iam.updateRole(
                        r -> r.roleName("AWSServiceRoleForAutoScaling").maxSessionDuration(7200)));
        iam.updateRole(r -> r.roleName("AWSServiceRoleForAutoScaling").description("scales"));
        assertThat(iam.getRole(r -> r.roleName("AWSServiceRoleForAutoScaling"))
                        .role()
                        .description())
                .isEqualTo("scales");
        iam.tagRole(r -> r.roleName("AWSServiceRoleForAutoScaling")
                .tags(Tag.builder().key("stage").value("test").build()));
        assertThat(iam.listRoleTags(r -> r.roleName("AWSServiceRoleForAutoScaling"))
                        .tags())
                .singleElement()
                .satisfies(tag -> assertThat(tag.value()).isEqualTo("test"));
        iam.untagRole(r -> r.roleName("AWSServiceRoleForAutoScaling").tagKeys("stage"));
        assertThat(iam.listRoleTags(r -> r.roleName("AWSServiceRoleForAutoScaling"))
                        .tags())
                .isEmpty();
        String task = iam.deleteServiceLinkedRole(r -> r.roleName("AWSServiceRoleForAutoScaling"))
                .deletionTaskId();
        assertThat(task).startsWith("task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling/");
        assertThat(iam.getServiceLinkedRoleDeletionStatus(r -> r.deletionTaskId(task))
                        .statusAsString())
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void aGitCredentialIsShownOnceAndCheckedByItsHash() {
        ServiceSpecificCredential made = iam.createServiceSpecificCredential(
                        r -> r.userName("alice").serviceName("codecommit.amazonaws.com"))
                .serviceSpecificCredential();
        assertThat(made.serviceUserName()).isEqualTo("alice-at-123456789012");
        assertThat(knows(made.serviceUserName(), made.servicePassword())).isTrue();
        assertThat(knows(made.serviceUserName(), made.servicePassword())).isTrue();
        assertThat(knows(made.serviceUserName(), made.servicePassword() + "x")).isFalse();
        assertThat(knows("bob-at-123456789012", made.servicePassword())).isFalse();

        iam.updateServiceSpecificCredential(r -> r.userName("alice")
                .serviceSpecificCredentialId(made.serviceSpecificCredentialId())
                .status(StatusType.INACTIVE));
        assertThat(knows(made.serviceUserName(), made.servicePassword())).isFalse();
        iam.updateServiceSpecificCredential(r -> r.userName("alice")
                .serviceSpecificCredentialId(made.serviceSpecificCredentialId())
                .status(StatusType.ACTIVE));
        ServiceSpecificCredential reset = iam.resetServiceSpecificCredential(
                        r -> r.userName("alice").serviceSpecificCredentialId(made.serviceSpecificCredentialId()))
                .serviceSpecificCredential();
        assertThat(knows(made.serviceUserName(), made.servicePassword())).isFalse();
        server.restart();
        IamClient again = server.client(IamClient.class);
        assertThat(knows(made.serviceUserName(), reset.servicePassword())).isTrue();

        assertThat(again.createServiceSpecificCredential(
                                r -> r.userName("alice").serviceName("codecommit.amazonaws.com"))
                        .serviceSpecificCredential()
                        .serviceUserName())
                .isEqualTo("alice+1-at-123456789012");
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2",
                () -> again.createServiceSpecificCredential(
                        r -> r.userName("alice").serviceName("codecommit.amazonaws.com")));
        assertThat(again.listServiceSpecificCredentials(r -> r.userName("alice"))
                        .serviceSpecificCredentials())
                .hasSize(2);
    }

    private boolean knows(String userName, String password) {
        return server.platform()
                .gitAuthentication()
                .authenticate("localhost", "/v1/repos/x", userName, password, account -> java.util.List.of())
                .isPresent();
    }

    @Test
    void theSimulatorTellsDecisionStatementsAndMissingValues() {
        iam.putUserPolicy(r -> r.userName("alice")
                .policyName("p")
                .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[\n"
                        + " {\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"},\n"
                        + " {\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\","
                        + "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"));
        EvaluationResult allowed = simulate("s3:GetObject");
        assertThat(allowed.evalDecision()).isEqualTo(PolicyEvaluationDecisionType.ALLOWED);
        assertThat(allowed.evalResourceName()).isEqualTo("*");
        assertThat(allowed.missingContextValues()).containsExactly("aws:SecureTransport");
        assertThat(allowed.matchedStatements()).singleElement().satisfies(statement -> {
            assertThat(statement.sourcePolicyId()).isEqualTo("user_alice_p");
            assertThat(statement.sourcePolicyType()).isEqualTo(PolicySourceType.USER);
            assertThat(statement.startPosition().line()).isEqualTo(2);
            assertThat(statement.startPosition().column()).isEqualTo(2);
            assertThat(statement.endPosition().line()).isEqualTo(2);
        });
        ContextEntry plain = ContextEntry.builder()
                .contextKeyName("aws:securetransport")
                .contextKeyType(ContextKeyTypeEnum.BOOLEAN)
                .contextKeyValues("false")
                .build();
        EvaluationResult denied = simulate("s3:GetObject", plain);
        assertThat(denied.evalDecision()).isEqualTo(PolicyEvaluationDecisionType.EXPLICIT_DENY);
        assertThat(denied.missingContextValues()).isEmpty();
        assertThat(denied.matchedStatements())
                .singleElement()
                .satisfies(statement ->
                        assertThat(statement.startPosition().line()).isEqualTo(3));
        assertThat(simulate("sqs:SendMessage").evalDecision()).isEqualTo(PolicyEvaluationDecisionType.IMPLICIT_DENY);
    }

    private EvaluationResult simulate(String action, ContextEntry... context) {
        return iam.simulatePrincipalPolicy(r -> r.policySourceArn("arn:aws:iam::123456789012:user/alice")
                        .actionNames(action)
                        .contextEntries(context))
                .evaluationResults()
                .getFirst();
    }

    @Test
    void givenPoliciesAreSimulatedOnGivenResources() {
        var results = iam.simulateCustomPolicy(r -> r.policyInputList(allow("s3:*"))
                        .permissionsBoundaryPolicyInputList(allow("s3:GetObject"))
                        .actionNames("s3:GetObject", "s3:PutObject")
                        .resourceArns("arn:aws:s3:::b/k"))
                .evaluationResults();
        assertThat(results)
                .extracting(EvaluationResult::evalDecision)
                .containsExactly(PolicyEvaluationDecisionType.ALLOWED, PolicyEvaluationDecisionType.IMPLICIT_DENY);
        assertThat(results.getFirst().matchedStatements())
                .anySatisfy(statement -> assertThat(statement.sourcePolicyId()).isEqualTo("PolicyInputList.1"));
        assertThat(results.getLast().permissionsBoundaryDecisionDetail().allowedByPermissionsBoundary())
                .isFalse();
        assertThat(results.getLast().resourceSpecificResults()).hasSize(1);
        assertThat(iam.getContextKeysForCustomPolicy(r ->
                                r.policyInputList(allow("s3:*").replace("\"*\"", "\"arn:aws:s3:::${aws:username}\"")))
                        .contextKeyNames())
                .containsExactly("aws:username");
    }
}
