package dev.terrane.cloudformation.template;

import dev.terrane.kernel.arn.Arn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A reference to a value that is kept elsewhere: {@code {{resolve:ssm:name:version}}}.
 *
 * @param id the name of a parameter, the name or ARN of a secret
 * @param version of a parameter, or the id of a secret's version; empty for the latest
 * @param jsonKey of a secret's text; empty for all of it
 * @param versionStage of a secret; empty where none is named
 */
public record DynamicReference(Store store, String id, String version, String jsonKey, String versionStage) {
    private static final Pattern FORM = Pattern.compile("\\{\\{resolve:([a-z-]+):([^{}]*)}}");
    private static final Pattern PARAMETER = Pattern.compile("[a-zA-Z0-9_./:-]+");
    /** The properties that take {@code ssm-secure}, as paths without the steps of lists. */
    private static final Map<String, Set<String>> SECURE = Map.ofEntries(
            Map.entry("AWS::DirectoryService::MicrosoftAD", Set.of("Password")),
            Map.entry("AWS::DirectoryService::SimpleAD", Set.of("Password")),
            Map.entry("AWS::ElastiCache::ReplicationGroup", Set.of("AuthToken")),
            Map.entry("AWS::IAM::User", Set.of("LoginProfile/Password")),
            Map.entry("AWS::KinesisFirehose::DeliveryStream", Set.of("RedshiftDestinationConfiguration/Password")),
            Map.entry("AWS::OpsWorks::App", Set.of("AppSource/Password")),
            Map.entry("AWS::OpsWorks::Stack", Set.of("CustomCookbooksSource/Password", "RdsDbInstances/DbPassword")),
            Map.entry("AWS::RDS::DBCluster", Set.of("MasterUserPassword")),
            Map.entry("AWS::RDS::DBInstance", Set.of("MasterUserPassword")),
            Map.entry("AWS::Redshift::Cluster", Set.of("MasterUserPassword")));

    /** Where a value is kept. */
    public enum Store {
        SSM,
        SSM_SECURE,
        SECRETS_MANAGER
    }

    /** All references in the texts of a value. */
    public static List<DynamicReference> in(JsonNode value) {
        List<DynamicReference> found = new ArrayList<>();
        if (value.isString()) {
            Matcher matcher = FORM.matcher(value.asString());
            while (matcher.find()) {
                found.add(parse(matcher));
            }
        }
        value.valueStream().forEach(child -> found.addAll(in(child)));
        return found;
    }

    /**
     * A resource's properties with all references resolved.
     *
     * @param type of the resource
     * @throws TemplateException when a reference is not of its form, or is one of {@code ssm-secure} in a property that takes none
     */
    public static ObjectNode resolved(String type, ObjectNode properties, Function<DynamicReference, String> resolve) {
        return (ObjectNode) resolved(properties, "", SECURE.getOrDefault(type, Set.of()), resolve);
    }

    private static JsonNode resolved(
            JsonNode value, String path, Set<String> secure, Function<DynamicReference, String> resolve) {
        if (value instanceof ObjectNode object) {
            ObjectNode changed = JsonNodeFactory.instance.objectNode();
            object.properties()
                    .forEach(entry -> changed.set(
                            entry.getKey(),
                            resolved(
                                    entry.getValue(),
                                    path.isEmpty() ? entry.getKey() : path + "/" + entry.getKey(),
                                    secure,
                                    resolve)));
            return changed;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode changed = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> changed.add(resolved(item, path, secure, resolve)));
            return changed;
        }
        if (!value.isString() || !value.asString().contains("{{resolve:")) {
            return value;
        }
        return JsonNodeFactory.instance.stringNode(FORM.matcher(value.asString())
                .replaceAll(match -> {
                    DynamicReference reference = parse(match);
                    if (reference.store() == Store.SSM_SECURE && !secure.contains(path)) {
                        throw new TemplateException("SSM Secure reference is not supported in: [" + path + "]");
                    }
                    return Matcher.quoteReplacement(resolve.apply(reference));
                }));
    }

    private static DynamicReference parse(java.util.regex.MatchResult match) {
        String key = match.group(2);
        return switch (match.group(1)) {
            case "ssm" -> parameter(Store.SSM, key, match.group());
            case "ssm-secure" -> parameter(Store.SSM_SECURE, key, match.group());
            case "secretsmanager" -> secret(key, match.group());
            default ->
                throw new TemplateException(
                        "Template error: Unknown service in dynamic reference: [" + match.group() + "]");
        };
    }

    private static DynamicReference parameter(Store store, String key, String whole) {
        int last = key.lastIndexOf(':');
        boolean versioned = last > 0
                && last < key.length() - 1
                && key.substring(last + 1).chars().allMatch(c -> c >= '0' && c <= '9');
        String name = versioned ? key.substring(0, last) : key;
        boolean arn = Arn.isArn(name);
        if (!PARAMETER.matcher(name).matches() || (name.contains(":") && !arn)) {
            throw new TemplateException("Incorrect format is used in the following SSM reference: [" + whole + "]");
        }
        return new DynamicReference(store, name, versioned ? key.substring(last + 1) : "", "", "");
    }

    private static DynamicReference secret(String key, String whole) {
        List<String> parts = new ArrayList<>(List.of(key.split(":", -1)));
        int length = Arn.isArn(key) ? 7 : 1;
        List<String> rest = parts.subList(Math.min(length, parts.size()), parts.size());
        String id = String.join(":", parts.subList(0, Math.min(length, parts.size())));
        boolean form = !id.isEmpty()
                && parts.size() >= length
                && rest.size() <= 4
                && (rest.isEmpty()
                        || rest.getFirst().isEmpty()
                        || rest.getFirst().equals("SecretString"))
                && (part(rest, 2).isEmpty() || part(rest, 3).isEmpty());
        if (!form) {
            throw new TemplateException(
                    "Incorrect format is used in the following Secrets Manager reference: [" + whole + "]");
        }
        return new DynamicReference(Store.SECRETS_MANAGER, id, part(rest, 3), part(rest, 1), part(rest, 2));
    }

    private static String part(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }
}
