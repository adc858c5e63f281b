package dev.terrane.gateway.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.RequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.JsonValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.LocationTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.Trait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.utils.builder.Buildable;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.node.StringNode;
import software.amazon.smithy.model.shapes.ListShape;
import software.amazon.smithy.model.shapes.MapShape;
import software.amazon.smithy.model.shapes.MemberShape;
import software.amazon.smithy.model.shapes.Shape;
import software.amazon.smithy.model.shapes.ShapeId;

/** Messages with the SDK's field metadata, made from a Smithy model for services that the SDK does not have. */
final class ModelMessages {

    /** Something with values by member name. */
    interface Valued extends SdkPojo, Buildable {
        Map<String, Object> values();
    }

    /** A structure, a request or its own builder. */
    static final class Message extends SdkRequest implements Valued {
        private final Map<String, Object> values = new LinkedHashMap<>();
        private final List<SdkField<?>> fields;

        Message(List<SdkField<?>> fields) {
            this.fields = fields;
        }

        @Override
        public Map<String, Object> values() {
            return values;
        }

        @Override
        public List<SdkField<?>> sdkFields() {
            return fields;
        }

        @Override
        public Message build() {
            return this;
        }

        @Override
        public Optional<? extends RequestOverrideConfiguration> overrideConfiguration() {
            return Optional.empty();
        }

        @Override
        public Builder toBuilder() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Message message && message.values.equals(values);
        }

        @Override
        public int hashCode() {
            return values.hashCode();
        }

