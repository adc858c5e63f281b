package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.store.RecordCodec;
import java.util.Map;
import software.amazon.awssdk.services.sns.model.AddPermissionRequest;
import software.amazon.awssdk.services.sns.model.AddPermissionResponse;
import software.amazon.awssdk.services.sns.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sns.model.RemovePermissionResponse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** AddPermission and RemovePermission: statements of the topic's policy, told by their label. */
final class TopicPermissions {
    private static final JsonMapper JSON = RecordCodec.json();
    private static final String STATEMENT = "Statement";

    private final SnsTables tables;
    private final Topics topics;

    TopicPermissions(SnsTables tables, Topics topics) {
        this.tables = tables;
        this.topics = topics;
    }

    AddPermissionResponse add(AddPermissionRequest request) {
        TopicRecord topic = topics.forChange(request.topicArn());
        ObjectNode policy = (ObjectNode) JSON.readTree(TopicAttributes.policy(topic));
        ArrayNode statements = without(policy, request.label());
        if (statements.size() < policy.path(STATEMENT).size()) {
            throw Errors.invalid("Statement already exists");
        }
        ObjectNode statement = statements.addObject();
        statement.put("Sid", request.label());
        statement.put("Effect", "Allow");
        ArrayNode principals = statement.putObject("Principal").putArray("AWS");
        request.awsAccountIds()
                .forEach(account -> principals.add(Arn.iam(account, "root").toString()));
        ArrayNode actions = statement.putArray("Action");
        request.actionNames().forEach(action -> actions.add("SNS:" + action));
        statement.put("Resource", topic.arn());
        write(topic, policy, statements);
        return AddPermissionResponse.builder().build();
    }

    RemovePermissionResponse remove(RemovePermissionRequest request) {
        TopicRecord topic = topics.forChange(request.topicArn());
        ObjectNode policy = (ObjectNode) JSON.readTree(TopicAttributes.policy(topic));
        write(topic, policy, without(policy, request.label()));
        return RemovePermissionResponse.builder().build();
    }

    private static ArrayNode without(ObjectNode policy, String label) {
        ArrayNode left = JSON.createArrayNode();
        policy.path(STATEMENT).forEach(statement -> {
            if (!statement.path("Sid").asString("").equals(label)) {
                left.add(statement);
            }
        });
        return left;
    }

    private void write(TopicRecord topic, ObjectNode policy, ArrayNode statements) {
        policy.set(STATEMENT, statements);
        tables.put(topic.withAttributes(TopicAttributes.changed(
                topic.attributes(),
                Map.of(TopicAttributes.POLICY, statements.isEmpty() ? "" : policy.toString()),
                topic.fifo())));
    }
}
