package dev.terrane.gateway;

import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.identity.AccessKeyIds;
import dev.terrane.kernel.identity.Identities;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The global condition keys of a call ("AWS global condition context keys" in the IAM user guide). */
final class ConditionKeys {
    private ConditionKeys() {}

    static Map<String, List<String>> of(
            Call call,
            Requirement requirement,
            Identities.Grants grants,
            String resourceAccount,
            Map<String, List<String>> more) {
        Map<String, List<String>> keys = new HashMap<>(requirement.conditions());
        Principal principal = call.principal();
        keys.put("aws:CurrentTime", List.of(call.time().toString()));
        keys.put("aws:EpochTime", List.of(Long.toString(call.time().getEpochSecond())));
        keys.put("aws:SecureTransport", List.of(Boolean.toString(call.secure())));
        keys.put("aws:RequestedRegion", List.of(call.region()));
        keys.put("aws:UserAgent", List.of(call.userAgent()));
        keys.put("aws:ResourceAccount", List.of(resourceAccount));
        boolean service = principal instanceof Principal.Service;
        keys.put("aws:PrincipalIsAWSService", List.of(Boolean.toString(service)));
        call.tokenIssued().ifPresent(time -> keys.put("aws:TokenIssueTime", List.of(time.toString())));
        keys.put("aws:ViaAWSService", List.of("false"));
        if (!call.sourceAddress().endsWith(".amazonaws.com")
                && !call.sourceAddress().endsWith(".internal")) {
            keys.put("aws:SourceIp", List.of(call.sourceAddress()));
        }
        if (service) {
            keys.put("aws:PrincipalServiceName", List.of(principal.arn()));
            keys.put("aws:PrincipalServiceNamesList", List.of(principal.arn()));
            keys.put("aws:SourceAccount", List.of(principal.account()));
        } else if (!principal.account().isEmpty()) {
            keys.put("aws:PrincipalAccount", List.of(principal.account()));
            keys.put("aws:userid", List.of(principal.userId()));
            keys.put("aws:PrincipalArn", List.of(identityArn(principal)));
        }
        keys.put("aws:PrincipalType", List.of(type(principal)));
        switch (principal) {
            case Principal.User user -> keys.put("aws:username", List.of(user.name()));
            case Principal.AssumedRole role -> {
                keys.putAll(role.providerKeys());
                if (!role.sourceIdentity().isEmpty()) {
                    keys.put("aws:SourceIdentity", List.of(role.sourceIdentity()));
                }
                role.sessionTags().forEach((key, value) -> keys.put("aws:PrincipalTag/" + key, List.of(value)));
            }
            case Principal.FederatedUser session ->
                session.sessionTags().forEach((key, value) -> keys.put("aws:PrincipalTag/" + key, List.of(value)));
            case Principal.Federated user -> keys.putAll(user.keys());
            case Principal.Root root -> {}
            case Principal.Service ignored -> {}
            case Principal.Anonymous anonymous -> {}
        }
        putSecondFactor(call, keys);
        grants.tags().forEach((key, value) -> keys.putIfAbsent("aws:PrincipalTag/" + key, List.of(value)));
        keys.putAll(more);
        return keys;
    }

    /** Long-term keys say nothing of a second factor, so the keys are absent with them; a call to STS may bring one with it. */
    private static void putSecondFactor(Call call, Map<String, List<String>> keys) {
        boolean temporary = call.principal() instanceof Principal.AssumedRole
                || call.accessKeyId().startsWith(AccessKeyIds.TEMPORARY);
        if (temporary || call.mfa()) {
            keys.put("aws:MultiFactorAuthPresent", List.of(Boolean.toString(call.mfa())));
        }
        if (call.mfa()) {
            long age = Duration.between(call.tokenIssued().orElse(call.time()), call.time())
                    .toSeconds();
            keys.put("aws:MultiFactorAuthAge", List.of(Long.toString(age)));
        }
    }

    /** A role session is known to policies by its role. */
    private static String identityArn(Principal principal) {
        return principal instanceof Principal.AssumedRole role ? role.roleArn() : principal.arn();
    }

    private static String type(Principal principal) {
        return switch (principal) {
            case Principal.Root root -> "Account";
            case Principal.User user -> "User";
            case Principal.AssumedRole role -> "AssumedRole";
            case Principal.FederatedUser session -> "FederatedUser";
            case Principal.Federated user -> "FederatedUser";
            case Principal.Service service -> "Service";
            case Principal.Anonymous anonymous -> "Anonymous";
        };
    }

    /** A resource's tags, by the global key and by the service's own, which some services have. */
    static Map<String, List<String>> resourceTags(String action, Map<String, String> tags) {
        String service = action.substring(0, action.indexOf(':'));
        Map<String, List<String>> keys = HashMap.newHashMap(2 * tags.size());
        tags.forEach((key, value) -> {
            keys.put("aws:ResourceTag/" + key, List.of(value));
            keys.put(service + ":ResourceTag/" + key, List.of(value));
        });
        return keys;
    }
}
