package dev.terrane.s3;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** Members of the SDK's model objects by their names, which are the same wherever S3's API has the same thing. */
final class Members {
    private Members() {}

    /** The text of one member, where the object has such a member and it is set. */
    static Optional<String> find(SdkPojo object, String member) {
        return object.sdkFields().stream()
                .filter(field -> field.memberName().equals(member))
                .findFirst()
                .map(field -> (String) field.getValueOrDefault(object));
    }

    /** Sets all members of a builder that the source has too, and has set. */
    static void copy(SdkPojo source, SdkPojo builder) {
        Map<String, SdkField<?>> from = new HashMap<>();
        source.sdkFields().forEach(field -> from.put(field.memberName(), field));
        for (SdkField<?> field : builder.sdkFields()) {
            SdkField<?> same = from.get(field.memberName());
            Object value = same == null ? null : same.getValueOrDefault(source);
            if (value != null) {
                field.set(builder, value);
            }
        }
    }
}
