package dev.terrane.gateway;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.validate.Validator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkRequest;

/** Holds requests against their models; an operation's validator is made at its first call. */
final class ModelRules {
    private static final Map<BoundOperation, Validator> VALIDATORS = new ConcurrentHashMap<>();

    private ModelRules() {}

    static void check(BoundOperation operation, SdkRequest request) {
        VALIDATORS
                .computeIfAbsent(operation, o -> Validator.of(o.service(), o.operation()))
                .validate(request);
    }
}
