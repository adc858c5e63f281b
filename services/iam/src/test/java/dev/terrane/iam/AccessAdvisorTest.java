package dev.terrane.iam;

import static dev.terrane.iam.Documented.allow;
import static dev.terrane.iam.Documented.refuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Principal;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessAdvisorUsageGranularityType;
import software.amazon.awssdk.services.iam.model.EntityDetails;
import software.amazon.awssdk.services.iam.model.GetServiceLastAccessedDetailsResponse;
import software.amazon.awssdk.services.iam.model.JobStatusType;
import software.amazon.awssdk.services.iam.model.PolicyOwnerEntityType;
import software.amazon.awssdk.services.iam.model.PolicyType;
import software.amazon.awssdk.services.iam.model.ServiceLastAccessed;
import software.amazon.awssdk.services.iam.model.TrackedActionLastAccessed;
import software.amazon.awssdk.services.iam.model.User;

/** Access advisor ("Refine permissions in AWS using last accessed information"). */
final class AccessAdvisorTest {
    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";

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

    private IamClient as(String name) {
        User user = iam.getUser(r -> r.userName(name)).user();
        return server.client(
                IamClient.class, new Principal.User(TestServer.ACCOUNT, user.userId(), user.path(), user.userName()));
    }

    private String job(String arn, AccessAdvisorUsageGranularityType granularity) {
        String id = iam.generateServiceLastAccessedDetails(r -> r.arn(arn).granularity(granularity))
                .jobId();
        TestServer.await(
                () -> iam.getServiceLastAccessedDetails(r -> r.jobId(id)).jobStatus() == JobStatusType.COMPLETED);
        return id;
    }

    private GetServiceLastAccessedDetailsResponse details(String arn, AccessAdvisorUsageGranularityType granularity) {
        String id = job(arn, granularity);
        return iam.getServiceLastAccessedDetails(r -> r.jobId(id));
    }

    private List<ServiceLastAccessed> services(String arn) {
        return details(arn, AccessAdvisorUsageGranularityType.SERVICE_LEVEL).servicesLastAccessed();
    }

    @Test
    void whatIsGrantedIsToldWithItsLastUse() {
        iam.putUserPolicy(r -> r.userName("alice").policyName("a").policyDocument(allow("iam:List*")));
        iam.putUserPolicy(r -> r.userName("alice").policyName("b").policyDocument(allow("s3:GetObject")));
        assertThat(services(ALICE))
                .containsExactly(
                        ServiceLastAccessed.builder()
                                .serviceName("AWS Identity and Access Management")
                                .serviceNamespace("iam")
                                .totalAuthenticatedEntities(0)
                                .build(),
                        ServiceLastAccessed.builder()
                                .serviceName("Amazon S3")
                                .serviceNamespace("s3")
                                .totalAuthenticatedEntities(0)
                                .build());
        server.advance(Duration.ofMinutes(10));
        as("alice").listUsers();
        server.advance(Duration.ofMinutes(10));
        assertThat(services(ALICE).getFirst())
                .isEqualTo(ServiceLastAccessed.builder()
                        .serviceName("AWS Identity and Access Management")
                        .serviceNamespace("iam")
                        .lastAuthenticated(TestServer.START.plus(Duration.ofMinutes(10)))
                        .lastAuthenticatedEntity(ALICE)
                        .lastAuthenticatedRegion("us-east-1")
                        .totalAuthenticatedEntities(1)
                        .build());
        // "Attempts" are those that were denied, too.
        assertThatThrownBy(() -> as("alice").createUser(r -> r.userName("x"))).isInstanceOf(AwsServiceException.class);
        assertThat(services(ALICE).getFirst().lastAuthenticated())
                .isEqualTo(TestServer.START.plus(Duration.ofMinutes(20)));
        server.advance(Duration.ofDays(401));
        assertThat(services(ALICE).getFirst().lastAuthenticated()).isNull();
    }

    @Test
    void actionsAreToldWhereTheyAreAskedFor() {
        iam.putUserPolicy(r -> r.userName("alice").policyName("a").policyDocument(allow("iam:ListUser*")));
        as("alice").listUsers();
        var found = details(ALICE, AccessAdvisorUsageGranularityType.ACTION_LEVEL);
        assertThat(found.jobType()).isEqualTo(AccessAdvisorUsageGranularityType.ACTION_LEVEL);
        assertThat(found.servicesLastAccessed()).hasSize(1);
        assertThat(found.servicesLastAccessed().getFirst().trackedActionsLastAccessed())
                .containsExactly(
                        TrackedActionLastAccessed.builder()
                                .actionName("ListUserPolicies")
                                .build(),
                        TrackedActionLastAccessed.builder()
                                .actionName("ListUserTags")
                                .build(),
                        TrackedActionLastAccessed.builder()
                                .actionName("ListUsers")
                                .lastAccessedEntity(ALICE)
                                .lastAccessedRegion("us-east-1")
                                .lastAccessedTime(TestServer.START)
                                .build());
    }

