package dev.terrane.codebuild;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.RecordCodec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.ssm.SsmClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The variables that a build's commands find.
 *
 * @see <a href="https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html">Those that CodeBuild defines</a>
 */
final class BuildVariables {
    private final Supplier<SsmClient> parameters;
    private final Supplier<SecretsManagerClient> secrets;
    private final BuildLog log;

    BuildVariables(Supplier<SsmClient> parameters, Supplier<SecretsManagerClient> secrets, BuildLog log) {
        this.parameters = parameters;
        this.secrets = secrets;
        this.log = log;
    }

    /** What CodeBuild itself defines. */
    static Map<String, String> defined(Build build, Scope scope, String sourceFolder, String endpoint) {
        Map<String, String> all = new HashMap<>();
        all.put("CI", "true");
        all.put("CODEBUILD_CI", "true");
        all.put("CODEBUILD_BUILD_ARN", build.arn());
        all.put("CODEBUILD_BUILD_ID", build.id());
        all.put("CODEBUILD_BUILD_IMAGE", build.environment().image());
        all.put("CODEBUILD_BUILD_NUMBER", String.valueOf(build.buildNumber()));
        all.put("CODEBUILD_PROJECT_ARN", Projects.arn(scope, build.projectName()));
        all.put("CODEBUILD_INITIATOR", build.initiator());
        all.put("CODEBUILD_KMS_KEY_ID", build.encryptionKey());
        all.put("CODEBUILD_SRC_DIR", sourceFolder);
        all.put("CODEBUILD_START_TIME", String.valueOf(build.startTime().toEpochMilli()));
        put(all, "CODEBUILD_LOG_PATH", build.logs().streamName());
        put(all, "CODEBUILD_SOURCE_VERSION", build.sourceVersion());
        put(all, "CODEBUILD_SOURCE_REPO_URL", build.source().location());
        all.put("AWS_REGION", scope.region());
        all.put("AWS_DEFAULT_REGION", scope.region());
        all.put("AWS_ENDPOINT_URL", endpoint);
        all.put("HOME", "/root");
        return all;
    }

    private static void put(Map<String, String> all, String name, @Nullable String value) {
        if (value != null) {
            all.put(name, value);
        }
    }

    /** Those of the project and of the build's start. */
    Map<String, String> given(List<EnvironmentVariable> variables) {
        Map<String, String> all = new LinkedHashMap<>();
        for (EnvironmentVariable variable : variables) {
            String type = variable.typeAsString() == null ? "PLAINTEXT" : variable.typeAsString();
            all.put(
                    variable.name(),
                    switch (type) {
                        case "PARAMETER_STORE" -> parameter(variable.value());
                        case "SECRETS_MANAGER" -> secret(variable.value());
                        default -> variable.value();
                    });
        }
        return all;
    }

    /** Those of the build specification. */
    Map<String, String> specified(Buildspec.Env env) {
        Map<String, String> all = new LinkedHashMap<>(env.variables());
        env.parameters().forEach((name, parameter) -> all.put(name, parameter(parameter)));
        env.secrets().forEach((name, secret) -> all.put(name, secret(secret)));
        return all;
    }

    /** Whether a build may show a variable's value: not those of AWS, nor what comes from Parameter Store or Secrets Manager. */
    static boolean exportable(String name, Buildspec.Env env, List<EnvironmentVariable> given) {
        boolean stored = env.secrets().containsKey(name)
                || env.parameters().containsKey(name)
                || given.stream()
                        .anyMatch(variable -> variable.name().equals(name)
                                && variable.type() != null
                                && variable.type() != EnvironmentVariableType.PLAINTEXT);
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") && !name.startsWith("AWS_") && !stored;
    }

    private String parameter(String name) {
        try {
            String value = parameters
                    .get()
                    .getParameter(r -> r.name(name).withDecryption(true))
                    .parameter()
                    .value();
            log.mask(value);
            return value;
        } catch (SdkException e) {
            throw new BuildFailure("Decrypted Variables Error", "parameter " + name + ": " + e.getMessage());
        }
    }

    /** {@code secret-id:json-key:version-stage:version-id}, where the id may be an ARN. */
    private String secret(String reference) {
        boolean arn = Arn.isArn(reference);
        String[] parts = reference.split(":", -1);
        int from = arn ? 7 : 1;
        String id = arn && parts.length >= 7 ? String.join(":", List.of(parts).subList(0, 7)) : parts[0];
        GetSecretValueRequest.Builder request = GetSecretValueRequest.builder().secretId(id);
        String stage = part(parts, from + 1);
        String version = part(parts, from + 2);
        if (!stage.isEmpty()) {
            request.versionStage(stage);
        }
        if (!version.isEmpty()) {
            request.versionId(version);
        }
        try {
            String whole = secrets.get().getSecretValue(request.build()).secretString();
            String key = part(parts, from);
            String value = key.isEmpty() ? whole : member(id, whole, key);
            log.mask(value);
            return value;
        } catch (SdkException e) {
            throw new BuildFailure("Secrets Manager Error Message", reference + ": " + e.getMessage());
        }
    }

    private static String part(String[] parts, int at) {
        return at < parts.length ? parts[at] : "";
    }

    private static String member(String id, String json, String key) {
        try {
            JsonNode value = RecordCodec.json().readTree(json).get(key);
            if (value != null) {
                return value.isValueNode() ? value.asString() : value.toString();
            }
        } catch (JacksonException e) {
            throw new BuildFailure("Secrets Manager Error Message", id + ": the secret is not JSON");
        }
        throw new BuildFailure("Secrets Manager Error Message", id + ": the secret has no key " + key);
    }
}
