package dev.terrane.gateway;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.traits.DefaultValueTrait;

/** The idempotency tokens that a client makes up where its caller gave none: of calls that are done once, always the same for the same request. */
final class IdempotencyTokens {
    private IdempotencyTokens() {}

    static SdkRequest filled(SdkRequest request, BoundOperation operation, String once) {
        Optional<SdkField<?>> token = request.sdkFields().stream()
                .filter(field -> field.containsTrait(DefaultValueTrait.class))
                .filter(field -> request.getValueForField(field.memberName(), Object.class)
                        .isEmpty())
                .findFirst();
        return token.map(field -> {
                    SdkRequest blank = with(request, field, "");
                    String of = once + "/" + operation.operation().name() + "/"
                            + RecordCodec.json().writeValueAsString(blank);
                    return with(
                            request,
                            field,
                            UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8))
                                    .toString());
                })
                .orElse(request);
    }

    private static SdkRequest with(SdkRequest request, SdkField<?> field, String token) {
        SdkRequest.Builder changed = request.toBuilder();
        field.set(changed, token);
        return changed.build();
    }
}