        @Override
        public String toString() {
            return values.toString();
        }
    }

    /** A response. */
    static final class Response extends SdkResponse implements Valued {
        private static final class NoBuilder extends BuilderImpl {
            @Override
            public SdkResponse build() {
                throw new UnsupportedOperationException();
            }
        }

        private final Message message;

        Response(Message message) {
            super(new NoBuilder());
            this.message = message;
        }

        @Override
        public Map<String, Object> values() {
            return message.values();
        }

        @Override
        public List<SdkField<?>> sdkFields() {
            return message.sdkFields();
        }

        @Override
        public Object build() {
            return this;
        }

        @Override
        public Builder toBuilder() {
            throw new UnsupportedOperationException();
        }
    }

    /** An error; its message is the exception's own. */
    static final class ModelError extends AwsServiceException implements Valued {
        private static final long serialVersionUID = 1;
        private final transient Message message;

        ModelError(String code, Message message) {
            super(AwsServiceException.builder()
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode(code)
                            .errorMessage((String) messageOf(message))
                            .build()));
            this.message = message;
        }

        private static @Nullable Object messageOf(Message message) {
            Object lower = message.values().remove("message");
            Object upper = message.values().remove("Message");
            return lower == null ? upper : lower;
        }

        @Override
        public Map<String, Object> values() {
            return message.values();
        }

        @Override
        public List<SdkField<?>> sdkFields() {
            return message.sdkFields();
        }

        @Override
        public Object build() {
            return this;
        }
    }

    private final Model model;
    private final String protocol;
    private final Map<ShapeId, List<SdkField<?>>> fields = new LinkedHashMap<>();

    ModelMessages(Model model, String protocol) {
        this.model = model;
        this.protocol = protocol;
    }

    Message message(ShapeId shape) {
        return new Message(fields(shape));
    }

    private List<SdkField<?>> fields(ShapeId shape) {
        List<SdkField<?>> known = fields.get(shape);
        if (known == null) {
            List<SdkField<?>> made = new ArrayList<>();
            fields.put(shape, made);
            model.expectShape(shape).members().forEach(member -> made.add(field(member)));
            known = made;
        }
        return known;
    }

    private SdkField<?> field(MemberShape member) {
        Shape target = model.expectShape(member.getTarget());
        return switch (target.getType()) {
            case STRING, ENUM -> field(MarshallingType.STRING, member, target);
            case INTEGER, INT_ENUM -> field(MarshallingType.INTEGER, member, target);
            case LONG -> field(MarshallingType.LONG, member, target);
            case SHORT -> field(MarshallingType.SHORT, member, target);
            case BYTE -> field(MarshallingType.BYTE, member, target);
            case FLOAT -> field(MarshallingType.FLOAT, member, target);
            case DOUBLE -> field(MarshallingType.DOUBLE, member, target);
            case BIG_DECIMAL, BIG_INTEGER -> field(MarshallingType.BIG_DECIMAL, member, target);
            case BOOLEAN -> field(MarshallingType.BOOLEAN, member, target);
            case TIMESTAMP -> field(MarshallingType.INSTANT, member, target);
            case BLOB -> field(MarshallingType.SDK_BYTES, member, target);
            case STRUCTURE, UNION -> field(MarshallingType.SDK_POJO, member, target);
            case LIST -> field(MarshallingType.LIST, member, target);
            case MAP -> field(MarshallingType.MAP, member, target);
            case DOCUMENT -> field(MarshallingType.DOCUMENT, member, target);
            default -> throw new IllegalStateException(target.toString());
        };
    }

    private <T> SdkField<T> field(MarshallingType<T> type, MemberShape member, Shape target) {
        String name = member.getMemberName();
        List<Trait> traits = new ArrayList<>();
        traits.add(location(member, target));
        format(member, target).ifPresent(traits::add);
        if (has(member, "httpPayload")) {
            traits.add(PayloadTrait.create());
        }
        if (has(member, "xmlAttribute")) {
            traits.add(XmlAttributeTrait.create());
        }
        if (has(member, "httpHeader") && text(target, "mediaType").orElse("").equals("application/json")) {
            traits.add(JsonValueTrait.create());
        }
        if (target instanceof ListShape list) {
            traits.add(ListTrait.builder()
                    .memberLocationName(text(list.getMember(), "xmlName").orElse(null))
                    .memberFieldInfo(field(list.getMember()))
                    .isFlattened(has(member, "xmlFlattened"))
                    .build());
        }
        if (target instanceof MapShape map) {
            traits.add(MapTrait.builder()
                    .keyLocationName(text(map.getKey(), "xmlName").orElse("key"))
                    .valueLocationName(text(map.getValue(), "xmlName").orElse("value"))
                    .valueFieldInfo(field(map.getValue()))
                    .isFlattened(has(member, "xmlFlattened"))
                    .build());
        }
        return SdkField.<T>builder(type)
                .memberName(name)
                .getter(owner -> cast(((Valued) owner).values().get(name)))
                .setter((owner, value) -> ((Valued) owner).values().put(name, value))
                .constructor(() -> message(member.getTarget()))
                .traits(traits.toArray(Trait[]::new))
                .build();
    }

    // The marshalling type says what the value is; a getter answers null for what is not set.
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T cast(@Nullable Object value) {
        return (T) value;
    }

    private LocationTrait location(MemberShape member, Shape target) {
        LocationTrait.Builder location = LocationTrait.builder();
        String name = member.getMemberName();
        if (has(member, "httpLabel")) {
            return location.location(MarshallLocation.PATH).locationName(name).build();
        }
        if (has(member, "httpResponseCode")) {
            return location.location(MarshallLocation.STATUS_CODE)
                    .locationName(name)
                    .build();
        }
        Optional<String> header = text(member, "httpHeader").or(() -> text(member, "httpPrefixHeaders"));
        if (header.isPresent()) {
            return location.location(MarshallLocation.HEADER)
                    .locationName(header.get())
                    .build();
        }
        if (has(member, "httpQueryParams")) {
            return location.location(MarshallLocation.QUERY_PARAM)
                    .locationName(name)
                    .build();
        }
        Optional<String> query = text(member, "httpQuery");
        if (query.isPresent()) {
            return location.location(MarshallLocation.QUERY_PARAM)
                    .locationName(query.get())
                    .build();
        }
        location.location(MarshallLocation.PAYLOAD);
        Optional<String> xmlName = text(member, "xmlName");
        return switch (protocol) {
            case "restJson1" ->
                location.locationName(text(member, "jsonName").orElse(name)).build();
            case "awsQuery" -> location.locationName(xmlName.orElse(name)).build();
            case "restXml" -> {
                String root = text(target, "xmlName").orElse(target.getId().getName());
                yield location.locationName(xmlName.orElse(has(member, "httpPayload") ? root : name))
                        .build();
            }
            case "ec2Query" ->
                location.locationName(ec2Name(member).orElse(capitalized(xmlName.orElse(name))))
                        .unmarshallLocationName(xmlName.orElse(name))
                        .build();
            default -> location.locationName(name).build();
        };
    }

    private static Optional<String> ec2Name(MemberShape member) {
        return member.findTrait(ShapeId.from("aws.protocols#ec2QueryName"))
                .flatMap(trait -> trait.toNode().asStringNode())
                .map(StringNode::getValue);
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static Optional<Trait> format(MemberShape member, Shape target) {
        return text(member, "timestampFormat")
                .or(() -> text(target, "timestampFormat"))
                .map(format -> TimestampFormatTrait.create(
                        switch (format) {
                            case "date-time" -> TimestampFormatTrait.Format.ISO_8601;
                            case "http-date" -> TimestampFormatTrait.Format.RFC_822;
                            default -> TimestampFormatTrait.Format.UNIX_TIMESTAMP;
                        }));
    }

    static boolean has(Shape shape, String trait) {
        return shape.hasTrait(ShapeId.from("smithy.api#" + trait));
    }

    static Optional<String> text(Shape shape, String trait) {
        return shape.findTrait(ShapeId.from("smithy.api#" + trait))
                .flatMap(found -> found.toNode().asStringNode())
                .map(StringNode::getValue);
    }
}
