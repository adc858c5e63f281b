package dev.terrane.gateway.protocol;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;

/** The fields of one message or structure class, looked up once. Thread-safe. */
final class StructPlan {

    // A class's fields are one list for all its instances and builders. Identity suffices, and is quick.
    private static final Map<Fields, StructPlan> PLANS = new ConcurrentHashMap<>();

    private record Fields(List<SdkField<?>> list) {
        @Override
        @SuppressWarnings("ReferenceEquality") // see PLANS
        public boolean equals(@Nullable Object other) {
            return other instanceof Fields fields && fields.list == list;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(list);
        }
    }

    final FieldPlan[] fields;

    /** Fields in the body: all but those in headers, path, query and status. */
    final FieldPlan[] body;

    /** Fields in headers, path, query and status. */
    final FieldPlan[] bound;

    /** The field that is the whole body. */
    final @Nullable FieldPlan payload;

    private final Map<String, FieldPlan> byName = new HashMap<>();
    private final Map<String, FieldPlan> byOutName = new HashMap<>();

    private StructPlan(List<SdkField<?>> all) {
        fields = all.stream().map(FieldPlan::new).toArray(FieldPlan[]::new);
        body = all.stream()
                .filter(field -> field.location() == MarshallLocation.PAYLOAD)
                .map(field -> fields[all.indexOf(field)])
                .toArray(FieldPlan[]::new);
        bound = all.stream()
                .filter(field -> field.location() != MarshallLocation.PAYLOAD)
                .map(field -> fields[all.indexOf(field)])
                .toArray(FieldPlan[]::new);
        FieldPlan whole = null;
        for (FieldPlan field : body) {
            byName.put(field.name, field);
            byOutName.put(field.outName, field);
            if (field.payload) {
                whole = field;
            }
        }
        payload = whole;
    }

    static StructPlan of(SdkPojo message) {
        List<SdkField<?>> fields = message.sdkFields();
        Fields key = new Fields(fields);
        StructPlan plan = PLANS.get(key);
        if (plan == null) {
            plan = new StructPlan(fields);
            PLANS.put(key, plan);
        }
        return plan;
    }

    /** The body field of a name in requests. */
    @Nullable
    FieldPlan named(String name) {
        return byName.get(name);
    }

    /** The body field of a name in responses of XML protocols. */
    @Nullable
    FieldPlan outNamed(String name) {
        return byOutName.get(name);
    }
}
