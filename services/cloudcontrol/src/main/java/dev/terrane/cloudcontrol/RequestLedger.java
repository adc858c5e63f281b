package dev.terrane.cloudcontrol;

import dev.terrane.cloudcontrol.CloudControlTables.ClientTokenRecord;
import dev.terrane.cloudcontrol.RequestRecord.Progress;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.HandlerErrors;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.cloudcontrol.model.OperationStatus;

/** Writes down what becomes of requests. All within a transaction. */
final class RequestLedger {
    private static final int LONGEST_MESSAGE = 2048;

    private final CloudControlTables tables;
    private final Platform platform;

    RequestLedger(CloudControlTables tables, Platform platform) {
        this.tables = tables;
        this.platform = platform;
    }

    /** The request that a client token stands for.
     *
     * @throws software.amazon.awssdk.services.cloudcontrol.model.ClientTokenConflictException where it stands for another one */
    Optional<RequestRecord> again(String clientToken, String fingerprint) {
        if (clientToken.isEmpty()) {
            return Optional.empty();
        }
        Optional<ClientTokenRecord> used = tables.clientToken(scope(), clientToken, now());
        if (used.isPresent() && !used.get().fingerprint().equals(fingerprint)) {
            throw Refusals.clientTokenConflict(clientToken);
        }
        return used.flatMap(found -> tables.request(scope(), found.request()));
    }

    /** Writes down a new request.
     *
     * @throws software.amazon.awssdk.services.cloudcontrol.model.ConcurrentOperationException where another one is at work on its resource */
    void begin(RequestRecord request, String clientToken, String fingerprint) {
        tables.forgetOld(scope(), now());
        if (!request.identifier().isEmpty()) {
            mustBeFree(request.typeName(), request.identifier());
            tables.lock(scope(), request);
        }
        if (!clientToken.isEmpty()) {
            tables.put(scope(), new ClientTokenRecord(clientToken, request.token(), fingerprint, now()));
        }
        tables.put(scope(), request);
    }

    /** Refuses where a request is at work on a resource. */
    void mustBeFree(String typeName, String identifier) {
        tables.holder(scope(), typeName, identifier).ifPresent(other -> {
            throw Refusals.concurrent(typeName, identifier, other);
        });
    }

    RequestRecord current(String token) {
        return tables.request(scope(), token).orElseThrow(() -> new IllegalStateException("No request " + token));
    }

    /** The resource is there, under this identifier. */
    void made(String token, String identifier) {
        RequestRecord request = current(token);
        if (request.identifier().equals(identifier)) {
            return;
        }
        if (!request.identifier().isEmpty()) {
            tables.unlock(scope(), request);
        }
        RequestRecord named = request.of(identifier);
        if (tables.holder(scope(), named.typeName(), identifier).isEmpty()) {
            tables.lock(scope(), named);
        }
        tables.put(scope(), named);
    }

    void succeed(String token, String model) {
        end(token, new Progress(OperationStatus.SUCCESS, now(), "", "", model));
    }

    void fail(String token, Steps.StepFailed failure) {
        fail(token, HandlerErrors.code(failure.code()), String.valueOf(failure.getMessage()));
    }

    void fail(String token, String errorCode, String message) {
        String fitting = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
        end(token, new Progress(OperationStatus.FAILED, now(), fitting, errorCode, ""));
    }

    void cancelled(String token) {
        end(token, Progress.of(OperationStatus.CANCEL_COMPLETE, now()));
    }

    private void end(String token, Progress progress) {
        RequestRecord ended = current(token).over(progress);
        if (!ended.identifier().isEmpty()) {
            tables.unlock(scope(), ended);
        }
        tables.put(scope(), ended);
        platform.clients().forget(token);
    }

    Instant now() {
        return platform.clock().instant();
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
