package dev.terrane.gateway.protocol;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.JsonValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.Buildable;

/** What the SDK's metadata say about one field, looked up once. Immutable but for the plan of a nested structure. */
final class FieldPlan {

    final SdkField<?> field;
    final MarshallingKnownType type;
    final MarshallLocation location;

    /** The name in requests. */
    final String name;

    /** The name in responses of XML protocols. */
    final String outName;

    final String memberName;
    final TimestampFormatTrait.@Nullable Format timestampFormat;
    final boolean payload;
    final boolean xmlAttribute;
    final @Nullable XmlAttributesTrait xmlAttributes;
    final boolean jsonValue;

    /** Of lists and maps: whether there is no element around the entries. */
    final boolean flattened;

    /** Of lists: the name of an element; null if it is the protocol's default. */
    final @Nullable String elementName;

    /** Of maps: the names of key and value. */
    final String keyName;

    final String valueName;

    private final @Nullable FieldPlan held;
    private volatile @Nullable StructPlan struct;

    FieldPlan(SdkField<?> field) {
        this.field = field;
        this.type = field.marshallingType().getKnownType();
        this.location = field.location();
        this.name = field.locationName();
        String out = field.unmarshallLocationName();
        this.outName = out == null ? name : out;
        String member = field.memberName();
        this.memberName = member == null ? name : member;
        TimestampFormatTrait format = field.getTrait(TimestampFormatTrait.class);
        this.timestampFormat = format == null ? null : format.format();
        this.payload = field.containsTrait(PayloadTrait.class);
        this.xmlAttribute = field.containsTrait(XmlAttributeTrait.class);
        this.xmlAttributes = field.getTrait(XmlAttributesTrait.class);
        this.jsonValue = field.containsTrait(JsonValueTrait.class);
        ListTrait list = field.getTrait(ListTrait.class);
        MapTrait map = field.getTrait(MapTrait.class);
        this.flattened = list != null ? list.isFlattened() : map != null && map.isFlattened();
        this.elementName = list == null ? null : list.memberLocationName();
        this.keyName = map == null || map.keyLocationName() == null ? "key" : map.keyLocationName();
        this.valueName = map == null || map.valueLocationName() == null ? "value" : map.valueLocationName();
        this.held = list != null
                ? new FieldPlan(list.memberFieldInfo())
                : map != null ? new FieldPlan(map.valueFieldInfo()) : null;
    }

    /** Of lists and maps: the plan of what they hold. */
    FieldPlan held() {
        if (held == null) {
            throw new IllegalStateException(memberName + " holds nothing");
        }
        return held;
    }

    /** Of structures: a new builder. */
    SdkPojo newStruct() {
        return field.constructor().get();
    }

    /** Of structures: the plan; found at the first use, since structures may hold themselves. */
    StructPlan struct() {
        StructPlan plan = struct;
        if (plan == null) {
            plan = StructPlan.of(newStruct());
            struct = plan;
        }
        return plan;
    }

    /** Builds a structure out of its filled builder. */
    static Object build(SdkPojo builder) {
        return ((Buildable) builder).build();
    }

    /** The value in a message; null if it was not set. */
    @Nullable
    Object get(SdkPojo owner) {
        Object value = field.getValueOrDefault(owner);
        return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap ? null : value;
    }

    void set(SdkPojo builder, Object value) {
        field.set(builder, value);
    }
}
