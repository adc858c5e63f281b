package dev.terrane.secretsmanager;

import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import dev.terrane.kernel.store.RecordCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.model.*;
import tools.jackson.databind.JsonNode;

/** Resource policies of secrets. */
final class SecretPolicies {
    private static final String PUBLIC = "The resource policy grants access to everyone.";

    private final SecretTables tables;
    private final Lookup lookup;

    SecretPolicies(SecretTables tables, Lookup lookup) {
        this.tables = tables;
        this.lookup = lookup;
    }

    PutResourcePolicyResponse put(PutResourcePolicyRequest request) {
        SecretTables.Placed found = lookup.live(request.secretId());
        problem(request.resourcePolicy()).ifPresent(problem -> {
            throw MalformedPolicyDocumentException.builder()
                    .message("This resource policy contains invalid Json. " + problem)
                    .build();
        });
        if (Boolean.TRUE.equals(request.blockPublicPolicy()) && isPublic(request.resourcePolicy())) {
            throw PublicPolicyException.builder().message(PUBLIC).build();
        }
        tables.put(found.scope(), found.secret().withPolicy(Optional.of(request.resourcePolicy())));
        return PutResourcePolicyResponse.builder()
                .arn(found.secret().arn())
                .name(found.secret().name())
                .build();
    }

    private static Optional<String> problem(String policy) {
        try {
            PolicyDocument document = PolicyDocument.parse(policy, PolicyType.RESOURCE);
            return document.statements().isEmpty() ? Optional.of("It has no statement.") : Optional.empty();
        } catch (MalformedPolicy e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether a statement lets everyone in, without a condition. */
    private static boolean isPublic(String policy) {
        JsonNode statements = RecordCodec.json().readTree(policy).path("Statement");
        List<JsonNode> all = new ArrayList<>();
        if (statements.isArray()) {
            statements.forEach(all::add);
        } else {
            all.add(statements);
        }
        return all.stream()
                .filter(statement -> statement.path("Effect").asString("").equals("Allow"))
                .filter(statement -> statement.path("Condition").isEmpty())
                .anyMatch(statement -> everyone(statement.path("Principal"))
                        || everyone(statement.path("Principal").path("AWS")));
    }

    private static boolean everyone(JsonNode principal) {
        if (principal.isArray()) {
            for (JsonNode one : principal) {
                if (everyone(one)) {
                    return true;
                }
            }
        }
        return principal.isString() && principal.asString("").equals("*");
    }

    GetResourcePolicyResponse get(GetResourcePolicyRequest request) {
        SecretRecord secret = lookup.live(request.secretId()).secret();
        return GetResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .resourcePolicy(secret.policy().orElse(null))
                .build();
    }

    DeleteResourcePolicyResponse delete(DeleteResourcePolicyRequest request) {
        SecretTables.Placed found = lookup.live(request.secretId());
        tables.put(found.scope(), found.secret().withPolicy(Optional.empty()));
        return DeleteResourcePolicyResponse.builder()
                .arn(found.secret().arn())
                .name(found.secret().name())
                .build();
    }

    ValidateResourcePolicyResponse validate(ValidateResourcePolicyRequest request) {
        if (request.secretId() != null) {
            lookup.live(request.secretId());
        }
        List<ValidationErrorsEntry> errors = new ArrayList<>();
        Optional<String> problem = problem(request.resourcePolicy());
        problem.ifPresent(text -> errors.add(error("ValidResourcePolicy", text)));
        if (problem.isEmpty() && isPublic(request.resourcePolicy())) {
            errors.add(error("PublicPolicy", PUBLIC));
        }
        return ValidateResourcePolicyResponse.builder()
                .policyValidationPassed(errors.isEmpty())
                .validationErrors(errors)
                .build();
    }

    private static ValidationErrorsEntry error(String check, String message) {
        return ValidationErrorsEntry.builder()
                .checkName(check)
                .errorMessage(message)
                .build();
    }
}
