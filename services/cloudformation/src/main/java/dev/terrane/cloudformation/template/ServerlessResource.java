package dev.terrane.cloudformation.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One resource of SAM, and the resources of CloudFormation that it becomes. */
final class ServerlessResource {
    private static final Set<String> KEPT =
            Set.of("DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy");

    private final String logicalId;
    private final Value.Fields resource;
    private final Value.Fields properties;
    private final Map<String, Value> made = new LinkedHashMap<>();
    private final Map<String, String> renamed = new LinkedHashMap<>();

    ServerlessResource(String logicalId, String kind, Value.Fields resource, Optional<Value> global) {
        this.logicalId = logicalId;
        this.resource = resource;
        Value own = resource.get("Properties").orElse(Value.Fields.of(Map.of(), resource.at()));
        properties = global.map(outer -> ServerlessTransform.merged(outer, own))
                .orElse(own)
                .object()
                .orElseThrow(() -> invalid("Properties must be an object"));
        switch (kind) {
            case "SimpleTable" -> simpleTable();
            case "LayerVersion" -> layerVersion();
            case "Application" -> application();
            case "Function" -> new ServerlessFunction(this).make();
            default ->
                throw invalid("AWS::Serverless::" + TemplateText.shown(kind) + " is not supported by this server");
        }
    }

    /** What it became, by logical id. */
    Map<String, Value> made() {
        return made;
    }

    /** What is referred to by another name from now on: {@code Layer}, {@code Function.Alias}. */
    Map<String, String> renamed() {
        return renamed;
    }

    String logicalId() {
        return logicalId;
    }

    Optional<Value> get(String property) {
        return properties.get(property);
    }

    void rename(String name, String to) {
        renamed.put(name, to);
    }

    static TemplateException invalid(String logicalId, String why, Position at) {
        return new TemplateException(
                "Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id ["
                        + logicalId + "] is invalid. " + why,
                at);
    }

    TemplateException invalid(String why) {
        return invalid(logicalId, why, resource.at());
    }

    /** Refuses properties other than those that are carried out. */
    void only(String kind, Set<String> known, Set<String> unsupported) {
        properties.fields().keySet().forEach(name -> {
            if (unsupported.contains(name)) {
                throw invalid(logicalId, "property " + name + " is not supported by this server", properties.at(name));
            }
            if (!known.contains(name)) {
                throw invalid(
                        logicalId,
                        "property " + TemplateText.shown(name) + " not defined for resource of type AWS::Serverless::"
                                + kind,
                        properties.at(name));
            }
        });
    }

    /** Adds the resource that this one is in the first place, with all that stands beside its properties. */
    void base(String id, String type, Value.Fields values) {
        Made base = Made.object().put("Type", type).put("Properties", values);
        resource.fields().forEach((name, value) -> {
            if (KEPT.contains(name)) {
                base.put(name, value);
            }
        });
        made.put(id, base.done());
    }

    /** Adds a resource that goes with it. */
    void beside(String id, String type, Value.Fields values) {
        Made beside = Made.object().put("Type", type).put("Properties", values);
        for (String kept : List.of("Condition", "DeletionPolicy", "UpdateReplacePolicy")) {
            beside.put(kept, resource.get(kept));
        }
        made.put(id, beside.done());
    }

    /** Has a resource that was added stay when it goes from the template: a published version. */
    void keep(String id) {
        made.computeIfPresent(id, (same, value) -> ((Value.Fields) value).with("DeletionPolicy", Value.text("Retain")));
    }

