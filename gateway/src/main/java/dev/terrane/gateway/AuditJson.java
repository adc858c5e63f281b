package dev.terrane.gateway;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import tools.jackson.core.JsonGenerator;
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
            "SecretToken",
            "secretToken",
            "SessionToken",
            "secretAccessKey",
            "sessionToken",
            "WebIdentityToken",
            "SAMLAssertion",
            "KeyMaterial",
            "UserData",
            "webhookSecret",
            "oAuthToken",
            "PrivateKey",
            "EncryptedKeyMaterial",
            "TokenCode",
            "AuthenticationCode1",
            "AuthenticationCode2",
            // Whether a template hides a parameter, and which properties of a resource are secrets, is not known here.
            "ParameterValue",
            "DesiredState",
            "PatchDocument",
            "ResourceModel");

    private AuditJson() {}

    static String of(SdkPojo pojo) {
        StringWriter json = new StringWriter(512);
        try (JsonGenerator out = JSON.createGenerator(json)) {
            write(pojo, out);
        }
        return json.getBuffer().length() <= LONGEST ? json.toString() : "{\"requestParametersOmitted\":true}";
    }

    private static void write(SdkPojo pojo, JsonGenerator out) {
        out.writeStartObject();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (value == null
                    || value instanceof SdkAutoConstructList
                    || value instanceof SdkAutoConstructMap
                    || value instanceof SdkBytes) {
                continue;
            }
            String name = field.memberName();
            out.writeName(Character.toLowerCase(name.charAt(0)) + name.substring(1));
            if (value instanceof String && secret(pojo, name)) {
                out.writeString(HIDDEN);
            } else {
                write(value, out);
            }
        }
        out.writeEndObject();
    }

    private static boolean secret(SdkPojo pojo, String name) {
        return SECRET.contains(name)
                || (name.equals("Value") && pojo.getClass().getSimpleName().equals("PutParameterRequest"));
    }

    private static void write(@Nullable Object value, JsonGenerator out) {
        switch (value) {
            case null -> out.writeNull();
            case SdkPojo pojo -> write(pojo, out);
            case SdkBytes bytes -> out.writeNull();
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(element -> write(element, out));
                out.writeEndArray();
            }
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((key, element) -> {
                    out.writeName(String.valueOf(key));
                    write(element, out);
                });
                out.writeEndObject();
            }
            case Number number -> out.writePOJO(number);
            case Boolean bool -> out.writeBoolean(bool);
            default -> out.writeString(value.toString());
        }
    }
}