    @Test
    void usesOutliveARestartOnceTheyAreWrittenAndEndWithTheUser() {
        iam.putUserPolicy(r -> r.userName("alice").policyName("a").policyDocument(allow("iam:*")));
        as("alice").listUsers();
        job(ALICE, AccessAdvisorUsageGranularityType.SERVICE_LEVEL);
        server.restart();
        IamClient again = server.client(IamClient.class);
        String id = again.generateServiceLastAccessedDetails(r -> r.arn(ALICE)).jobId();
        TestServer.await(
                () -> again.getServiceLastAccessedDetails(r -> r.jobId(id)).jobStatus() == JobStatusType.COMPLETED);
        assertThat(again.getServiceLastAccessedDetails(r -> r.jobId(id))
                        .servicesLastAccessed()
                        .getFirst()
                        .lastAuthenticated())
                .isEqualTo(TestServer.START);
        assertThat(server.rowCounts()).containsEntry("iam.service-use", 1L);
        again.deleteUserPolicy(r -> r.userName("alice").policyName("a"));
        again.deleteUser(r -> r.userName("alice"));
        assertThat(server.rowCounts().getOrDefault("iam.service-use", 0L)).isZero();
    }

    @Test
    void ofAPolicyItIsToldWhoHasUsedIt() {
        iam.createUser(r -> r.userName("bob"));
        iam.createGroup(r -> r.groupName("team"));
        iam.addUserToGroup(r -> r.groupName("team").userName("bob"));
        iam.createRole(r -> r.roleName("worker").assumeRolePolicyDocument(Documented.EC2));
        String policy = iam.createPolicy(r -> r.policyName("lists").policyDocument(allow("iam:ListUsers")))
                .policy()
                .arn();
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(policy));
        iam.attachGroupPolicy(r -> r.groupName("team").policyArn(policy));
        iam.attachRolePolicy(r -> r.roleName("worker").policyArn(policy));
        as("bob").listUsers();
        assertThat(services(policy).getFirst().lastAuthenticatedEntity())
                .isEqualTo("arn:aws:iam::123456789012:user/bob");
        assertThat(services(policy).getFirst().totalAuthenticatedEntities()).isEqualTo(1);
        String id = job(policy, AccessAdvisorUsageGranularityType.SERVICE_LEVEL);
        List<EntityDetails> entities = iam.getServiceLastAccessedDetailsWithEntities(
                        r -> r.jobId(id).serviceNamespace("iam"))
                .entityDetailsList();
        assertThat(entities)
                .extracting(e -> e.entityInfo().typeAsString() + " "
                        + e.entityInfo().name() + " " + (e.lastAuthenticated() != null))
                .containsExactlyInAnyOrder("USER alice false", "GROUP team true", "ROLE worker false");
        assertThat(iam.getServiceLastAccessedDetailsWithEntities(
                                r -> r.jobId(id).serviceNamespace("s3"))
                        .entityDetailsList())
                .isEmpty();
        refuses(
                "InvalidInput",
                "Invalid service namespace: none",
                () -> iam.getServiceLastAccessedDetailsWithEntities(
                        r -> r.jobId(id).serviceNamespace("none")));
    }

    @Test
    void thePoliciesThatGrantAServiceAreTold() {
        iam.createGroup(r -> r.groupName("team"));
        iam.addUserToGroup(r -> r.groupName("team").userName("alice"));
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(Documented.ADMINISTRATOR));
        iam.putUserPolicy(r -> r.userName("alice").policyName("own").policyDocument(allow("s?:Get*")));
        iam.putUserPolicy(r -> r.userName("alice").policyName("denies").policyDocument(Documented.deny("s3:*")));
        iam.putGroupPolicy(r -> r.groupName("team")
                .policyName("others")
                .policyDocument(allow("s3:*").replace("Action", "NotAction")));
        var entries = iam.listPoliciesGrantingServiceAccess(r -> r.arn(ALICE).serviceNamespaces("s3", "sqs"))
                .policiesGrantingServiceAccess();
        assertThat(entries).extracting(e -> e.serviceNamespace()).containsExactly("s3", "sqs");
        assertThat(entries.get(0).policies())
                .extracting(p -> p.policyName())
                .containsExactly("own", "AdministratorAccess");
        assertThat(entries.get(0).policies().get(0).policyType()).isEqualTo(PolicyType.INLINE);
        assertThat(entries.get(0).policies().get(0).entityName()).isEqualTo("alice");
        assertThat(entries.get(0).policies().get(1).policyArn()).isEqualTo(Documented.ADMINISTRATOR);
        assertThat(entries.get(1).policies())
                .extracting(p -> p.policyName())
                .containsExactly("AdministratorAccess", "others");
        assertThat(entries.get(1).policies().get(1).entityType()).isEqualTo(PolicyOwnerEntityType.GROUP);
    }

    @Test
    void whatIsNotThereIsRefused() {
        String none = "arn:aws:iam::123456789012:user/none";
        refuses(
                "NoSuchEntity",
                "ARN " + none + " does not exist.",
                () -> iam.generateServiceLastAccessedDetails(r -> r.arn(none)));
        String bucket = "arn:aws:s3:::example-bucket";
        refuses(
                "InvalidInput",
                "Invalid ARN: " + bucket,
                () -> iam.generateServiceLastAccessedDetails(r -> r.arn(bucket)));
        refuses(
                "InvalidInput",
                "Invalid ARN: " + Documented.ADMINISTRATOR,
                () -> iam.listPoliciesGrantingServiceAccess(
                        r -> r.arn(Documented.ADMINISTRATOR).serviceNamespaces("s3")));
        String job = "01234567-89ab-cdef-0123-456789abcdef";
        refuses(
                "NoSuchEntity",
                "The job with id " + job + " cannot be found.",
                () -> iam.getServiceLastAccessedDetails(r -> r.jobId(job)));
    }
}
