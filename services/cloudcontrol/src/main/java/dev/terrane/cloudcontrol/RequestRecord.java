package dev.terrane.cloudcontrol;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.resource.Properties;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import software.amazon.awssdk.services.cloudcontrol.model.Operation;
import software.amazon.awssdk.services.cloudcontrol.model.OperationStatus;
import software.amazon.awssdk.services.cloudcontrol.model.ProgressEvent;

/**
 * A request to make, change or delete a resource.
 *
 * @param token its request token
 * @param identifier the resource's primary identifier, empty as long as it is not known
 * @param created when it was asked for
 * @param progress how far it is
 * @param caller with whose rights it is carried out where no role was named
 * @param role the role's ARN, or empty
 * @param desired the properties that the resource is to have, as JSON; empty once it has ended, as {@code previous}
 * @param previous the properties that it had, as JSON
 */
record RequestRecord(
        String token,
        String typeName,
        Operation operation,
        String identifier,
        Instant created,
        Progress progress,
        Principal caller,
        String role,
        String desired,
        String previous) {
    private static final Set<OperationStatus> FINAL =
            EnumSet.of(OperationStatus.SUCCESS, OperationStatus.FAILED, OperationStatus.CANCEL_COMPLETE);

    /**
     * How far a request is.
     *
     * @param time since when
     * @param message why; empty where there is nothing to say
     * @param errorCode the handler's error code, or empty
     * @param model the resource as it is once it was made or changed, as JSON, or empty
     */
    record Progress(OperationStatus status, Instant time, String message, String errorCode, String model) {
        static Progress of(OperationStatus status, Instant time) {
            return new Progress(status, time, "", "", "");
        }
    }

    boolean ended() {
        return FINAL.contains(progress.status());
    }

    RequestRecord from(Properties wanted, Properties given) {
        return new RequestRecord(
                token,
                typeName,
                operation,
                identifier,
                created,
                progress,
                caller,
                role,
                wanted.toString(),
                given.toString());
    }

    RequestRecord at(Progress now) {
        return new RequestRecord(token, typeName, operation, identifier, created, now, caller, role, desired, previous);
    }

    RequestRecord of(String id) {
        return new RequestRecord(token, typeName, operation, id, created, progress, caller, role, desired, previous);
    }

    /** Without the properties, among which may be secrets. */
    RequestRecord over(Progress now) {
        return new RequestRecord(token, typeName, operation, identifier, created, now, caller, role, "", "");
    }

    ProgressEvent event() {
        return ProgressEvent.builder()
                .typeName(typeName)
                .identifier(identifier.isEmpty() ? null : identifier)
                .requestToken(token)
                .operation(operation)
                .operationStatus(progress.status())
                .eventTime(progress.time())
                .resourceModel(progress.model().isEmpty() ? null : progress.model())
                .statusMessage(progress.message().isEmpty() ? null : progress.message())
                .errorCode(progress.errorCode().isEmpty() ? null : progress.errorCode())
                .build();
    }
}
