package dev.terrane.ec2;

import dev.terrane.kernel.error.AwsErrors;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** What of a request is honoured: a parameter that would be without effect is refused, not ignored. */
final class Supported {
    private Supported() {}

    /**
     * Refuses a request that sets a member other than these, {@code DryRun} aside.
     *
     * @param where what the members belong to, for the message; empty for the request itself
     */
    static void only(String where, @Nullable SdkPojo request, Set<String> members) {
        if (request == null) {
            return;
        }
        for (SdkField<?> field : request.sdkFields()) {
            Object value = field.getValueOrDefault(request);
            boolean empty = value == null
                    || (value instanceof Collection<?> many && many.isEmpty())
                    || (value instanceof Map<?, ?> map && map.isEmpty())
                    || Boolean.FALSE.equals(value);
            if (!empty && !field.memberName().equals("DryRun") && !members.contains(field.memberName())) {
                throw Refusals.unsupported("The parameter " + (where.isEmpty() ? "" : where + ".") + field.memberName()
                        + " is not supported.");
            }
        }
    }

    /** Ends a request that only asks whether it would be allowed. */
    static void wet(@Nullable Boolean dryRun) {
        if (Boolean.TRUE.equals(dryRun)) {
            throw AwsErrors.of("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
        }
    }
}
