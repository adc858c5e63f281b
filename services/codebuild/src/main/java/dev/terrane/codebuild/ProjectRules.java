package dev.terrane.codebuild;

import static dev.terrane.codebuild.Refusals.invalid;
import static dev.terrane.codebuild.Refusals.unsupported;

import dev.terrane.kernel.arn.Arn;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.LogsConfig;
import software.amazon.awssdk.services.codebuild.model.LogsConfigStatusType;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectCache;
import software.amazon.awssdk.services.codebuild.model.ProjectEnvironment;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.Tag;

/** What a project, or a build with its overrides, may ask for. */
final class ProjectRules {
    private static final Set<String> SOURCES = Set.of(
            "CODECOMMIT", "CODEPIPELINE", "GITHUB", "S3", "BITBUCKET", "GITHUB_ENTERPRISE", "GITLAB", "NO_SOURCE");
    private static final Set<String> VARIABLES = Set.of("PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER");
    private static final int MOST_TAGS = 50;

    private ProjectRules() {}

    static void source(ProjectSource source, boolean secondary) {
        String type = source.typeAsString();
        if (!SOURCES.contains(type)) {
            throw unsupported("Source type " + type);
        }
        boolean located = source.location() != null && !source.location().isEmpty();
        if (type.equals("NO_SOURCE") || type.equals("CODEPIPELINE")) {
            if (secondary) {
                throw invalid("Invalid secondary source type: " + type);
            }
        } else if (!located) {
            throw invalid("Invalid project source: location is required for source type " + type);
        }
        if (type.equals("NO_SOURCE")
                && (source.buildspec() == null || source.buildspec().isBlank())) {
            throw invalid("Invalid buildspec: source type NO_SOURCE requires a buildspec in the project.");
        }
        if (Boolean.TRUE.equals(source.reportBuildStatus())) {
            throw unsupported("reportBuildStatus");
        }
        if (source.auth() != null) {
            throw unsupported("Source authorization (auth)");
        }
        if (secondary
                && (source.sourceIdentifier() == null
                        || source.sourceIdentifier().isEmpty())) {
            throw invalid("A secondary source requires a sourceIdentifier.");
        }
    }

    static void artifacts(ProjectArtifacts artifacts, boolean secondary) {
        boolean bucket = artifacts.location() != null && !artifacts.location().isEmpty();
        switch (artifacts.typeAsString()) {
            case "S3" -> {
                if (!bucket) {
                    throw invalid("Invalid artifacts: location is required for artifact type S3.");
                }
            }
            case "CODEPIPELINE", "NO_ARTIFACTS" -> {
                if (secondary) {
                    throw invalid("Invalid secondary artifacts type: " + artifacts.typeAsString());
                }
            }
            default -> throw invalid("Invalid artifacts type: " + artifacts.typeAsString());
        }
        if (secondary && artifacts.artifactIdentifier() == null) {
            throw invalid("Secondary artifacts require an artifactIdentifier.");
        }
    }

    static void environment(ProjectEnvironment environment) {
        if (!Set.of("LINUX_CONTAINER", "ARM_CONTAINER", "LINUX_GPU_CONTAINER").contains(environment.typeAsString())) {
            throw unsupported("Environment type " + environment.typeAsString());
        }
        if (environment.registryCredential() != null) {
            throw unsupported("registryCredential");
        }
        if (environment.fleet() != null) {
            throw unsupported("A fleet");
        }
        if (environment.certificate() != null) {
            throw unsupported("A certificate of the environment");
        }
        if (Boolean.TRUE.equals(environment.privilegedMode())) {
            throw unsupported("privilegedMode");
        }
        variables(environment.environmentVariables());
    }

    static void variables(List<EnvironmentVariable> variables) {
        Set<String> names = new HashSet<>();
        for (EnvironmentVariable variable : variables) {
            if (!variable.name().matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw invalid("Invalid environment variable name: " + variable.name());
            }
            if (!names.add(variable.name())) {
                throw invalid("Duplicate environment variable name: " + variable.name());
            }
            if (variable.typeAsString() != null && !VARIABLES.contains(variable.typeAsString())) {
                throw invalid("Invalid environment variable type: " + variable.typeAsString());
            }
        }
    }

    static void cache(ProjectCache cache) {
        if ("S3".equals(cache.typeAsString())
                && (cache.location() == null || cache.location().isEmpty())) {
            throw invalid("Invalid cache: location is required for cache type S3.");
        }
        for (String mode : cache.modesAsStrings()) {
            if (!mode.equals("LOCAL_CUSTOM_CACHE")) {
                throw unsupported("Cache mode " + mode);
            }
        }
    }

    static void logs(LogsConfig logs) {
        if (logs.s3Logs() != null
                && logs.s3Logs().status() == LogsConfigStatusType.ENABLED
                && (logs.s3Logs().location() == null || logs.s3Logs().location().isEmpty())) {
            throw invalid("Invalid logs config: location is required when S3 logs are enabled.");
        }
    }

    static void role(String role) {
        boolean formed = Arn.find(role)
                .filter(arn -> arn.service().equals("iam") && arn.type().equals("role"))
                .isPresent();
        if (!formed) {
            throw invalid("Invalid service role: Service role account ID does not match caller's account");
        }
    }

    static void tags(List<Tag> tags) {
        Set<String> keys = new HashSet<>();
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().regionMatches(true, 0, "aws:", 0, 4) || !keys.add(tag.key())) {
                throw invalid("Invalid tag key: " + tag.key());
            }
        }
        if (tags.size() > MOST_TAGS) {
            throw invalid("A resource has at most " + MOST_TAGS + " tags.");
        }
    }
}
