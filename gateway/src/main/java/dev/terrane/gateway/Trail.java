package dev.terrane.gateway;

import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Records calls for CloudTrail. A management event is recorded always, in the commit of what it did. A data event (what is done with the
 * content of a resource, such as GetObject) is recorded when it is denied, or where a trail asks for it, as in AWS.
 */
public final class Trail {
    private final Store store;
    private final Rows<AuditRecord> rows;
    private final ReadOnly readOnly;
    private final BiPredicate<Call, BoundOperation> selected;

    /** Whether an operation changes nothing. */
    @FunctionalInterface
    public interface ReadOnly {
        boolean test(BoundOperation operation);
    }

    /** @param selected whether a data event of a call is asked for by a trail */
    public Trail(Store store, ReadOnly readOnly, BiPredicate<Call, BoundOperation> selected) {
        this.store = store;
        this.rows = store.rows(AuditLog.TABLE);
        this.readOnly = readOnly;
        this.selected = selected;
    }

    void succeeded(Invocation invocation, List<String> resources, @Nullable SdkPojo response) {
        if (invocation.upkeep()
                || (DataEvents.contains(invocation.operation())
                        && !selected.test(invocation.call(), invocation.operation()))) {
            return;
        }
        write(invocation, resources, response, null);
    }

    void refused(Invocation invocation, List<String> resources, AwsServiceException error) {
        String code = error.awsErrorDetails().errorCode();
        boolean denied = code.startsWith("AccessDenied") || code.equals("UnauthorizedOperation");
        if (invocation.upkeep()
                || (!denied
                        && DataEvents.contains(invocation.operation())
                        && !selected.test(invocation.call(), invocation.operation()))) {
            return;
        }
        store.transactNow(() -> {
            write(invocation, resources, null, error);
            return true;
        });
    }

    private void write(
            Invocation invocation,
            List<String> resources,
            @Nullable SdkPojo response,
            @Nullable AwsServiceException error) {
        BoundOperation operation = invocation.operation();
        boolean reads = readOnly.test(operation);
        put(
                invocation.call(),
                operation.service().endpointPrefix() + ".amazonaws.com",
                operation.operation().name(),
                reads,
                AuditJson.of(invocation.request()),
                reads || response == null ? null : AuditJson.of(response),
                error,
                resources);
    }

    /** Records what is no operation of an API, such as a Git push. */
    void record(
            Call call,
            String eventSource,
            String eventName,
            boolean reads,
            List<String> resources,
            Object parameters,
            @Nullable AwsServiceException error) {
        store.transact(() -> put(
                call,
                eventSource,
                eventName,
                reads,
                RecordCodec.json().writeValueAsString(parameters),
                null,
                error,
                resources));
    }

    private void put(
            Call call,
            String source,
            String name,
            boolean reads,
            @Nullable String parameters,
            @Nullable String response,
            @Nullable AwsServiceException error,
            List<String> resources) {
        String account = call.account().isEmpty() ? Scope.INSTALLATION.account() : call.account();
        rows.put(
                new Scope(account, call.region()),
                new AuditRecord(
                        AuditLog.newEventId(call.time()),
                        call.requestId(),
                        call.time(),
                        account,
                        call.region(),
                        source,
                        name,
                        reads,
                        call.principal(),
                        call.accessKeyId(),
                        call.mfa(),
                        call.tokenIssued().orElse(null),
                        call.sourceAddress(),
                        call.userAgent(),
                        parameters,
                        response,
                        error == null ? null : error.awsErrorDetails().errorCode(),
                        error == null ? null : error.awsErrorDetails().errorMessage(),
                        resources));
    }
}
