package dev.terrane.iam;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When a user, group or role, or those who have a policy, last tried to access services.
 *
 * @param jobId of the job that finds it out
 * @param arn whose
 * @param byAction whether actions are told too
 * @param result empty until the job has ended
 */
record AccessReportRecord(String jobId, String arn, boolean byAction, Instant created, Optional<Result> result) {
    /** What the job found. */
    record Result(Instant completed, List<Service> services) {
        Result {
            services = List.copyOf(services);
        }
    }

    /**
     * A service that is granted.
     *
     * @param users how many users and roles have tried
     */
    record Service(String namespace, Optional<Last> last, int users, List<Action> actions, List<Entity> entities) {
        Service {
            actions = List.copyOf(actions);
            entities = List.copyOf(entities);
        }
    }

    /** An action that is granted. */
    record Action(String name, Optional<Last> last) {}

    /** The last attempt. */
    record Last(Instant time, String entityArn, String region) {}

    /** A user, role or group that may have used what is granted. */
    record Entity(Kind kind, String arn, String name, String id, String path, Optional<Instant> last) {}

    AccessReportRecord with(Result found) {
        return new AccessReportRecord(jobId, arn, byAction, created, Optional.of(found));
    }

    Optional<Service> service(String namespace) {
        return result.stream()
                .flatMap(r -> r.services().stream())
                .filter(service -> service.namespace().equals(namespace))
                .findFirst();
    }
}
