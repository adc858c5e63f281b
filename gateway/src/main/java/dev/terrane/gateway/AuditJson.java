package dev.terrane.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import tools.jackson.databind.json.JsonMapper;

/** Requests and responses as the trail shows them: members in lower camel case, secrets and bodies left out, bounded in size. */
final class AuditJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST = 100 * 1024;
    private static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";
    private static final Set<String> SECRET = Set.of(
            "Plaintext",
            "plaintext",
            "SecretString",
            "SecretBinary",
            "Password",
            "NewPassword",
            "OldPassword",
            "ServicePassword",
            "ServiceCredentialSecret",
            "SecretAccessKey",
            "SessionToken",
            "KeyMaterial",
            "UserData",
            "webhookSecret",
            "oAuthToken",
            "PrivateKey",
            "EncryptedKeyMaterial");

    private AuditJson() {}

    static String of(SdkPojo pojo) {
        String json = JSON.writeValueAsString(members(pojo));
        return json.length() <= LONGEST ? json : "{\"requestParametersOmitted\":true}";
    }

    private static Map<String, Object> members(SdkPojo pojo) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (value == null || value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap) {
                continue;
            }
            String name = field.memberName();
            boolean secret = SECRET.contains(name)
                    || (name.equals("Value") && pojo.getClass().getSimpleName().equals("PutParameterRequest"));
            Object shown = secret && value instanceof String ? HIDDEN : plain(value);
            if (shown != null) {
                members.put(Character.toLowerCase(name.charAt(0)) + name.substring(1), shown);
            }
        }
        return members;
    }

    private static @Nullable Object plain(Object value) {
        return switch (value) {
            case SdkPojo pojo -> members(pojo);
            case SdkBytes bytes -> null;
            case List<?> list ->
                list.stream().map(e -> e == null ? null : plain(e)).toList();
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((k, v) -> copy.put(String.valueOf(k), v == null ? null : plain(v)));
                yield copy;
            }
            case Number number -> number;
            case Boolean bool -> bool;
            default -> value.toString();
        };
    }
}
