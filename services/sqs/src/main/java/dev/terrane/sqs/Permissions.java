package dev.terrane.sqs;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.store.RecordCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.AddPermissionRequest;
import software.amazon.awssdk.services.sqs.model.AddPermissionResponse;
import software.amazon.awssdk.services.sqs.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sqs.model.RemovePermissionResponse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** AddPermission and RemovePermission: statements of the queue's policy, told by their label. */
final class Permissions {
    private static final JsonMapper JSON = RecordCodec.json();
    private static final String STATEMENT = "Statement";
    private static final Set<String> ACTIONS = Set.of(
            "*",
            "SendMessage",
            "ReceiveMessage",
            "DeleteMessage",
            "ChangeMessageVisibility",
            "GetQueueAttributes",
            "GetQueueUrl",
            "ListDeadLetterSourceQueues",
            "PurgeQueue");

    private final SqsTables tables;
    private final Queues queues;
    private final Clock clock;

    Permissions(SqsTables tables, Queues queues, Clock clock) {
        this.tables = tables;
        this.queues = queues;
        this.clock = clock;
    }

    AddPermissionResponse add(AddPermissionRequest request) {
        QueueRecord queue = queues.forChange(request.queueUrl());
        ObjectNode policy = read(queue);
        if (has(policy, request.label())) {
            throw Errors.parameter(
                    "Value " + request.label() + " for parameter Label is invalid. Reason: Already exists.");
        }
        ObjectNode statement = statements(policy).addObject();
        statement.put("Sid", request.label());
        statement.put("Effect", "Allow");
        ArrayNode principals = statement.putObject("Principal").putArray("AWS");
        request.awsAccountIds()
                .forEach(account -> principals.add(Arn.iam(account, "root").toString()));
        ArrayNode actions = statement.putArray("Action");
        request.actions().forEach(action -> {
            if (!ACTIONS.contains(action)) {
                throw Errors.parameter(
                        "Value SQS:" + action
                                + " for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.");
            }
            actions.add("SQS:" + action);
        });
        statement.put("Resource", queue.arn());
        write(queue, policy);
        return AddPermissionResponse.builder().build();
    }

    RemovePermissionResponse remove(RemovePermissionRequest request) {
        QueueRecord queue = queues.forChange(request.queueUrl());
        ObjectNode policy = read(queue);
        if (!has(policy, request.label())) {
            throw Errors.parameter("Value " + request.label()
                    + " for parameter Label is invalid. Reason: can't find label on existing policy.");
        }
        ArrayNode left = JSON.createArrayNode();
        statements(policy).forEach(statement -> {
            if (!statement.path("Sid").asString("").equals(request.label())) {
                left.add(statement);
            }
        });
        policy.set(STATEMENT, left);
        write(queue, policy);
        return RemovePermissionResponse.builder().build();
    }

    private static boolean has(ObjectNode policy, String label) {
        return statements(policy)
                .valueStream()
                .anyMatch(statement -> statement.path("Sid").asString("").equals(label));
    }

    private void write(QueueRecord queue, ObjectNode policy) {
        String json = statements(policy).isEmpty() ? "" : policy.toString();
        Map<String, String> attributes = new LinkedHashMap<>(
                QueueAttributes.changed(queue.attributes(), Map.of(QueueAttributes.POLICY, json), queue.fifo()));
        tables.put(queue.withAttributes(attributes, clock.instant()));
    }

    private static ObjectNode read(QueueRecord queue) {
        String policy = queue.attribute(QueueAttributes.POLICY);
        if (!policy.isEmpty()) {
            return (ObjectNode) JSON.readTree(policy);
        }
        ObjectNode fresh = JSON.createObjectNode();
        fresh.put("Version", "2012-10-17");
        fresh.put("Id", queue.arn() + "/SQSDefaultPolicy");
        fresh.putArray(STATEMENT);
        return fresh;
    }

    private static ArrayNode statements(ObjectNode policy) {
        if (policy.get(STATEMENT) instanceof ArrayNode statements) {
            return statements;
        }
        ArrayNode statements = JSON.createArrayNode();
        if (policy.has(STATEMENT)) {
            statements.add(policy.get(STATEMENT));
        }
        policy.set(STATEMENT, statements);
        return statements;
    }
}
