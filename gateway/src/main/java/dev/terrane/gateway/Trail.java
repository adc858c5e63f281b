package dev.terrane.gateway;

import dev.terrane.kernel.audit.AuditFollower;
import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Records calls for CloudTrail. A management event is recorded always, in the commit of what it did. A data event (what is done with the
 * content of a resource, such as GetObject) is in the history only when it was denied; trails that ask for data events get all of them.
 */
public final class Trail {
    private final Store store;
    private final Rows<AuditRecord> rows;
    private final ReadOnly readOnly;
    private final Supplier<AuditFollower> follower;

    /** Whether an operation changes nothing. */
    @FunctionalInterface
    public interface ReadOnly {
        boolean test(BoundOperation operation);
    }

    /** @param follower who wants events beside the history */
    public Trail(Store store, ReadOnly readOnly, Supplier<AuditFollower> follower) {
        this.store = store;
        this.rows = store.rows(AuditLog.TABLE);
        this.readOnly = readOnly;
        this.follower = follower;
    }

    void succeeded(Invocation invocation, List<String> resources, @Nullable SdkPojo response) {
        boolean data = DataEvents.contains(invocation.operation());
        if (!invocation.upkeep() && (!data || wanted(invocation))) {
            write(invocation, resources, response, null, null, data, !data);
        }
    }

    /** @param reasons of a denial, sealed */
    void refused(Invocation invocation, List<String> resources, AwsServiceException error, @Nullable String reasons) {
        String code = error.awsErrorDetails().errorCode();
        boolean denied = code.startsWith("AccessDenied") || code.equals("UnauthorizedOperation");
        boolean data = DataEvents.contains(invocation.operation());
        if (!invocation.upkeep() && (!data || denied || wanted(invocation))) {
            store.transactNow(() -> {
                write(invocation, resources, null, error, reasons, data, !data || denied);
                return true;
            });
        }
    }

    private boolean wanted(Invocation invocation) {
        return follower.get().followsData(invocation.call().account());
    }

    private void write(
            Invocation invocation,
            List<String> resources,
            @Nullable SdkPojo response,
            @Nullable AwsServiceException error,
            @Nullable String reasons,
            boolean data,
            boolean history) {
        BoundOperation operation = invocation.operation();
        boolean reads = readOnly.test(operation);
        AuditRecord event = event(
                invocation.call(),
                operation.service().endpointPrefix() + ".amazonaws.com",
                operation.operation().name(),
                reads,
                AuditJson.of(invocation.request()),
                reads || response == null ? null : AuditJson.of(response),
                error,
                reasons,
                resources);
        keep(event, data, history);
    }

    /** Records what is no operation of an API, such as a Git push. */
    void record(
            Call call,
            String eventSource,
            String eventName,
            boolean reads,
            List<String> resources,
            Object parameters,
            @Nullable Denied denied) {
        String json = RecordCodec.json().writeValueAsString(parameters);
        AwsServiceException error = denied == null ? null : denied.error();
        String reasons = denied == null ? null : denied.reasons();
        keep(event(call, eventSource, eventName, reads, json, null, error, reasons, resources), false, true);
    }

    private static AuditRecord event(
            Call call,
            String source,
            String name,
            boolean reads,
            @Nullable String parameters,
            @Nullable String response,
            @Nullable AwsServiceException error,
            @Nullable String reasons,
            List<String> resources) {
        return new AuditRecord(
                AuditLog.newEventId(call.time()),
                call.requestId(),
                call.time(),
                call.account().isEmpty() ? Scope.INSTALLATION.account() : call.account(),
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
                reasons,
                resources);
    }

    private void keep(AuditRecord event, boolean data, boolean history) {
        store.transact(() -> {
            if (history) {
                rows.put(new Scope(event.account(), event.region()), event);
            }
            follower.get().follow(event, data);
        });
    }
}
