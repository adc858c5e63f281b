package dev.terrane.iam;

import static dev.terrane.iam.Documented.ADMINISTRATOR;
import static dev.terrane.iam.Documented.EC2;
import static dev.terrane.iam.Documented.allow;
import static dev.terrane.iam.Documented.refuses;
import static dev.terrane.iam.Documented.tag;
import static dev.terrane.iam.Documented.trusting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.testkit.TestServer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ListUsersResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.iam.model.User;

/** Users, their keys, groups, roles and instance profiles. */
final class EntitiesTest {
    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void aUserHasPathIdAndTags() {
        User user = iam.createUser(r -> r.userName("Alice").path("/team/red/").tags(tag("a", "1"), tag("B", "2")))
                .user();
        assertThat(user.arn()).isEqualTo("arn:aws:iam::123456789012:user/team/red/Alice");
        assertThat(user.userId()).matches("AIDA[A-Z2-7]{17}");
        assertThat(user.createDate()).isEqualTo(TestServer.START);
        assertThat(iam.getUser(r -> r.userName("alice")).user()).isEqualTo(user);
        assertThat(iam.listUsers(r -> r.pathPrefix("/team/")).users()).hasSize(1);
        assertThat(iam.listUsers(r -> r.pathPrefix("/other/")).users()).isEmpty();
    }

    @Test
    void namesAreUniqueWithoutRegardToCase() {
        iam.createUser(r -> r.userName("Alice"));
        refuses(
                "EntityAlreadyExists",
                "User with name alice already exists.",
                () -> iam.createUser(r -> r.userName("alice")));
        iam.createRole(r -> r.roleName("Worker").assumeRolePolicyDocument(EC2));
        refuses(
                "EntityAlreadyExists",
                "Role with name worker already exists.",
                () -> iam.createRole(r -> r.roleName("worker").assumeRolePolicyDocument(EC2)));
        iam.createGroup(r -> r.groupName("Red"));
        refuses(
                "EntityAlreadyExists",
                "Group with name RED already exists.",
                () -> iam.createGroup(r -> r.groupName("RED")));
    }

    @Test
    void whatIsAbsentIsNamed() {
        refuses("NoSuchEntity", "The user with name x cannot be found.", () -> iam.getUser(r -> r.userName("x")));
        refuses("NoSuchEntity", "The role with name x cannot be found.", () -> iam.getRole(r -> r.roleName("x")));
        refuses("NoSuchEntity", "The group with name x cannot be found.", () -> iam.getGroup(r -> r.groupName("x")));
        refuses(
                "NoSuchEntity",
                "Instance Profile x cannot be found.",
                () -> iam.getInstanceProfile(r -> r.instanceProfileName("x")));
    }

