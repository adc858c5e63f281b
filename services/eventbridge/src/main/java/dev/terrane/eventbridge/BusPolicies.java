package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.Condition;
import software.amazon.awssdk.services.eventbridge.model.PolicyLengthExceededException;
import software.amazon.awssdk.services.eventbridge.model.PutPermissionRequest;
import software.amazon.awssdk.services.eventbridge.model.PutPermissionResponse;
import software.amazon.awssdk.services.eventbridge.model.RemovePermissionRequest;
import software.amazon.awssdk.services.eventbridge.model.RemovePermissionResponse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The resource policies of buses: whole, or a statement at a time. */
final class BusPolicies {
    private static final JsonMapper JSON = RecordCodec.json();
    private static final int LARGEST = 10_240;
    private static final String STATEMENT = "Statement";

    private final EventBridgeTables tables;
    private final Buses buses;
    private final Clock clock;

    BusPolicies(EventBridgeTables tables, Buses buses, Clock clock) {
        this.tables = tables;
        this.buses = buses;
        this.clock = clock;
    }

    PutPermissionResponse put(PutPermissionRequest request) {
        Scope scope = Call.current().scope();
        BusRecord bus = buses.existing(scope, Names.bus(request.eventBusName()));
        if (request.policy() == null) {
            ObjectNode policy = without(bus, statementId(request));
            statements(policy).add(statement(scope, bus, request));
            write(scope, bus, policy.toString());
        } else {
            if (request.statementId() != null || request.action() != null || request.principal() != null) {
                throw Errors.invalid(
                        "Policy can't be given together with StatementId, Action, Principal or Condition.");
            }
            write(scope, bus, request.policy());
        }
        return PutPermissionResponse.builder().build();
    }

    private static String statementId(PutPermissionRequest request) {
        if (request.statementId() == null || request.action() == null || request.principal() == null) {
            throw Errors.invalid("StatementId, Action and Principal must be specified unless Policy is.");
        }
        if (!request.action().equals("events:PutEvents")) {
            throw Errors.invalid("Provided value in parameter 'action' is not supported.");
        }
        return request.statementId();
    }

    private static ObjectNode statement(Scope scope, BusRecord bus, PutPermissionRequest request) {
        ObjectNode statement = JSON.createObjectNode();
        statement.put("Sid", request.statementId());
        statement.put("Effect", "Allow");
        if (request.principal().equals("*")) {
            statement.put("Principal", "*");
        } else {
            statement
                    .putObject("Principal")
                    .put("AWS", Arn.iam(request.principal(), "root").toString());
        }
        statement.put("Action", request.action());
        statement.put("Resource", Names.busArn(scope, bus.name()));
        Condition condition = request.condition();
        if (condition != null) {
            statement.putObject("Condition").putObject(condition.type()).put(condition.key(), condition.value());
        }
        return statement;
    }

    RemovePermissionResponse remove(RemovePermissionRequest request) {
        Scope scope = Call.current().scope();
        BusRecord bus = buses.existing(scope, Names.bus(request.eventBusName()));
        if (Boolean.TRUE.equals(request.removeAllPermissions())) {
            tables.put(scope, bus.withPolicy(Optional.empty(), clock.instant()));
            return RemovePermissionResponse.builder().build();
        }
        if (request.statementId() == null) {
            throw Errors.invalid("Parameter(s) StatementId must be specified unless RemoveAllPermissions is.");
        }
        if (bus.policy().isEmpty()) {
            throw Errors.notFound("EventBus does not have a policy.");
        }
        ObjectNode policy = without(bus, request.statementId());
        if (statements(policy).size() == statements(read(bus)).size()) {
            throw Errors.notFound("Statement with the provided id does not exist.");
        }
        if (statements(policy).isEmpty()) {
            tables.put(scope, bus.withPolicy(Optional.empty(), clock.instant()));
        } else {
            write(scope, bus, policy.toString());
        }
        return RemovePermissionResponse.builder().build();
    }

    private void write(Scope scope, BusRecord bus, String policy) {
        if (policy.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
            throw PolicyLengthExceededException.builder()
                    .message("The policy is longer than " + LARGEST + " bytes.")
                    .build();
        }
        try {
            PolicyDocument.parse(policy, PolicyType.RESOURCE);
        } catch (MalformedPolicy e) {
            throw Errors.invalid("Policy is not valid: " + e.getMessage());
        }
        tables.put(scope, bus.withPolicy(Optional.of(policy), clock.instant()));
    }

    private static ObjectNode read(BusRecord bus) {
        return bus.policy().map(text -> (ObjectNode) JSON.readTree(text)).orElseGet(() -> {
            ObjectNode fresh = JSON.createObjectNode();
            fresh.put("Version", "2012-10-17");
            fresh.putArray(STATEMENT);
            return fresh;
        });
    }

    private static ArrayNode statements(ObjectNode policy) {
        if (policy.get(STATEMENT) instanceof ArrayNode statements) {
            return statements;
        }
        ArrayNode statements = JSON.createArrayNode();
        Optional.ofNullable(policy.get(STATEMENT)).ifPresent(statements::add);
        policy.set(STATEMENT, statements);
        return statements;
    }

    private static ObjectNode without(BusRecord bus, String statementId) {
        ObjectNode policy = read(bus);
        ArrayNode kept = JSON.createArrayNode();
        statements(policy).forEach(statement -> {
            if (!statement.path("Sid").asString("").equals(statementId)) {
                kept.add(statement);
            }
        });
        policy.set(STATEMENT, kept);
        return policy;
    }
}
