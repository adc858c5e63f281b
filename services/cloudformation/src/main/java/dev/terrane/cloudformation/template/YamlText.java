package dev.terrane.cloudformation.template;

import dev.terrane.kernel.resource.Numbers;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Templates in YAML 1.1, with the short forms of functions: {@code !Ref} for {@code Ref}, {@code !Sub} for {@code Fn::Sub}. */
final class YamlText {
    /** The functions that have a short form; that of {@code Ref} and {@code Condition} has no {@code Fn::}. */
    private static final Set<String> SHORT = Set.of(
            "And",
            "Base64",
            "Cidr",
            "Contains",
            "EachMemberEquals",
            "EachMemberIn",
            "Equals",
            "FindInMap",
            "GetAZs",
            "GetAtt",
            "GetStackOutput",
            "If",
            "ImportValue",
            "Join",
            "Length",
            "Not",
            "Or",
            "RefAll",
            "Select",
            "Split",
            "Sub",
            "ToJsonString",
            "Transform",
            "ValueOf",
            "ValueOfAll");

    private static final String CORE = "tag:yaml.org,2002:";
    private static final Map<String, String> TRUTH =
            Map.of("yes", "true", "true", "true", "on", "true", "no", "false", "false", "false", "off", "false");

    private final Iterator<Event> events;
    private final Resolver resolver = new Resolver();
    private final TemplateText.Path path = new TemplateText.Path();

    private YamlText(Iterator<Event> events) {
        this.events = events;
    }