    private void simpleTable() {
        only(
                "SimpleTable",
                Set.of(
                        "PrimaryKey",
                        "ProvisionedThroughput",
                        "TableName",
                        "Tags",
                        "SSESpecification",
                        "PointInTimeRecoverySpecification"),
                Set.of());
        Optional<Value.Fields> key = get("PrimaryKey").flatMap(Value::object);
        Value name = key.flatMap(k -> k.get("Name")).orElse(Value.text("id"));
        String type = key.flatMap(k -> k.get("Type")).flatMap(Value::scalar).orElse("String");
        String letter = Optional.ofNullable(
                        Map.of("String", "S", "Number", "N", "Binary", "B").get(type))
                .orElseThrow(() -> invalid("'Type' of 'PrimaryKey' must be String, Number or Binary"));
        Made table = Made.object()
                .put(
                        "AttributeDefinitions",
                        Made.list(Made.object()
                                .put("AttributeName", name)
                                .put("AttributeType", letter)
                                .done()))
                .put(
                        "KeySchema",
                        Made.list(Made.object()
                                .put("AttributeName", name)
                                .put("KeyType", "HASH")
                                .done()));
        if (get("ProvisionedThroughput").isEmpty()) {
            table.put("BillingMode", "PAY_PER_REQUEST");
        }
        for (String same :
                List.of("ProvisionedThroughput", "TableName", "SSESpecification", "PointInTimeRecoverySpecification")) {
            table.put(same, get(same));
        }
        table.put("Tags", get("Tags").flatMap(Value::object).map(Made::tags));
        base(logicalId, "AWS::DynamoDB::Table", table.done());
    }

    private void layerVersion() {
        only(
                "LayerVersion",
                Set.of(
                        "LayerName",
                        "Description",
                        "ContentUri",
                        "CompatibleRuntimes",
                        "CompatibleArchitectures",
                        "LicenseInfo",
                        "RetentionPolicy"),
                Set.of("PublishLambdaVersion"));
        String retention =
                get("RetentionPolicy").flatMap(Value::scalar).orElse("Retain").toLowerCase(java.util.Locale.ROOT);
        if (!retention.equals("retain") && !retention.equals("delete")) {
            throw invalid("'RetentionPolicy' must be one of the following options: ['Retain', 'Delete']");
        }
        Value content = code(get("ContentUri").orElseThrow(() -> invalid("Missing required property 'ContentUri'.")));
        Made layer = Made.object()
                .put("Content", content)
                .put("LayerName", get("LayerName").orElse(Value.text(logicalId)));
        for (String same : List.of("Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")) {
            layer.put(same, get(same));
        }
        String id = logicalId + Made.digest(layer.done());
        base(id, "AWS::Lambda::LayerVersion", layer.done());
        if (retention.equals("retain")) {
            keep(id);
        }
        rename(logicalId, id);
    }

    private void application() {
        only("Application", Set.of("Location", "Parameters", "NotificationARNs", "Tags", "TimeoutInMinutes"), Set.of());
        Value location =
                get("Location").orElseThrow(() -> invalid("Resource is missing the required [Location] property."));
        if (location instanceof Value.Fields object && object.call().isEmpty()) {
            throw invalid("applications of the Serverless Application Repository are not supported by this server");
        }
        Made stack = Made.object().put("TemplateURL", location).put("Tags", Made.serverlessTags(get("Tags")));
        for (String same : List.of("Parameters", "NotificationARNs", "TimeoutInMinutes")) {
            stack.put(same, get(same));
        }
        base(logicalId, "AWS::CloudFormation::Stack", stack.done());
    }

    /** Where code is: {@code s3://bucket/key}, or an object of {@code Bucket}, {@code Key} and {@code Version}. */
    Value code(Value uri) {
        if (uri instanceof Value.Scalar(String text, Value.Kind kind, Position at)) {
            var parts = java.util.regex.Pattern.compile("s3://([^/]+)/([^?]+)(\\?versionId=(.+))?")
                    .matcher(text);
            if (!parts.matches()) {
                throw invalid("'" + TemplateText.shown(text) + "' is not a valid S3 Uri of the form 's3://bucket/key'"
                        + " with optional versionId query parameter.");
            }
            Made code = Made.object().put("S3Bucket", parts.group(1)).put("S3Key", parts.group(2));
            return parts.group(4) == null
                    ? code.done()
                    : code.put("S3ObjectVersion", parts.group(4)).done();
        }
        Value.Fields object = uri.object()
                .filter(given ->
                        given.get("Bucket").isPresent() && given.get("Key").isPresent())
                .orElseThrow(() -> invalid("a code's location requires Bucket and Key properties to be specified."));
        return Made.object()
                .put("S3Bucket", object.get("Bucket"))
                .put("S3Key", object.get("Key"))
                .put("S3ObjectVersion", object.get("Version"))
                .done();
    }
}
