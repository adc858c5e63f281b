package dev.terrane.cloudformation.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The functions of templates. */
final class Functions {
    /** The characters that all functions of one evaluation may make: far more than any template needs, and less than would fill the memory. */
    private static final long MOST_TEXT = 50_000_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** What {@code AWS::NoValue} is: nothing. */
    private static final JsonNode NOTHING = JSON.missingNode();

    private final Template template;
    private final Environment environment;
    private final Map<String, Boolean> conditions;
    private long made;

    Functions(Template template, Environment environment, Map<String, Boolean> conditions) {
        this.template = template;
        this.environment = environment;
        this.conditions = conditions;
    }

    /** A value with all functions evaluated.
     *
     * @return a missing node where nothing is left: {@code AWS::NoValue} */
    JsonNode evaluate(Value value) {
        Optional<Value.Call> call = value.call();
        if (call.isPresent()) {
            return call(call.get());
        }
        return switch (value) {
            case Value.Scalar scalar -> scalar.json();
            case Value.Items items -> {
                ArrayNode array = JSON.arrayNode();
                items.items().stream()
                        .map(this::evaluate)
                        .filter(Predicate.not(JsonNode::isMissingNode))
                        .forEach(array::add);
                yield array;
            }
            case Value.Fields fields -> {
                ObjectNode object = JSON.objectNode();
                fields.fields().forEach((name, field) -> {
                    JsonNode node = evaluate(field);
                    if (!node.isMissingNode()) {
                        object.set(name, node);
                    }
                });
                yield object;
            }
        };
    }

