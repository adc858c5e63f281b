package dev.terrane.kernel.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.module.SimpleModule;

/** Lets a record hold the AWS SDK's model objects: they are written as objects of their set members, by SDK member name. */
final class SdkModelModule extends SimpleModule {
    SdkModelModule() {
        super("sdk-model");
        addSerializer(SdkPojo.class, new Writer());
        addSerializer(SdkBytes.class, new ValueSerializer<SdkBytes>() {
            @Override
            public void serialize(SdkBytes value, JsonGenerator out, SerializationContext context) {
                out.writeBinary(value.asByteArrayUnsafe());
            }
        });
        addDeserializer(SdkBytes.class, new ValueDeserializer<SdkBytes>() {
            @Override
            public SdkBytes deserialize(JsonParser in, DeserializationContext context) {
                return SdkBytes.fromByteArrayUnsafe(in.getBinaryValue());
            }
        });
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addDeserializers(new Deserializers.Base() {
            @Override
            public @Nullable ValueDeserializer<?> findBeanDeserializer(
                    JavaType type, DeserializationConfig config, BeanDescription.Supplier bean) {
                return SdkPojo.class.isAssignableFrom(type.getRawClass()) ? new Reader(type.getRawClass()) : null;
            }

            @Override
            public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
                return SdkPojo.class.isAssignableFrom(type);
            }
        });
    }

    private static final class Writer extends ValueSerializer<SdkPojo> {
        @Override
        public void serialize(SdkPojo value, JsonGenerator out, SerializationContext context) {
            out.writeStartObject();
            for (SdkField<?> field : value.sdkFields()) {
                Object member = field.getValueOrDefault(value);
                if (member != null
                        && !(member instanceof SdkAutoConstructList)
                        && !(member instanceof SdkAutoConstructMap)) {
                    out.writeName(field.memberName());
                    context.writeValue(out, member);
                }
            }
            out.writeEndObject();
        }
    }

    private static final class Reader extends ValueDeserializer<Object> {
        private static final Map<Class<?>, Map<String, SdkField<?>>> FIELDS = new ConcurrentHashMap<>();
        private final Class<?> type;

        Reader(Class<?> type) {
            this.type = type;
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) {
            return read(in, context, builder(type));
        }

        private static SdkPojo builder(Class<?> type) {
            try {
                return (SdkPojo) type.getMethod("builder").invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Not a model class of the SDK: " + type, e);
            }
        }

        private static Object read(JsonParser in, DeserializationContext context, SdkPojo builder) {
            Map<String, SdkField<?>> fields = FIELDS.computeIfAbsent(
                    builder.getClass(),
                    c -> builder.sdkFields().stream().collect(Collectors.toMap(SdkField::memberName, f -> f)));
            while (in.nextToken() != JsonToken.END_OBJECT) {
                SdkField<?> field = fields.get(in.currentName());
                in.nextToken();
                if (field == null) {
                    in.skipChildren();
                } else {
                    field.set(builder, member(in, context, field));
                }
            }
            return ((SdkBuilder<?, ?>) builder).build();
        }

        private static @Nullable Object member(JsonParser in, DeserializationContext context, SdkField<?> field) {
            if (in.currentToken() == JsonToken.VALUE_NULL) {
                return null;
            }
            MarshallingType<?> kind = field.marshallingType();
            if (kind.equals(MarshallingType.SDK_POJO)) {
                return read(in, context, field.constructor().get());
            }
            if (kind.equals(MarshallingType.LIST)) {
                SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
                java.util.List<@Nullable Object> list = new java.util.ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(member(in, context, element));
                }
                return list;
            }
            if (kind.equals(MarshallingType.MAP)) {
                SdkField<?> value = field.getTrait(MapTrait.class).valueFieldInfo();
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String key = in.currentName();
                    in.nextToken();
                    map.put(key, member(in, context, value));
                }
                return map;
            }
            if (kind.equals(MarshallingType.DOCUMENT)) {
                throw new IllegalStateException("Documents are not stored");
            }
            return context.readValue(in, kind.getTargetClass());
        }
    }
}
