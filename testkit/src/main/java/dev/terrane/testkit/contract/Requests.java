package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.Shape;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Fills requests: with the names of an example where these are known, else with values that the model allows. */
final class Requests {
    private static final int DEEPEST = 6;

    private final Names names;

    Requests(Names names) {
        this.names = names;
    }

    /** A request with all required members, and those that the names have for this operation. */
    SdkRequest minimal(BoundOperation operation) {
        return build(builder(operation));
    }

    /** The minimal request with one member of its top level changed; without it where the value is null. */
    SdkRequest with(BoundOperation operation, SdkField<?> field, @Nullable Object value) {
        SdkPojo builder = builder(operation);
        field.set(builder, value == null ? null : fit(field, value));
        return build(builder);
    }

    /** The minimal request with other members of its top level. */
    SdkRequest with(BoundOperation operation, Map<SdkField<?>, Object> members) {
        SdkPojo builder = builder(operation);
        members.forEach((field, value) -> field.set(builder, fit(field, value)));
        return build(builder);
    }

    private SdkPojo builder(BoundOperation operation) {
        SdkPojo builder = operation.newRequest();
        fill(builder, operation.operation().constraints(), operation.operation().name(), 0);
        return builder;
    }

    private static SdkRequest build(SdkPojo builder) {
        return ((SdkRequest.Builder) builder).build();
    }

    /** The members of an operation's request. */
    static List<SdkField<?>> members(BoundOperation operation) {
        return operation.newRequest().sdkFields();
    }

    /** What the model says about a member; empty if nothing. */
    static Optional<Shape> shape(BoundOperation operation, SdkField<?> field) {
        return operation.operation().constraints().flatMap(shape -> member(shape, field.memberName()));
    }

    static boolean isText(SdkField<?> field) {
        return field.marshallingType().equals(MarshallingType.STRING);
    }

    private static Optional<Shape> member(Shape shape, String name) {
        return shape.members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .map(Shape.Member::shape);
    }

    private void fill(SdkPojo builder, Optional<Shape> shape, String operation, int depth) {
        for (SdkField<?> field : builder.sdkFields()) {
            String name = field.memberName();
            boolean required = shape.isPresent() && shape.get().required().contains(name);
            if (required || (depth == 0 && names.isFor(operation, name))) {
                // What an operation calls by a name is a member of its own, not of a structure in it.
                Optional<Object> known = names.find(depth == 0 ? operation : "", name);
                Object value = known.isPresent()
                        ? fit(field, known.get())
                        : generate(field, name, shape.flatMap(s -> member(s, name)), operation, depth);
                field.set(builder, value);
            }
        }
    }

    /** A value that the model allows for a member. */
    @Nullable
    Object generate(BoundOperation operation, SdkField<?> field) {
        Optional<Object> known = names.find(operation.operation().name(), field.memberName());
        return known.isPresent()
                ? fit(field, known.get())
                : generate(
                        field,
                        field.memberName(),
                        shape(operation, field),
                        operation.operation().name(),
                        0);
    }

    /** @param name the member's, since elements of lists and maps have none of their own */
    private @Nullable Object generate(
            SdkField<?> field, String name, Optional<Shape> shape, String operation, int depth) {
        if (depth > DEEPEST) {
            return null;
        }
        MarshallingType<?> type = field.marshallingType();
        if (type.equals(MarshallingType.STRING)) {
            return Texts.valid(name, shape);
        }
        if (type.equals(MarshallingType.BOOLEAN)) {
            return false;
        }
        if (type.equals(MarshallingType.INSTANT)) {
            return dev.terrane.testkit.TestServer.START;
        }
        if (type.equals(MarshallingType.SDK_BYTES)) {
            return SdkBytes.fromUtf8String("content");
        }
        if (type.equals(MarshallingType.LIST)) {
            SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
            Object value = generate(element, name, shape.flatMap(s -> member(s, "member")), operation, depth + 1);
            return value == null ? List.of() : List.of(value);
        }
        if (type.equals(MarshallingType.MAP)) {
            Object value = generate(
                    field.getTrait(MapTrait.class).valueFieldInfo(),
                    name,
                    shape.flatMap(s -> member(s, "value")),
                    operation,
                    depth + 1);
            String key = Texts.valid("key", shape.flatMap(s -> member(s, "key")));
            return value == null ? Map.of() : Map.of(key, value);
        }
        if (type.equals(MarshallingType.SDK_POJO)) {
            SdkPojo inner = field.constructor().get();
            fill(inner, shape, operation, depth + 1);
            return ((Buildable) inner).build();
        }
        double least =
                shape.map(s -> s.min().orElse(Math.min(1, s.max().orElse(1)))).orElse(1.0);
        return number(type, least);
    }

    /** A number of a member's type; null where it is no number. */
    static @Nullable Object number(MarshallingType<?> type, double value) {
        if (type.equals(MarshallingType.INTEGER)) {
            return (int) value;
        }
        if (type.equals(MarshallingType.LONG)) {
            return (long) value;
        }
        if (type.equals(MarshallingType.DOUBLE)) {
            return value;
        }
        if (type.equals(MarshallingType.FLOAT)) {
            return (float) value;
        }
        if (type.equals(MarshallingType.SHORT)) {
            return (short) value;
        }
        return null;
    }

    private static Object fit(SdkField<?> field, Object value) {
        MarshallingType<?> type = field.marshallingType();
        if (type.equals(MarshallingType.LIST) && !(value instanceof Collection<?>)) {
            return List.of(value);
        }
        if (value instanceof Number number) {
            Object fitting = number(type, number.doubleValue());
            return fitting == null ? value : fitting;
        }
        return value;
    }
}
