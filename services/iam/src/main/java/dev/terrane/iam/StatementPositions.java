package dev.terrane.iam;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.iam.model.Position;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Where the statements of a document stand in its text, by line and column from 1. */
final class StatementPositions {
    private static final JsonFactory JSON = new JsonFactory();

    private StatementPositions() {}

    /** From the first to behind the last character. */
    record Span(Position start, Position end) {}

    /** The place of each statement, in order. */
    static List<Span> of(String document) {
        List<Span> spans = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(tools.jackson.core.ObjectReadContext.empty(), document)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean statements = parser.currentName().equals("Statement");
                JsonToken value = parser.nextToken();
                if (statements && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        spans.add(span(parser));
                    }
                } else if (statements) {
                    spans.add(span(parser));
                } else {
                    parser.skipChildren();
                }
            }
        }
        return spans;
    }

    private static Span span(JsonParser parser) {
        Position start = position(parser.currentTokenLocation());
        parser.skipChildren();
        return new Span(start, position(parser.currentLocation()));
    }

    private static Position position(TokenStreamLocation location) {
        return Position.builder()
                .line(location.getLineNr())
                .column(location.getColumnNr())
                .build();
    }
}
