package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.RecordCodec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Resource policies of an account, which let service principals write to its log groups. */
final class ResourcePolicies {
    private static final int MOST = 10;
    private static final JsonMapper JSON = RecordCodec.json();

    private final LogTables tables;
    private final PageTokens pages;

    ResourcePolicies(LogTables tables, PageTokens pages) {
        this.tables = tables;
        this.pages = pages;
    }

    PutResourcePolicyResponse put(PutResourcePolicyRequest request) {
        refuseOneResource(request.resourceArn(), request.expectedRevisionId());
        if (request.policyName() == null || request.policyDocument() == null) {
            throw invalid("A policyName and a policyDocument are required.");
        }
        checkDocument(request.policyDocument());
        Scope scope = Call.current().scope();
        boolean known = tables.policy(scope, request.policyName()).isPresent();
        if (!known && tables.policies(scope).size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("Resource limit exceeded.")
                    .build();
        }
        PolicyRecord policy = new PolicyRecord(
                request.policyName(), request.policyDocument(), Call.current().time());
        tables.put(scope, policy);
        return PutResourcePolicyResponse.builder().resourcePolicy(shown(policy)).build();
    }

    private static void refuseOneResource(@Nullable String resourceArn, @Nullable String revision) {
        if (resourceArn != null || revision != null) {
            throw invalid("Policies of a single log group are not supported; put one for the account.");
        }
    }

    private static void checkDocument(String document) {
        JsonNode policy;
        try {
            policy = JSON.readTree(document);
        } catch (JacksonException e) {
            throw invalid("The policy document is not valid JSON.");
        }
        JsonNode statements = policy.path("Statement");
        if (!policy.isObject() || !(statements.isArray() || statements.isObject())) {
            throw invalid("The policy document has no Statement.");
        }
    }

    DeleteResourcePolicyResponse delete(DeleteResourcePolicyRequest request) {
        refuseOneResource(request.resourceArn(), request.expectedRevisionId());
        Scope scope = Call.current().scope();
        if (request.policyName() == null
                || tables.policy(scope, request.policyName()).isEmpty()) {
            throw ResourceNotFoundException.builder()
                    .message("Policy with name [" + request.policyName() + "] does not exist")
                    .build();
        }
        tables.deletePolicy(scope, request.policyName());
        return DeleteResourcePolicyResponse.builder().build();
    }

    DescribeResourcePoliciesResponse describe(DescribeResourcePoliciesRequest request) {
        refuseOneResource(request.resourceArn(), null);
        Scope scope = Call.current().scope();
        // All fit on one page, so no token of this listing was ever given out.
        Optional<String> unused = LogGroups.cursor(pages, "DescribeResourcePolicies" + scope, request.nextToken());
        return DescribeResourcePoliciesResponse.builder()
                .resourcePolicies(
                        unused.isPresent()
                                ? List.of()
                                : tables.policies(scope).stream()
                                        .map(ResourcePolicies::shown)
                                        .toList())
                .build();
    }

    private static ResourcePolicy shown(PolicyRecord policy) {
        return ResourcePolicy.builder()
                .policyName(policy.name())
                .policyDocument(policy.document())
                .lastUpdatedTime(policy.updated().toEpochMilli())
                .policyScope(PolicyScope.ACCOUNT)
                .build();
    }

    /** All statements of an account's policies as one document. */
    Optional<String> document(Scope scope) {
        List<PolicyRecord> policies = tables.policies(scope);
        if (policies.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode all = JSON.createObjectNode().put("Version", "2012-10-17");
        ArrayNode statements = all.putArray("Statement");
        for (PolicyRecord policy : policies) {
            JsonNode some = JSON.readTree(policy.document()).path("Statement");
            if (some.isArray()) {
                some.forEach(statements::add);
            } else {
                statements.add(some);
            }
        }
        return Optional.of(all.toString());
    }
}
