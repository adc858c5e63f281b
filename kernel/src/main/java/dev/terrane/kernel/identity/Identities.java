package dev.terrane.kernel.identity;

import dev.terrane.kernel.call.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the front door asks of IAM. IAM implements it; every call of every service goes through it, so it must be fast. */
public interface Identities {
    /** A long-term access key that is active; empty when there is none, or it is inactive. */
    Optional<Credential> accessKey(String accessKeyId);

    /**
     * Told that a long-term key has signed a request, for its owner to see. It is told of every request, so it must not write.
     *
     * @param service the service that the request was signed for, such as {@code s3}
     */
    default void used(String accessKeyId, Instant time, String service, String region) {}

    /**
     * Told that a principal has tried an action, allowed or not, for access advisor. It is told of every call, so it must not write.
     *
     * @param action with its service before it: {@code s3:GetObject}
     */
    default void tried(Principal principal, String action, String region, Instant time) {}

    /** The user whose active service-specific Git credential this is; empty when the name is unknown or the password wrong. */
    default Optional<Principal> gitCredential(String userName, String password) {
        return Optional.empty();
    }

    /** What the code of an MFA device proves. */
    enum SecondFactor {
        /** The code is right, and is so no more. */
        PROVEN,
        /** The code is wrong or was used before, or there were too many wrong ones of late. */
        WRONG,
        /** The principal has no such device. */
        UNKNOWN
    }

    /**
     * Takes the code that a principal's MFA device shows. A right one is used up, durably.
     *
     * @param serialNumber the device's
     * @param time when the code came
     */
    default SecondFactor secondFactor(Principal principal, String serialNumber, String code, Instant time) {
        return SecondFactor.UNKNOWN;
    }

    /** The policies that apply to a principal. One that no longer exists has none. */
    Grants grants(Principal principal);

    /** A role as one who assumes it needs to know it, or empty when there is none. */
    Optional<Role> role(String roleArn);

    /**
     * The policies of a principal.
     *
     * @param policies identity policies by name or ARN, as JSON
     * @param boundary the permissions boundary as JSON
     * @param tags the principal's tags, for {@code aws:PrincipalTag}
     */
    record Grants(List<Named> policies, Optional<String> boundary, Map<String, String> tags) {
        /** No rights at all. */
        public static final Grants NONE = new Grants(List.of(), Optional.empty(), Map.of());
    }

    /** A policy and how messages name it. */
    record Named(String name, String document) {}

    /** A role.
     *
     * @param trustPolicy as JSON */
    record Role(String account, String roleId, String path, String name, String trustPolicy, int maxSessionSeconds) {}
}
