package dev.terrane.eventbridge;

import dev.terrane.kernel.store.RecordCodec;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.eventbridge.model.InputTransformer;
import software.amazon.awssdk.services.eventbridge.model.Target;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * What a target gets: the event, a part of it, a constant, or a text made by an input transformer ("Amazon EventBridge input transformation"
 * in the EventBridge user guide).
 */
final class TargetInput {
    private static final JsonMapper JSON = RecordCodec.json();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.\\-]+");
    private static final int MOST_VARIABLES = 100;
    private static final String RESERVED = "aws.events.";

    private TargetInput() {}

    /** Whether the target gets something else than the event itself. */
    static boolean isChosen(Target target) {
        return target.input() != null || target.inputPath() != null || target.inputTransformer() != null;
    }

    static String of(Target target, AcceptedRecord event, String rule, String ruleArn) {
        if (target.input() != null) {
            return target.input();
        }
        if (target.inputPath() != null) {
            return JsonPath.parse(target.inputPath())
                    .flatMap(path -> path.find(EventJson.read(event.event())))
                    .map(JSON::writeValueAsString)
                    .orElse("");
        }
        InputTransformer transformer = target.inputTransformer();
        return transformer == null
                ? event.event()
                : filled(transformer.inputTemplate(), variables(transformer, event, rule, ruleArn));
    }

    private static Map<String, JsonNode> variables(
            InputTransformer transformer, AcceptedRecord event, String rule, String ruleArn) {
        JsonNode whole = EventJson.read(event.event());
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        transformer
                .inputPathsMap()
                .forEach((name, path) -> variables.put(
                        name, JsonPath.parse(path).flatMap(p -> p.find(whole)).orElse(StringNode.valueOf(""))));
        variables.put("aws.events.rule-arn", StringNode.valueOf(ruleArn));
        variables.put("aws.events.rule-name", StringNode.valueOf(rule));
        variables.put(
                "aws.events.event.ingestion-time",
                StringNode.valueOf(DateTimeFormatter.ISO_INSTANT.format(event.accepted())));
        variables.put("aws.events.event", EventJson.withoutDetail(whole));
        variables.put("aws.events.event.json", whole);
        return variables;
    }

    /**
     * Puts values in for {@code <name>}: within a JSON string as text, elsewhere as JSON. What is not a variable's name stays as it is.
     */
    private static String filled(String template, Map<String, JsonNode> variables) {
        StringBuilder text = new StringBuilder(template.length() * 2);
        boolean quoted = false;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '\\' && quoted && i + 1 < template.length()) {
                text.append(c).append(template.charAt(++i));
                continue;
            }
            if (c == '<') {
                int end = template.indexOf('>', i);
                JsonNode value = end < 0 ? null : variables.get(template.substring(i + 1, end));
                if (value != null) {
                    text.append(quoted ? inString(value) : JSON.writeValueAsString(value));
                    i = end;
                    continue;
                }
            }
            quoted ^= c == '"';
            text.append(c);
        }
        return text.toString();
    }

    private static String inString(JsonNode value) {
        String plain = value.isString() ? value.asString() : JSON.writeValueAsString(value);
        String quoted = JSON.writeValueAsString(plain);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** Refuses an input that can't be made, when the target is put. */
    static void check(Target target) {
        int ways = (target.input() == null ? 0 : 1)
                + (target.inputPath() == null ? 0 : 1)
                + (target.inputTransformer() == null ? 0 : 1);
        if (ways > 1) {
            throw Errors.invalid("Only one of Input, InputPath, or InputTransformer must be provided for target "
                    + target.id() + ".");
        }
        if (target.input() != null && !isJson(target.input())) {
            throw Errors.invalid("JSON syntax error in input for target " + target.id() + ".");
        }
        if (target.inputPath() != null && JsonPath.parse(target.inputPath()).isEmpty()) {
            throw Errors.invalid("Parameter InputPath is not valid. Reason: Invalid JSON path.");
        }
        Optional.ofNullable(target.inputTransformer()).ifPresent(transformer -> check(target.id(), transformer));
    }

    private static void check(String id, InputTransformer transformer) {
        if (transformer.inputPathsMap().size() > MOST_VARIABLES) {
            throw Errors.invalid(
                    "InputTransformer of target " + id + " has more than " + MOST_VARIABLES + " variables.");
        }
        Map<String, JsonNode> samples = new LinkedHashMap<>();
        transformer.inputPathsMap().forEach((name, path) -> {
            if (name.toLowerCase(java.util.Locale.ROOT).startsWith("aws")
                    || !NAME.matcher(name).matches()) {
                throw Errors.invalid("Invalid InputPathsMap key " + name + " for target " + id + ".");
            }
            if (JsonPath.parse(path).isEmpty()) {
                throw Errors.invalid("Invalid InputPathsMap value " + path + " for target " + id + ".");
            }
            samples.put(name, StringNode.valueOf("x"));
        });
        for (String reserved : new String[] {"rule-arn", "rule-name", "event.ingestion-time", "event", "event.json"}) {
            samples.put(RESERVED + reserved, StringNode.valueOf("x"));
        }
        if (!isJson(filled(transformer.inputTemplate(), samples))) {
            throw Errors.invalid("Invalid InputTemplate for target " + id + " : JSON syntax error.");
        }
    }

    /** Whether a text is one JSON value, or several in lines, as templates of more than one string are. */
    private static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            boolean any = false;
            while (parser.nextToken() != null) {
                any = true;
            }
            return any;
        } catch (JacksonException e) {
            return false;
        }
    }
}
