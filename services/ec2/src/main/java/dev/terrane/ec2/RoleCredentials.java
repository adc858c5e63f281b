package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Credentials of an instance's role. EC2 itself assumes the role, which must trust it, in a session named after the instance; new
 * ones are there well before the old ones expire.
 */
final class RoleCredentials {
    private static final Duration RENEWED_BEFORE_END = Duration.ofMinutes(15);
    private static final String SERVICE = "ec2.amazonaws.com";

    private record Kept(Credentials credentials, Instant updated) {}

    private final Clients clients;
    private final Clock clock;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    RoleCredentials(Clients clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** The name of the role in the instance's profile. */
    Optional<String> roleName(Scope scope, InstanceRecord record) {
        return role(scope, record).map(Role::roleName);
    }

    private Optional<Role> role(Scope scope, InstanceRecord record) {
        if (record.instance().iamInstanceProfile() == null) {
            return Optional.empty();
        }
        String name = Arn.parse(record.instance().iamInstanceProfile().arn()).name();
        try {
            return clients
                    .client(IamClient.class, new Actor.Platform(scope))
                    .getInstanceProfile(r -> r.instanceProfileName(name))
                    .instanceProfile()
                    .roles()
                    .stream()
                    .findFirst();
        } catch (NoSuchEntityException e) {
            return Optional.empty();
        }
    }

    /** The document that SDKs read; empty where the instance has no role of that name. */
    Optional<String> json(Scope scope, InstanceRecord record, String roleName) {
        return role(scope, record)
                .filter(role -> role.roleName().equals(roleName))
                .map(role -> document(scope, record, role));
    }

    private String document(Scope scope, InstanceRecord record, Role role) {
        Map<String, String> document = new LinkedHashMap<>();
        try {
            Kept current = current(scope, record, role);
            document.put("Code", "Success");
            document.put("LastUpdated", second(current.updated()));
            document.put("Type", "AWS-HMAC");
            document.put("AccessKeyId", current.credentials().accessKeyId());
            document.put("SecretAccessKey", current.credentials().secretAccessKey());
            document.put("Token", current.credentials().sessionToken());
            document.put("Expiration", second(current.credentials().expiration()));
        } catch (AwsServiceException e) {
            document.put("Code", "AssumeRoleUnauthorizedAccess");
            document.put(
                    "Message",
                    "EC2 cannot assume the role " + role.roleName() + ". Please see documentation. "
                            + AwsErrors.message(e));
            document.put("LastUpdated", second(clock.instant()));
        }
        return RecordCodec.json().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private Kept current(Scope scope, InstanceRecord record, Role role) {
        String key = record.id() + " " + role.arn();
        Kept before = kept.get(key);
        Instant now = clock.instant();
        if (before != null && now.isBefore(before.credentials().expiration().minus(RENEWED_BEFORE_END))) {
            return before;
        }
        Credentials fresh = clients.client(StsClient.class, new Actor.Service(SERVICE, scope, ""))
                .assumeRole(r -> r.roleArn(role.arn()).roleSessionName(record.id()))
                .credentials();
        Kept renewed = new Kept(fresh, now);
        kept.values().removeIf(old -> !now.isBefore(old.credentials().expiration()));
        kept.put(key, renewed);
        return renewed;
    }

    /** Forgets the credentials of an instance that has ended. */
    void forget(String instanceId) {
        kept.keySet().removeIf(key -> key.startsWith(instanceId + " "));
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