    private JsonNode call(Value.Call call) {
        Value argument = call.argument();
        try {
            return switch (call.function()) {
                case "Ref" -> ref(argument.scalar().orElse(""), argument.at());
                case "Fn::GetAtt" -> attribute(argument);
                case "Fn::Sub" -> substituted(argument);
                case "Fn::Join" -> joined(items(argument, 2));
                case "Fn::Select" -> selected(items(argument, 2));
                case "Fn::Split" -> split(items(argument, 2));
                case "Fn::FindInMap" -> found(items(argument, 3));
                case "Fn::ImportValue" -> text(argument, environment::imported);
                case "Fn::GetStackOutput" -> output(argument);
                case "Fn::If" -> {
                    List<Value> parts = items(argument, 3);
                    yield evaluate(parts.get(condition(parts.getFirst()) ? 1 : 2));
                }
                case "Fn::Base64" ->
                    text(
                            argument,
                            text -> made(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
                case "Fn::Cidr" -> cidr(items(argument, 3));
                case "Fn::GetAZs" ->
                    text(
                            argument,
                            region -> texts(environment.availabilityZones(
                                    region.isEmpty()
                                            ? environment.pseudoParameters().region()
                                            : region)));
                case "Fn::Length" -> {
                    JsonNode list = evaluate(argument);
                    yield Unknown.is(list)
                            ? Unknown.VALUE
                            : JSON.numberNode(
                                    array(list, "Fn::Length requires a list").size());
                }
                case "Fn::ToJsonString" -> {
                    JsonNode node = evaluate(argument);
                    yield Unknown.in(node) ? Unknown.VALUE : made(node.toString());
                }
                case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals" ->
                    JSON.booleanNode(holds(Value.single(call.function(), argument)));
                default ->
                    throw new TemplateException(
                            "Template error: Encountered unsupported function: " + TemplateText.shown(call.function()));
            };
        } catch (TemplateException e) {
            throw e.at(call.at());
        }
    }

    /** Whether a logical function, or a condition of the template, holds. */
    boolean holds(Value value) {
        Optional<Value> named =
                value.object().filter(object -> object.fields().size() == 1).flatMap(object -> object.get("Condition"));
        if (named.isPresent()) {
            return condition(named.get());
        }
        Value argument = value.call().map(Value.Call::argument).orElse(value);
        return switch (value.call().map(Value.Call::function).orElse("")) {
            case "Fn::And" -> argument.children().stream().allMatch(this::holds);
            case "Fn::Or" -> argument.children().stream().anyMatch(this::holds);
            case "Fn::Not" -> !holds(items(argument, 1).getFirst());
            case "Fn::Equals" -> {
                List<Value> both = items(argument, 2);
                yield comparable(evaluate(both.getFirst())).equals(comparable(evaluate(both.getLast())));
            }
            default -> {
                JsonNode node = evaluate(value);
                String text = node.isValueNode() ? node.asString() : "";
                if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                    throw new TemplateException(
                            "Template error: Invalid boolean value " + TemplateText.shown(text), value.at());
                }
                yield text.equalsIgnoreCase("true");
            }
        };
    }

    /** What is equal in templates has equal text: a number is the text of it. */
    private static String comparable(JsonNode node) {
        return node.isValueNode() ? node.asString() : node.toString();
    }

    private boolean condition(Value name) {
        return Optional.ofNullable(conditions.get(name.scalar().orElse("")))
                .orElseThrow(() -> new TemplateException(
                        "Template error: unresolved condition dependency "
                                + TemplateText.shown(name.scalar().orElse("")),
                        name.at()));
    }

    private JsonNode ref(String name, Position at) {
        PseudoParameters pseudo = environment.pseudoParameters();
        return switch (name) {
            case "AWS::AccountId" -> JSON.stringNode(pseudo.accountId());
            case "AWS::NoValue" -> NOTHING;
            case "AWS::NotificationARNs" -> texts(pseudo.notificationArns());
            case "AWS::Partition" -> JSON.stringNode(pseudo.partition());
            case "AWS::Region" -> JSON.stringNode(pseudo.region());
            case "AWS::StackId" -> JSON.stringNode(pseudo.stackId());
            case "AWS::StackName" -> JSON.stringNode(pseudo.stackName());
            case "AWS::URLSuffix" -> JSON.stringNode(pseudo.urlSuffix());
            default -> {
                if (template.resources().containsKey(name)) {
                    yield environment.ref(name);
                }
                yield environment
                        .parameter(name)
                        .orElseThrow(() -> new TemplateException(
                                "Template format error: Unresolved resource dependencies [" + TemplateText.shown(name)
                                        + "] in the Resources block of the template",
                                at));
            }
        };
    }

    private JsonNode attribute(Value argument) {
        List<Value> parts = items(argument, 2);
        String resource = parts.getFirst().scalar().orElse("");
        return text(parts.getLast(), attribute -> environment.attribute(resource, attribute));
    }

    private JsonNode substituted(Value argument) {
        SubText sub = SubText.of(argument);
        StringBuilder result = new StringBuilder();
        for (SubText.Part part : sub.parts()) {
            switch (part) {
                case SubText.Part.Literal(String text) -> result.append(text);
                case SubText.Part.Variable(String name) -> {
                    JsonNode value = variable(sub, name, argument.at());
                    if (Unknown.is(value)) {
                        return Unknown.VALUE;
                    }
                    if (!value.isValueNode()) {
                        throw new TemplateException(
                                "Template error: every value of the context object of every Fn::Sub object must be a"
                                        + " string or a function that returns a string",
                                argument.at());
                    }
                    result.append(value.asString());
                    bounded(result.length());
                }
            }
        }
        return made(result.toString());
    }

    private JsonNode variable(SubText sub, String name, Position at) {
        Value own = sub.own().get(name);
        if (own != null) {
            return evaluate(own);
        }
        int dot = name.indexOf('.');
        return dot < 0 ? ref(name, at) : environment.attribute(name.substring(0, dot), name.substring(dot + 1));
    }

    private JsonNode joined(List<Value> parts) {
        JsonNode list = evaluate(parts.getLast());
        if (Unknown.is(list) || list.valueStream().anyMatch(Unknown::is)) {
            return Unknown.VALUE;
        }
        StringBuilder result = new StringBuilder();
        String delimiter = parts.getFirst().scalar().orElse("");
        boolean first = true;
        for (JsonNode item : array(list, FunctionShape.JOIN)) {
            if (!item.isValueNode()) {
                throw new TemplateException("Template error: every item of the list of Fn::Join must be a string");
            }
            result.append(first ? "" : delimiter).append(item.asString());
            first = false;
            bounded(result.length());
        }
        return made(result.toString());
    }

    private JsonNode selected(List<Value> parts) {
        JsonNode index = evaluate(parts.getFirst());
        JsonNode list = evaluate(parts.getLast());
        if (Unknown.is(index) || Unknown.is(list)) {
            return Unknown.VALUE;
        }
        String text = index.isValueNode() ? index.asString() : "";
        if (!text.matches("\\d{1,9}")) {
            throw new TemplateException("Template error: " + FunctionShape.SELECT);
        }
        int at = Integer.parseInt(text);
        ArrayNode items = array(list, FunctionShape.SELECT);
        if (at >= items.size()) {
            throw new TemplateException("Template error: Fn::Select cannot select nonexistent value at index " + at);
        }
        return items.get(at);
    }

    private JsonNode split(List<Value> parts) {
        JsonNode whole = evaluate(parts.getLast());
        if (!whole.isValueNode()) {
            throw new TemplateException("Template error: " + FunctionShape.SPLIT);
        }
        String text = whole.asString();
        if (Unknown.is(whole)) {
            return Unknown.VALUE;
        }
        made += text.length();
        bounded(0);
        String delimiter = parts.getFirst().scalar().orElse("");
        return texts(List.of(text.split(Pattern.quote(delimiter), -1)));
    }

    private JsonNode found(List<Value> parts) {
        List<String> names = new ArrayList<>();
        for (Value part : parts.subList(0, 3)) {
            names.add(text(part));
        }
        if (names.contains(Unknown.TEXT)) {
            return Unknown.VALUE;
        }
        Optional<JsonNode> value = Optional.ofNullable(template.mappings().get(names.getFirst()))
                .flatMap(mapping -> mapping.get(names.get(1)))
                .flatMap(Value::object)
                .flatMap(attributes -> attributes.get(names.get(2)))
                .map(Value::json);
        return value.orElseGet(() -> evaluate(parts.stream()
                .skip(3)
                .findFirst()
                .flatMap(Value::object)
                .flatMap(standard -> standard.get("DefaultValue"))
                .orElseThrow(() -> new TemplateException(
                        "Template error: Unable to get mapping for " + String.join("::", names)))));
    }

    private JsonNode output(Value argument) {
        Map<String, String> texts = new LinkedHashMap<>();
        argument.object()
                .ifPresent(object -> object.fields().forEach((name, value) -> {
                    JsonNode node = evaluate(value);
                    if (!node.isMissingNode()) {
                        texts.put(name, node.asString(""));
                    }
                }));
        return texts.containsValue(Unknown.TEXT)
                ? Unknown.VALUE
                : environment.output(new StackOutput(
                        texts.getOrDefault("StackName", ""),
                        texts.getOrDefault("OutputName", ""),
                        Optional.ofNullable(texts.get("Region")),
                        Optional.ofNullable(texts.get("RoleArn"))));
    }

    private JsonNode cidr(List<Value> parts) {
        List<String> texts = parts.stream().map(this::text).toList();
        return texts.contains(Unknown.TEXT)
                ? Unknown.VALUE
                : texts(Cidr.blocks(texts.get(0), texts.get(1), texts.get(2)));
    }

    private String text(Value value) {
        JsonNode node = evaluate(value);
        if (!node.isValueNode()) {
            throw new TemplateException("Template error: a string is required", value.at());
        }
        return node.asString();
    }

    private JsonNode text(Value value, Function<String, JsonNode> use) {
        String text = text(value);
        return text.equals(Unknown.TEXT) ? Unknown.VALUE : use.apply(text);
    }

    private static ArrayNode array(JsonNode node, String otherwise) {
        if (node instanceof ArrayNode array) {
            return array;
        }
        throw new TemplateException("Template error: " + otherwise);
    }

    private static List<Value> items(Value argument, int least) {
        List<Value> items = argument.list().orElse(List.of());
        if (items.size() < least) {
            throw new TemplateException("Template error: a list of " + least + " is required", argument.at());
        }
        return items;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private JsonNode made(String text) {
        made += text.length();
        bounded(0);
        return JSON.stringNode(text);
    }

    private void bounded(int more) {
        if (made + more > MOST_TEXT) {
            throw new TemplateException("Template error: the functions of the template make more than " + MOST_TEXT
                    + " characters of text");
        }
    }
}
