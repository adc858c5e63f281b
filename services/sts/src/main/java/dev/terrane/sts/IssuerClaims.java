package dev.terrane.sts;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which claims of a token are condition keys ("Available keys for AWS OIDC federation" in the IAM user guide). */
final class IssuerClaims {
    private static final List<String> EVERYWHERE = List.of("sub", "amr", "email");

    private static final Map<String, List<String>> MORE = Map.of(
            "token.actions.githubusercontent.com",
            List.of(
                    "actor",
                    "actor_id",
                    "enterprise_id",
                    "environment",
                    "job_workflow_ref",
                    "ref",
                    "repository",
                    "repository_id",
                    "repository_owner_id",
                    "workflow"),
            "gitlab.com",
            List.of(
                    "namespace_id",
                    "pipeline_source",
                    "project_id",
                    "ref_protected",
                    "runner_environment",
                    "user_access_level",
                    "user_email",
                    "user_id",
                    "user_login"),
            "agent.buildkite.com",
            List.of(
                    "build_branch",
                    "cluster_id",
                    "cluster_name",
                    "organization_id",
                    "organization_slug",
                    "pipeline_id",
                    "pipeline_slug"));

    private static final String GITHUB = "token.actions.githubusercontent.com";
    private static final String GITHUB_ENTERPRISE = "token\\.actions\\.[a-z0-9-]+\\.ghe\\.com";
    private static final String CIRCLE = "oidc.circleci.com/org/";

    private IssuerClaims() {}

    /** @param issuer its URL without {@code https://} */
    static List<String> of(String issuer) {
        return Stream.concat(EVERYWHERE.stream(), ofThis(issuer).stream()).toList();
    }

    private static List<String> ofThis(String issuer) {
        if (issuer.startsWith(GITHUB + "/") || issuer.matches(GITHUB_ENTERPRISE)) {
            return MORE.getOrDefault(GITHUB, List.of());
        }
        return issuer.startsWith(CIRCLE)
                ? List.of("oidc.circleci.com/project-id")
                : MORE.getOrDefault(issuer, List.of());
    }
}
