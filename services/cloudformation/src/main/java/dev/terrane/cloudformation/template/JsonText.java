package dev.terrane.cloudformation.template;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Templates in JSON. */
final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser parser;
    private final TemplateText.Path path = new TemplateText.Path();

    private JsonText(JsonParser parser) {
        this.parser = parser;
    }

    static Value read(String text) {
        try (JsonParser parser = JSON.createParser(tools.jackson.core.ObjectReadContext.empty(), text)) {
            JsonText reader = new JsonText(parser);
            JsonToken first = parser.nextToken();
            Value value = reader.value(first);
            if (parser.nextToken() != null) {
                throw malformed(reader.at());
            }
            return value;
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            throw malformed(location == null ? Position.NONE : position(location));
        }
    }

    private static TemplateException malformed(Position at) {
        return new TemplateException(
                "Template format error: JSON not well-formed." + (at.line() == 0 ? "" : " (" + at + ")"));
    }

    private static Position position(TokenStreamLocation location) {
        return new Position(Math.max(location.getLineNr(), 1), Math.max(location.getColumnNr(), 1));
    }

    private Position at() {
        return position(parser.currentTokenLocation());
    }

    private Value value(JsonToken token) {
        Position at = at();
        return switch (token) {
            case START_OBJECT -> object(at);
            case START_ARRAY -> {
                List<Value> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    path.enter(String.valueOf(items.size()), at);
                    items.add(value(next));
                    path.leave();
                }
                yield new Value.Items(items, at);
            }
            case VALUE_STRING -> new Value.Scalar(parser.getString(), Value.Kind.STRING, at);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Scalar(parser.getString(), Value.Kind.NUMBER, at);
            case VALUE_TRUE, VALUE_FALSE -> new Value.Scalar(parser.getString(), Value.Kind.BOOLEAN, at);
            case VALUE_NULL -> throw path.noNulls(at);
            default -> throw malformed(at);
        };
    }

    private Value object(Position at) {
        TemplateText.Fields fields = new TemplateText.Fields();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            fields.name(name, at(), "JSON");
            path.enter(name, at);
            fields.put(name, value(parser.nextToken()));
            path.leave();
        }
        return fields.done(at);
    }
}