    @Test
    void aUserInUseIsNotDeleted() {
        iam.createUser(r -> r.userName("alice"));
        iam.createGroup(r -> r.groupName("g"));
        AccessKey key = iam.createAccessKey(r -> r.userName("alice")).accessKey();
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        iam.putUserPolicy(r -> r.userName("alice").policyName("p").policyDocument(allow("s3:*")));
        iam.addUserToGroup(r -> r.userName("alice").groupName("g"));

        refuses("DeleteConflict", "Cannot delete entity, must delete access keys first.", this::deleteAlice);
        iam.deleteAccessKey(r -> r.userName("alice").accessKeyId(key.accessKeyId()));
        refuses("DeleteConflict", "Cannot delete entity, must detach all policies first.", this::deleteAlice);
        iam.detachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        refuses("DeleteConflict", "Cannot delete entity, must delete policies first.", this::deleteAlice);
        iam.deleteUserPolicy(r -> r.userName("alice").policyName("p"));
        refuses("DeleteConflict", "Cannot delete entity, must remove users from group first.", this::deleteAlice);
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must remove users from group first.",
                () -> iam.deleteGroup(r -> r.groupName("g")));
        iam.removeUserFromGroup(r -> r.userName("alice").groupName("g"));
        deleteAlice();
        iam.deleteGroup(r -> r.groupName("g"));
        assertThat(iam.listUsers().users()).isEmpty();
    }

    private void deleteAlice() {
        iam.deleteUser(r -> r.userName("alice"));
    }

    @Test
    void aRenamedUserKeepsItsIdGroupsPoliciesAndKeys() {
        User before = iam.createUser(r -> r.userName("alice")).user();
        iam.createGroup(r -> r.groupName("g"));
        iam.addUserToGroup(r -> r.userName("alice").groupName("g"));
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        AccessKey key = iam.createAccessKey(r -> r.userName("alice")).accessKey();
        iam.updateUser(r -> r.userName("alice").newUserName("alicia").newPath("/x/"));
        User after = iam.getUser(r -> r.userName("alicia")).user();
        assertThat(after.userId()).isEqualTo(before.userId());
        assertThat(after.arn()).isEqualTo("arn:aws:iam::123456789012:user/x/alicia");
        assertThat(iam.getGroup(r -> r.groupName("g")).users()).containsExactly(after);
        assertThat(iam.listEntitiesForPolicy(r -> r.policyArn(ADMINISTRATOR)).policyUsers())
                .singleElement()
                .satisfies(u -> assertThat(u.userName()).isEqualTo("alicia"));
        assertThat(iam.getAccessKeyLastUsed(r -> r.accessKeyId(key.accessKeyId()))
                        .userName())
                .isEqualTo("alicia");
        refuses(
                "NoSuchEntity",
                "The user with name alice cannot be found.",
                () -> iam.getUser(r -> r.userName("alice")));
    }

    @Test
    void aUserHasTwoAccessKeysAtMost() {
        iam.createUser(r -> r.userName("alice"));
        AccessKey first = iam.createAccessKey(r -> r.userName("alice")).accessKey();
        assertThat(first.accessKeyId()).matches("AKIA[A-Z2-7]{16}");
        assertThat(first.secretAccessKey()).hasSize(40);
        iam.createAccessKey(r -> r.userName("alice"));
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for AccessKeysPerUser: 2",
                () -> iam.createAccessKey(r -> r.userName("alice")));
        iam.updateAccessKey(
                r -> r.userName("alice").accessKeyId(first.accessKeyId()).status(StatusType.INACTIVE));
        assertThat(iam.listAccessKeys(r -> r.userName("alice")).accessKeyMetadata())
                .extracting(AccessKeyMetadata::status)
                .containsExactly(StatusType.INACTIVE, StatusType.ACTIVE);
        refuses(
                "NoSuchEntity",
                "The Access Key with id AKIA0000000000000000 cannot be found.",
                () -> iam.deleteAccessKey(r -> r.userName("alice").accessKeyId("AKIA0000000000000000")));
        assertThat(iam.getAccessKeyLastUsed(r -> r.accessKeyId(first.accessKeyId()))
                        .accessKeyLastUsed()
                        .serviceName())
                .isEqualTo("N/A");
    }

    @Test
    void withoutAUserNameTheCallerIsMeant() {
        User user = iam.createUser(r -> r.userName("alice")).user();
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        IamClient alice =
                server.client(IamClient.class, new Principal.User(TestServer.ACCOUNT, user.userId(), "/", "alice"));
        assertThat(alice.createAccessKey().accessKey().userName()).isEqualTo("alice");
        assertThat(alice.listAccessKeys().accessKeyMetadata()).hasSize(1);
        IamClient root = server.client(IamClient.class, new Principal.Root(TestServer.ACCOUNT));
        assertThat(root.getUser().user().arn()).isEqualTo("arn:aws:iam::123456789012:root");
        refuses(
                "ValidationError",
                "Must specify userName when calling with non-User credentials",
                root::listAccessKeys);
    }

    @Test
    void listingsArePaged() {
        IntStream.range(0, 5).forEach(i -> iam.createUser(r -> r.userName("u" + i)));
        ListUsersResponse first = iam.listUsers(r -> r.maxItems(2));
        assertThat(first.users()).extracting(User::userName).containsExactly("u0", "u1");
        assertThat(first.isTruncated()).isTrue();
        ListUsersResponse second = iam.listUsers(r -> r.maxItems(3).marker(first.marker()));
        assertThat(second.users()).extracting(User::userName).containsExactly("u2", "u3", "u4");
        assertThat(second.isTruncated()).isFalse();
        assertThat(second.marker()).isNull();
        assertThat(iam.listUsersPaginator(r -> r.maxItems(2)).users()).hasSize(5);
        refuses("ValidationError", "Invalid Marker.", () -> iam.listUsers(r -> r.marker("bm9uc2Vuc2U")));
        refuses(
                "ValidationError",
                "Invalid Marker.",
                () -> iam.listUsers(r -> r.pathPrefix("/x/").marker(first.marker())));
    }

    @Test
    void tagKeysOfUsersDifferByMoreThanCase() {
        iam.createUser(r -> r.userName("alice").tags(tag("Department", "foo")));
        iam.tagUser(r -> r.userName("alice").tags(tag("department", "bar"), tag("x", "")));
        assertThat(iam.listUserTags(r -> r.userName("alice")).tags())
                .containsExactly(tag("department", "bar"), tag("x", ""));
        iam.untagUser(r -> r.userName("alice").tagKeys("DEPARTMENT", "absent"));
        assertThat(iam.listUserTags(r -> r.userName("alice")).tags()).containsExactly(tag("x", ""));
        refuses(
                "LimitExceeded",
                "The number of tags has reached the maximum limit.",
                () -> iam.tagUser(r -> r.userName("alice")
                        .tags(IntStream.range(0, 50)
                                .mapToObj(i -> tag("k" + i, "v"))
                                .toList())));
        refuses(
                "InvalidInput",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                () -> iam.tagUser(r -> r.userName("alice").tags(tag("a", "1"), tag("A", "2"))));
    }

    @Test
    void aUserBelongsToTenGroupsAtMost() {
        iam.createUser(r -> r.userName("alice"));
        for (int i = 0; i < 11; i++) {
            String name = "g" + i;
            iam.createGroup(r -> r.groupName(name));
        }
        for (String name : IntStream.range(0, 10).mapToObj(i -> "g" + i).toList()) {
            iam.addUserToGroup(r -> r.userName("alice").groupName(name));
        }
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for GroupsPerUser: 10",
                () -> iam.addUserToGroup(r -> r.userName("alice").groupName("g10")));
        assertThat(iam.listGroupsForUser(r -> r.userName("alice")).groups()).hasSize(10);
        iam.updateGroup(r -> r.groupName("g0").newGroupName("first"));
        assertThat(iam.getGroup(r -> r.groupName("first")).users()).hasSize(1);
    }

    @Test
    void aRoleShowsItsTrustPolicyUrlEncoded() {
        Role role = iam.createRole(r -> r.roleName("worker")
                        .path("/x/")
                        .description("d")
                        .assumeRolePolicyDocument(EC2)
                        .maxSessionDuration(7_200))
                .role();
        assertThat(role.arn()).isEqualTo("arn:aws:iam::123456789012:role/x/worker");
        assertThat(role.roleId()).matches("AROA[A-Z2-7]{17}");
        Role read = iam.getRole(r -> r.roleName("worker")).role();
        assertThat(URLDecoder.decode(read.assumeRolePolicyDocument(), StandardCharsets.UTF_8))
                .isEqualTo(EC2);
        assertThat(read.assumeRolePolicyDocument()).doesNotContain("{").doesNotContain("+");
        assertThat(read.maxSessionDuration()).isEqualTo(7_200);
        assertThat(read.description()).isEqualTo("d");
        iam.updateRole(r -> r.roleName("worker").description("e"));
        assertThat(iam.getRole(r -> r.roleName("worker")).role().description()).isEqualTo("e");
    }

    @Test
    void badTrustPoliciesAreRefused() {
        refuses("MalformedPolicyDocument", "Syntax errors in policy.", () -> createRole("not json"));
        refuses(
                "MalformedPolicyDocument",
                "Has prohibited field Resource",
                () -> createRole(EC2.replace("\"Action\"", "\"Resource\":\"*\",\"Action\"")));
        refuses(
                "MalformedPolicyDocument",
                "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:user/absent\"",
                () -> createRole(trusting("{\"AWS\":\"arn:aws:iam::123456789012:user/absent\"}")));
        for (String service : List.of("x", "nonsense.example.com", "ec2", "ec2.amazonaws", "ec2 .amazonaws.com")) {
            refuses(
                    "MalformedPolicyDocument",
                    "Invalid principal in policy: \"SERVICE\":\"" + service + "\"",
                    () -> createRole(trusting("{\"Service\":[\"ec2.amazonaws.com\",\"" + service + "\"]}")));
        }
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for ACLSizePerRole: 2048",
                () -> createRole(trusting(
                        "{\"AWS\":[" + String.join(",", Collections.nCopies(200, "\"123456789012\"")) + "]}")));
        assertThat(iam.listRoles().roles()).isEmpty();
    }

    private void createRole(String trust) {
        iam.createRole(r -> r.roleName("worker").assumeRolePolicyDocument(trust));
    }

    @Test
    void anInstanceProfileHoldsOneRole() {
        createRole(EC2);
        InstanceProfile made = iam.createInstanceProfile(
                        r -> r.instanceProfileName("web").tags(tag("k", "v")))
                .instanceProfile();
        assertThat(made.instanceProfileId()).startsWith("AIPA");
        assertThat(made.arn()).isEqualTo("arn:aws:iam::123456789012:instance-profile/web");
        iam.addRoleToInstanceProfile(r -> r.instanceProfileName("web").roleName("worker"));
        assertThat(iam.getInstanceProfile(r -> r.instanceProfileName("web"))
                        .instanceProfile()
                        .roles())
                .singleElement()
                .satisfies(role -> assertThat(role.arn()).isEqualTo("arn:aws:iam::123456789012:role/worker"));
        assertThat(iam.listInstanceProfilesForRole(r -> r.roleName("worker")).instanceProfiles())
                .hasSize(1);
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
                () -> iam.addRoleToInstanceProfile(
                        r -> r.instanceProfileName("web").roleName("worker")));
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must remove roles from instance profile first.",
                () -> iam.deleteRole(r -> r.roleName("worker")));
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must remove roles from instance profile first.",
                () -> iam.deleteInstanceProfile(r -> r.instanceProfileName("web")));
        iam.removeRoleFromInstanceProfile(r -> r.instanceProfileName("web").roleName("worker"));
        iam.deleteRole(r -> r.roleName("worker"));
        iam.deleteInstanceProfile(r -> r.instanceProfileName("web"));
    }

    @Test
    void theAccountHasAnAliasAndASummary() {
        iam.createAccountAlias(r -> r.accountAlias("terrane"));
        assertThat(iam.listAccountAliases().accountAliases()).containsExactly("terrane");
        refuses(
                "EntityAlreadyExists",
                "The account alias terrane already exists.",
                () -> iam.createAccountAlias(r -> r.accountAlias("terrane")));
        iam.deleteAccountAlias(r -> r.accountAlias("terrane"));
        iam.createUser(r -> r.userName("alice"));
        assertThat(iam.getAccountSummary().summaryMap())
                .containsEntry(SummaryKeyType.USERS, 1)
                .containsEntry(SummaryKeyType.ROLES_QUOTA, 1_000);
        assertThat(iam.getAccountAuthorizationDetails().userDetailList()).hasSize(1);
    }

    @Test
    void everythingOutlivesARestart() {
        iam.createUser(r -> r.userName("alice").path("/p/").tags(tag("k", "v")));
        AccessKey key = iam.createAccessKey(r -> r.userName("alice")).accessKey();
        createRole(EC2);
        iam.putRolePolicy(r -> r.roleName("worker").policyName("p").policyDocument(allow("s3:*")));
        var before = iam.getAccountAuthorizationDetails();
        server.restart();
        IamClient again = server.client(IamClient.class);
        assertThat(again.getAccountAuthorizationDetails()).isEqualTo(before);
        assertThat(again.listAccessKeys(r -> r.userName("alice")).accessKeyMetadata())
                .singleElement()
                .satisfies(k -> assertThat(k.accessKeyId()).isEqualTo(key.accessKeyId()));
    }

    @Test
    void callsAreInTheTrailWithoutSecrets() {
        iam.createUser(r -> r.userName("alice"));
        String secret =
                iam.createAccessKey(r -> r.userName("alice")).accessKey().secretAccessKey();
        assertThat(server.trail().toString()).contains("CreateAccessKey").doesNotContain(secret);
    }

    @Test
    void theLastUseOfAKeyIsWrittenWithTheNextUpkeep() {
        iam.createUser(r -> r.userName("alice"));
        String id = iam.createAccessKey(r -> r.userName("alice")).accessKey().accessKeyId();
        IamTables tables = new IamTables(server.platform().store());
        KeyUses uses = new KeyUses(server.platform().store(), tables);
        uses.used(new AccessKeyUseRecord(id, TestServer.START, "s3", "eu-west-1"));
        uses.used(new AccessKeyUseRecord("AKIA0000000000000000", TestServer.START, "s3", "eu-west-1"));
        uses.flush();
        var used = iam.getAccessKeyLastUsed(r -> r.accessKeyId(id)).accessKeyLastUsed();
        assertThat(used.serviceName()).isEqualTo("s3");
        assertThat(used.lastUsedDate()).isEqualTo(TestServer.START);
    }

    @Test
    void aDeletedPrincipalIsTrustedByItsIdOnly() {
        String id = iam.createUser(r -> r.userName("alice")).user().userId();
        createRole(trusting("{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"}"));
        deleteAlice();
        iam.createUser(r -> r.userName("alice"));
        String trust = iam.getRole(r -> r.roleName("worker")).role().assumeRolePolicyDocument();
        assertThat(URLDecoder.decode(trust, StandardCharsets.UTF_8)).isEqualTo(trusting("{\"AWS\":\"" + id + "\"}"));
    }

    @Test
    void theFirstAdministratorIsMadeByThePlatformOnAnEmptyStore() {
        IamClient platform = server.platform()
                .clients()
                .client(IamClient.class, new Actor.Platform(new Scope("111122223333", "eu-west-1")));
        String user =
                platform.createUser(r -> r.userName("administrator")).user().userId();
        platform.attachUserPolicy(r -> r.userName("administrator").policyArn(ADMINISTRATOR));
        assertThat(platform.createAccessKey(r -> r.userName("administrator"))
                        .accessKey()
                        .accessKeyId())
                .startsWith("AKIA");
        IamClient administrator =
                server.client(IamClient.class, new Principal.User("111122223333", user, "/", "administrator"));
        assertThat(administrator.listUsers().users()).hasSize(1);
        assertThat(iam.listUsers().users()).isEmpty();
    }
}
