package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.model.PolicyGrantingServiceAccess;
import software.amazon.awssdk.services.iam.model.PolicyOwnerEntityType;
import software.amazon.awssdk.services.iam.model.PolicyType;

/**
 * Whom access advisor is asked about: a user, group or role, or a managed policy.
 *
 * @param policies those that grant, with their documents
 * @param entities who has them: the user or role itself, the group's users, or whom the policy is attached to
 */
record AccessSubject(List<Granting> policies, List<Identity> entities) {
    /** A policy and how it is told. */
    record Granting(PolicyGrantingServiceAccess policy, String document) {}

    /**
     * Finds it.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException InvalidInput for an ARN of something else, NoSuchEntity where there is nothing
     */
    static AccessSubject find(IamTables tables, Scope scope, String text, boolean policyToo) {
        Arn arn = Arn.find(text)
                .filter(a -> a.service().equals("iam"))
                .orElseThrow(() -> Refusals.invalid("Invalid ARN: " + text));
        Optional<AccessSubject> found = switch (arn.type()) {
            case "user" ->
                identity(tables.users().peek(scope, Names.key(arn.name())), text)
                        .map(user -> new AccessSubject(withGroups(tables, scope, (UserRecord) user), List.of(user)));
            case "role" ->
                identity(tables.roles().peek(scope, Names.key(arn.name())), text)
                        .map(role -> new AccessSubject(policies(tables, role), List.of(role)));
            case "group" ->
                identity(tables.groups().peek(scope, Names.key(arn.name())), text)
                        .map(group -> new AccessSubject(policies(tables, group), members(tables, scope, group)));
            case "policy" -> policyToo ? policy(tables, scope, text) : invalid(text);
            default -> invalid(text);
        };
        return found.orElseThrow(() -> Refusals.noSuchEntity("ARN " + text + " does not exist."));
    }

    private static Optional<AccessSubject> invalid(String arn) {
        throw Refusals.invalid("Invalid ARN: " + arn);
    }

    private static Optional<Identity> identity(Optional<? extends Identity> found, String arn) {
        return found.filter(identity -> identity.arn().equals(arn)).map(identity -> (Identity) identity);
    }

    private static Optional<AccessSubject> policy(IamTables tables, Scope scope, String arn) {
        return ManagedPolicies.peek(tables, arn)
                .filter(policy -> policy.byAws() || policy.account().equals(scope.account()))
                .map(policy -> new AccessSubject(List.of(managed(policy)), attached(tables, scope, arn)));
    }

    private static List<Identity> attached(IamTables tables, Scope scope, String policyArn) {
        return tables.attachments().list(scope, Query.prefix(AttachmentRecord.prefix(policyArn))).values().stream()
                .filter(attachment -> !attachment.boundary())
                .flatMap(attachment -> find(tables, scope, attachment.kind(), attachment.name()))
                .toList();
    }

    private static Stream<Identity> find(IamTables tables, Scope scope, Kind kind, String name) {
        String key = Names.key(name);
        Optional<? extends Identity> found = switch (kind) {
            case USER -> tables.users().peek(scope, key);
            case GROUP -> tables.groups().peek(scope, key);
            case ROLE -> tables.roles().peek(scope, key);
        };
        return found.<Identity>map(identity -> identity).stream();
    }

    /** The users of a group. */
    static List<Identity> members(IamTables tables, Scope scope, Identity group) {
        return tables.memberships().list(scope, Query.prefix(MembershipRecord.prefix(group.name()))).values().stream()
                .flatMap(membership -> find(tables, scope, Kind.USER, membership.user()))
                .toList();
    }

    private static List<Granting> withGroups(IamTables tables, Scope scope, UserRecord user) {
        List<Granting> all = new ArrayList<>(policies(tables, user));
        user.groups().stream()
                .flatMap(group -> find(tables, scope, Kind.GROUP, group))
                .forEach(group -> all.addAll(policies(tables, group)));
        return all;
    }

    private static List<Granting> policies(IamTables tables, Identity identity) {
        List<Granting> all = new ArrayList<>();
        identity.permissions()
                .inline()
                .forEach((name, document) -> all.add(new Granting(
                        PolicyGrantingServiceAccess.builder()
                                .policyName(name)
                                .policyType(PolicyType.INLINE)
                                .entityType(PolicyOwnerEntityType.fromValue(
                                        identity.kind().name()))
                                .entityName(identity.name())
                                .build(),
                        document)));
        identity.permissions().attached().stream()
                .flatMap(arn -> ManagedPolicies.peek(tables, arn).stream())
                .forEach(policy -> all.add(managed(policy)));
        return all;
    }

    private static Granting managed(PolicyRecord policy) {
        return new Granting(
                PolicyGrantingServiceAccess.builder()
                        .policyName(policy.name())
                        .policyType(PolicyType.MANAGED)
                        .policyArn(policy.arn())
                        .build(),
                policy.document());
    }
}
