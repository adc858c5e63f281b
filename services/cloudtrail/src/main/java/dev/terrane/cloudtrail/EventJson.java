package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.store.RecordCodec;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record as CloudTrail writes it: see "CloudTrail record contents" and "CloudTrail userIdentity element". */
final class EventJson {
    private EventJson() {}

    /** @param data whether it is a data event, and no management event */
    static String of(AuditRecord event, boolean data) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("eventVersion", "1.11");
        json.put("userIdentity", identity(event));
        json.put("eventTime", event.time().truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("eventSource", event.eventSource());
        json.put("eventName", event.eventName());
        json.put("awsRegion", event.region());
        json.put("sourceIPAddress", event.sourceAddress());
        json.put("userAgent", event.userAgent());
        if (event.errorCode() != null) {
            json.put("errorCode", event.errorCode());
            json.put("errorMessage", event.errorMessage());
        }
        json.put("requestParameters", tree(event.requestParameters()));
        json.put("responseElements", tree(event.responseElements()));
        if (event.denial() != null) {
            json.put("additionalEventData", Map.of("encodedAuthorizationMessage", event.denial()));
        }
        json.put("requestID", event.requestId());
        json.put("eventID", event.eventId());
        json.put("readOnly", event.readOnly());
        if (!event.resources().isEmpty()) {
            json.put(
                    "resources",
                    event.resources().stream().map(arn -> resource(arn, event)).toList());
        }
        json.put("eventType", "AwsApiCall");
        json.put("managementEvent", !data);
        json.put("recipientAccountId", event.account());
        json.put("eventCategory", data ? "Data" : "Management");
        return RecordCodec.json().writeValueAsString(json);
    }

    private static Map<String, String> resource(String arn, AuditRecord event) {
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put("accountId", owner(arn, event));
        ResourceTypes.of(arn).ifPresent(type -> resource.put("type", type));
        resource.put("ARN", arn);
        return resource;
    }

    private static String owner(String arn, AuditRecord event) {
        return Arn.find(arn).map(Arn::account).filter(a -> !a.isEmpty()).orElse(event.account());
    }

    private static @Nullable Object tree(@Nullable String json) {
        return json == null ? null : RecordCodec.json().readTree(json);
    }

    private static Map<String, Object> identity(AuditRecord event) {
        Map<String, Object> identity = new LinkedHashMap<>();
        switch (event.principal()) {
            case Principal.Root root -> known(identity, "Root", root, event);
            case Principal.User user -> {
                known(identity, "IAMUser", user, event);
                identity.put("userName", user.name());
                if (event.sessionBegun() != null) {
                    identity.put("sessionContext", Map.of("attributes", attributes(event)));
                }
            }
            case Principal.AssumedRole role -> {
                known(identity, "AssumedRole", role, event);
                identity.put("sessionContext", session(role, event));
            }
            case Principal.FederatedUser user -> {
                known(identity, "FederatedUser", user, event);
                Map<String, Object> session = new LinkedHashMap<>();
                session.put("sessionIssuer", issuer(user.issuer()));
                session.put("attributes", attributes(event));
                identity.put("sessionContext", session);
            }
            case Principal.Federated user -> {
                identity.put("type", user.type());
                identity.put("principalId", user.userId());
                identity.put("userName", user.userName());
                identity.put(
                        "identityProvider",
                        user.keys()
                                .getOrDefault("saml:namequalifier", List.of(user.provider()))
                                .getFirst());
            }
            case Principal.Service service -> {
                identity.put("type", "AWSService");
                identity.put("invokedBy", service.name());
            }
            case Principal.Anonymous anonymous -> {
                identity.put("type", "AWSAccount");
                identity.put("principalId", "");
                identity.put("accountId", "anonymous");
            }
        }
        if (!identity.containsKey("invokedBy") && event.sourceAddress().endsWith(".amazonaws.com")) {
            identity.put("invokedBy", event.sourceAddress());
        }
        return identity;
    }

    private static void known(Map<String, Object> identity, String type, Principal principal, AuditRecord event) {
        identity.put("type", type);
        identity.put("principalId", principal.userId());
        identity.put("arn", principal.arn());
        identity.put("accountId", principal.account());
        if (!event.accessKeyId().isEmpty()) {
            identity.put("accessKeyId", event.accessKeyId());
        }
    }

    private static Map<String, Object> issuer(Principal principal) {
        Map<String, Object> issuer = new LinkedHashMap<>();
        issuer.put("type", principal instanceof Principal.User ? "IAMUser" : "Root");
        issuer.put("principalId", principal.userId());
        issuer.put("arn", principal.arn());
        issuer.put("accountId", principal.account());
        if (principal instanceof Principal.User user) {
            issuer.put("userName", user.name());
        }
        return issuer;
    }

    private static Map<String, Object> session(Principal.AssumedRole role, AuditRecord event) {
        Map<String, Object> issuer = new LinkedHashMap<>();
        issuer.put("type", "Role");
        issuer.put("principalId", role.roleId());
        issuer.put("arn", role.roleArn());
        issuer.put("accountId", role.account());
        issuer.put("userName", role.roleName());
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("sessionIssuer", issuer);
        List<String> provider = role.providerKeys().getOrDefault("aws:FederatedProvider", List.of());
        if (provider.stream().anyMatch(arn -> arn.contains(":oidc-provider/"))) {
            Map<String, Object> federation = new LinkedHashMap<>();
            federation.put("federatedProvider", provider.getFirst());
            federation.put("attributes", Map.of());
            session.put("webIdFederationData", federation);
        }
        session.put("attributes", attributes(event));
        if (!role.sourceIdentity().isEmpty()) {
            session.put("sourceIdentity", role.sourceIdentity());
        }
        return session;
    }

    private static Map<String, String> attributes(AuditRecord event) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (event.sessionBegun() != null) {
            attributes.put(
                    "creationDate",
                    event.sessionBegun().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        attributes.put("mfaAuthenticated", Boolean.toString(event.mfa()));
        return attributes;
    }
}
