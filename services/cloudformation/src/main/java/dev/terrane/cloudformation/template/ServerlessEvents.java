package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The events of a function of SAM: event source mappings, subscriptions and rules, with the permissions to call the function. */
final class ServerlessEvents {
    private static final List<String> MAPPING = List.of(
            "BatchSize",
            "BisectBatchOnFunctionError",
            "DestinationConfig",
            "FilterCriteria",
            "FunctionResponseTypes",
            "KmsKeyArn",
            "MaximumBatchingWindowInSeconds",
            "MaximumRecordAgeInSeconds",
            "MaximumRetryAttempts",
            "MetricsConfig",
            "ParallelizationFactor",
            "ScalingConfig",
            "StartingPosition",
            "StartingPositionTimestamp",
            "TumblingWindowInSeconds");

    private final ServerlessResource resource;
    private final Value target;
    private final Consumer<String> managedPolicy;

    /** Events of a function.
     *
     * @param target {@code Ref} of what is called
     * @param managedPolicy takes the names of managed policies that the function's role needs */
    ServerlessEvents(ServerlessResource resource, Value target, Consumer<String> managedPolicy) {
        this.resource = resource;
        this.target = target;
        this.managedPolicy = managedPolicy;
    }

    void make() {
        resource.get("Events")
                .flatMap(Value::object)
                .ifPresent(events -> new TreeMap<>(events.fields()).forEach((name, value) -> {
                    Value.Fields event =
                            value.object().orElseThrow(() -> resource.invalid("event " + name + " must be an object"));
                    String type = event.get("Type")
                            .flatMap(Value::scalar)
                            .orElseThrow(() -> resource.invalid("event " + name + " has no Type"));
                    Value.Fields properties = event.get("Properties")
                            .flatMap(Value::object)
                            .orElse(Value.Fields.of(Map.of(), event.at()));
                    event(name, type, properties);
                }));
    }

    private void event(String name, String type, Value.Fields properties) {
        String id = resource.logicalId() + name;
        switch (type) {
            case "SQS" -> mapping(id, name, properties, "Queue", "service-role/AWSLambdaSQSQueueExecutionRole");
            case "Kinesis" -> mapping(id, name, properties, "Stream", "service-role/AWSLambdaKinesisExecutionRole");
            case "DynamoDB" -> mapping(id, name, properties, "Stream", "service-role/AWSLambdaDynamoDBExecutionRole");
            case "SNS" -> subscription(id, name, properties);
            case "Schedule" -> schedule(id, name, properties);
            case "CloudWatchEvent", "EventBridgeRule" -> rule(id, name, properties);
            default ->
                throw resource.invalid(
                        "event " + name + " of type " + TemplateText.shown(type) + " is not supported by this server");
        }
    }

    private void only(String name, Value.Fields properties, Set<String> known) {
        properties.fields().keySet().stream()
                .filter(property -> !known.contains(property))
                .findFirst()
                .ifPresent(property -> {
                    throw resource.invalid("property " + TemplateText.shown(property) + " of event " + name
                            + " is not supported by this server");
                });
    }

    private Value required(String name, Value.Fields properties, String property) {
        return properties
                .get(property)
                .orElseThrow(() -> resource.invalid(
                        "Event with id [" + name + "] is invalid. Missing required property '" + property + "'."));
    }

    private void mapping(String id, String name, Value.Fields properties, String source, String policy) {
        Set<String> known = new java.util.HashSet<>(MAPPING);
        known.addAll(Set.of(source, "Enabled"));
        only(name, properties, known);
        Made mapping = Made.object()
                .put("EventSourceArn", required(name, properties, source))
                .put("FunctionName", target)
                .put("Enabled", properties.get("Enabled"));
        MAPPING.forEach(same -> mapping.put(same, properties.get(same)));
        resource.beside(id, "AWS::Lambda::EventSourceMapping", mapping.done());
        managedPolicy.accept(policy);
    }

    private void subscription(String id, String name, Value.Fields properties) {
        only(name, properties, Set.of("Topic", "Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"));
        Value topic = required(name, properties, "Topic");
        Made subscription = Made.object()
                .put("Protocol", "lambda")
                .put("Endpoint", called())
                .put("TopicArn", topic);
        for (String same : List.of("Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy")) {
            subscription.put(same, properties.get(same));
        }
        resource.beside(id, "AWS::SNS::Subscription", subscription.done());
        permission(id, "sns.amazonaws.com", topic);
    }

    /** What has the ARN of the function: of an alias its {@code Ref}. */
    private Value called() {
        String name = target.call("Ref").flatMap(Value::scalar).orElse("");
        return name.equals(resource.logicalId()) ? Made.arn(name) : target;
    }

    private void schedule(String id, String name, Value.Fields properties) {
        only(
                name,
                properties,
                Set.of(
                        "Schedule",
                        "Name",
                        "Description",
                        "Enabled",
                        "State",
                        "Input",
                        "DeadLetterConfig",
                        "RetryPolicy"));
        Made rule = Made.object()
                .put("ScheduleExpression", required(name, properties, "Schedule"))
                .put("Name", properties.get("Name"))
                .put("Description", properties.get("Description"))
                .put("State", state(properties));
        rule(id, rule, id + "LambdaTarget", properties);
    }

    private static Optional<Value> state(Value.Fields properties) {
        return properties
                .get("State")
                .or(() -> properties
                        .get("Enabled")
                        .flatMap(Value::scalar)
                        .map(enabled -> Value.text(enabled.equalsIgnoreCase("true") ? "ENABLED" : "DISABLED")));
    }

    private void rule(String id, String name, Value.Fields properties) {
        only(
                name,
                properties,
                Set.of(
                        "Pattern",
                        "EventBusName",
                        "RuleName",
                        "State",
                        "Enabled",
                        "Input",
                        "InputPath",
                        "InputTransformer",
                        "Target",
                        "DeadLetterConfig",
                        "RetryPolicy"));
        Made rule = Made.object()
                .put("EventPattern", required(name, properties, "Pattern"))
                .put("EventBusName", properties.get("EventBusName"))
                .put("Name", properties.get("RuleName"))
                .put("State", state(properties));
        String target = properties
                .get("Target")
                .flatMap(Value::object)
                .flatMap(given -> given.get("Id"))
                .flatMap(Value::scalar)
                .orElse(id + "LambdaTarget");
        rule(id, rule, target, properties);
    }

    private void rule(String id, Made rule, String targetId, Value.Fields properties) {
        Optional<Value> letters = properties.get("DeadLetterConfig");
        if (letters.flatMap(Value::object)
                .filter(config -> config.get("Arn").isEmpty())
                .isPresent()) {
            throw resource.invalid("a DeadLetterConfig without Arn is not supported by this server");
        }
        Made invoked = Made.object().put("Arn", called()).put("Id", targetId);
        for (String same : List.of("Input", "InputPath", "InputTransformer", "RetryPolicy")) {
            invoked.put(same, properties.get(same));
        }
        invoked.put("DeadLetterConfig", letters);
        rule.put("Targets", Made.list(invoked.done()));
        resource.beside(id, "AWS::Events::Rule", rule.done());
        permission(id, "events.amazonaws.com", Made.arn(id));
    }

    private void permission(String id, String principal, Value source) {
        resource.beside(
                id + "Permission",
                "AWS::Lambda::Permission",
                Made.object()
                        .put("Action", "lambda:InvokeFunction")
                        .put("FunctionName", target)
                        .put("Principal", principal)
                        .put("SourceArn", source)
                        .done());
    }
}