    static Value read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(TemplateText.LONGEST);
        options.setNestingDepthLimit(TemplateText.DEEPEST);
        try {
            YamlText reader = new YamlText(new Yaml(new SafeConstructor(options))
                    .parse(new StringReader(text))
                    .iterator());
            reader.events.next();
            Event first = reader.events.next();
            if (first.is(Event.ID.StreamEnd)) {
                throw new TemplateException("Template format error: unsupported structure.");
            }
            Value value = reader.value(reader.events.next(), true);
            reader.events.next();
            Event last = reader.events.next();
            if (!last.is(Event.ID.StreamEnd)) {
                throw malformed(position(last.getStartMark()), "more than one document");
            }
            return value;
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw malformed(mark == null ? Position.NONE : position(mark), "");
        } catch (YAMLException e) {
            throw malformed(Position.NONE, "");
        }
    }

    private static TemplateException malformed(Position at, String why) {
        return new TemplateException("Template format error: YAML not well-formed."
                + (at.line() == 0 ? "" : " (" + at + ")") + (why.isEmpty() ? "" : ": " + why));
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Value value(Event event, boolean whole) {
        Position at = position(event.getStartMark());
        if (event instanceof AliasEvent || (event instanceof NodeEvent node && node.getAnchor() != null)) {
            throw new TemplateException("Template error: YAML aliases are not allowed in CloudFormation templates", at);
        }
        return switch (event) {
            case ScalarEvent scalar -> {
                String function = function(scalar.getTag(), at);
                if (function.isEmpty()) {
                    if (whole && scalar.getValue().isEmpty()) {
                        throw new TemplateException("Template format error: unsupported structure.", at);
                    }
                    yield scalar(scalar, at);
                }
                yield called(function, new Value.Scalar(scalar.getValue(), kind(scalar), at));
            }
            case SequenceStartEvent sequence -> {
                String function = function(sequence.getTag(), at);
                List<Value> items = new ArrayList<>();
                for (Event next = events.next(); !next.is(Event.ID.SequenceEnd); next = events.next()) {
                    path.enter(String.valueOf(items.size()), at);
                    items.add(value(next, false));
                    path.leave();
                }
                yield called(function, new Value.Items(items, at));
            }
            case MappingStartEvent mapping -> {
                String function = function(mapping.getTag(), at);
                yield called(function, object(at));
            }
            default -> throw malformed(at, "");
        };
    }

    private Value object(Position at) {
        TemplateText.Fields fields = new TemplateText.Fields();
        for (Event next = events.next(); !next.is(Event.ID.MappingEnd); next = events.next()) {
            Position here = position(next.getStartMark());
            if (!(next instanceof ScalarEvent key)) {
                if (next instanceof AliasEvent) {
                    throw new TemplateException(
                            "Template error: YAML aliases are not allowed in CloudFormation templates", here);
                }
                throw new TemplateException(
                        "Template format error: map keys must be strings; received a "
                                + (next instanceof MappingStartEvent ? "map" : "list") + " instead",
                        here);
            }
            if (key.getAnchor() != null) {
                throw new TemplateException(
                        "Template error: YAML aliases are not allowed in CloudFormation templates", here);
            }
            String name = key.getValue();
            fields.name(name, here, "YAML");
            path.enter(name, here);
            Value value = value(events.next(), false);
            fields.put(
                    name,
                    name.equals("Fn::GetAtt") && value instanceof Value.Scalar scalar ? attribute(scalar) : value);
            path.leave();
        }
        return fields.done(at);
    }

    /** The function that a tag calls in short, {@code ""} where it says no more than what the value is. */
    private static String function(@Nullable String tag, Position at) {
        if (tag == null || tag.equals("!") || (tag.startsWith(CORE) && !tag.equals(CORE + "binary"))) {
            return "";
        }
        if (tag.equals("!Ref") || tag.equals("!Condition")) {
            return tag.substring(1);
        }
        if (tag.startsWith("!") && SHORT.contains(tag.substring(1))) {
            return "Fn::" + tag.substring(1);
        }
        throw malformed(at, "unknown tag " + TemplateText.shown(tag));
    }

    private static Value called(String function, Value argument) {
        if (function.isEmpty()) {
            return argument;
        }
        boolean dotted = function.equals("Fn::GetAtt") && argument instanceof Value.Scalar;
        return Value.single(function, dotted ? attribute((Value.Scalar) argument) : argument);
    }

    /** {@code Queue.Arn} as a list of both: the logical id has no dot. */
    private static Value attribute(Value.Scalar dotted) {
        int dot = dotted.text().indexOf('.');
        if (dot < 0) {
            return dotted;
        }
        return new Value.Items(
                List.of(
                        new Value.Scalar(dotted.text().substring(0, dot), Value.Kind.STRING, dotted.at()),
                        new Value.Scalar(dotted.text().substring(dot + 1), Value.Kind.STRING, dotted.at())),
                dotted.at());
    }

    private Value.Kind kind(ScalarEvent scalar) {
        Tag tag = tag(scalar);
        return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)
                ? Value.Kind.NUMBER
                : tag.equals(Tag.BOOL) ? Value.Kind.BOOLEAN : Value.Kind.STRING;
    }

    private Tag tag(ScalarEvent scalar) {
        String tag = scalar.getTag();
        if (tag != null && tag.startsWith(CORE)) {
            return new Tag(tag);
        }
        boolean plain = scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN;
        return plain ? resolver.resolve(NodeId.scalar, scalar.getValue(), true) : Tag.STR;
    }

    private Value scalar(ScalarEvent event, Position at) {
        Tag tag = tag(event);
        String text = event.getValue();
        if (tag.equals(Tag.NULL)) {
            throw path.noNulls(at);
        }
        if (tag.equals(Tag.BOOL)) {
            String truth = TRUTH.get(text.toLowerCase(Locale.ROOT));
            return truth == null
                    ? new Value.Scalar(text, Value.Kind.STRING, at)
                    : new Value.Scalar(truth, Value.Kind.BOOLEAN, at);
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            String number = tag.equals(Tag.INT) ? whole(text) : text.replace("_", "");
            return Numbers.decimal(number).isPresent()
                    ? new Value.Scalar(number, Value.Kind.NUMBER, at)
                    : new Value.Scalar(text, Value.Kind.STRING, at);
        }
        return new Value.Scalar(text, Value.Kind.STRING, at);
    }

    /** A whole number of YAML 1.1 (decimal, 0x, 0b, 0 for octal, with underscores) in decimal; what is none of these stays as it is. */
    private static String whole(String written) {
        String text = written.replace("_", "");
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = 10;
        if (digits.startsWith("0x")) {
            radix = 16;
            digits = digits.substring(2);
        } else if (digits.startsWith("0b")) {
            radix = 2;
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            radix = 8;
            digits = digits.substring(1);
        }
        if (digits.length() > 400) {
            return written;
        }
        try {
            BigInteger number = new BigInteger(digits, radix);
            return (negative ? number.negate() : number).toString();
        } catch (NumberFormatException notOfTheseForms) {
            return written;
        }
    }
}
