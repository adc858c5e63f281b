package dev.terrane.cloudtrail;

import dev.terrane.kernel.audit.AuditRecord;
import java.util.List;
import java.util.function.BiPredicate;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedFieldSelector;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

/** Which events a trail takes, by its selectors: an event that one of them takes. Without any, all management events. */
final class Selection {
    private Selection() {}

    static boolean takesData(TrailRecord trail) {
        return trail.selectors().stream().anyMatch(s -> !s.dataResources().isEmpty())
                || trail.advanced().stream().anyMatch(Selection::isOfData);
    }

    private static boolean isOfData(AdvancedEventSelector selector) {
        return selector.fieldSelectors().stream()
                .anyMatch(field -> field.field().equals("eventCategory")
                        && field.equalsValue().contains("Data"));
    }

    static boolean takes(TrailRecord trail, AuditRecord event, boolean data) {
        if (!trail.advanced().isEmpty()) {
            return trail.advanced().stream()
                    .anyMatch(selector -> selector.fieldSelectors().stream()
                            .allMatch(field -> matches(field, EventField.values(field.field(), event, data))));
        }
        if (trail.selectors().isEmpty()) {
            return !data;
        }
        return trail.selectors().stream()
                .anyMatch(selector -> direction(selector.readWriteType(), event)
                        && (data ? takesData(selector, event) : takesManagement(selector, event)));
    }

    private static boolean direction(ReadWriteType wanted, AuditRecord event) {
        return switch (wanted) {
            case READ_ONLY -> event.readOnly();
            case WRITE_ONLY -> !event.readOnly();
            case ALL, UNKNOWN_TO_SDK_VERSION -> true;
        };
    }

    private static boolean takesManagement(EventSelector selector, AuditRecord event) {
        return selector.includeManagementEvents()
                && !selector.excludeManagementEventSources().contains(event.eventSource());
    }

    private static boolean takesData(EventSelector selector, AuditRecord event) {
        return selector.dataResources().stream().anyMatch(resource -> takesData(resource, event));
    }

    /** An ARN that is given takes those that begin with it. */
    private static boolean takesData(DataResource wanted, AuditRecord event) {
        return DataResources.type(event).filter(wanted.type()::equals).isPresent()
                && DataResources.arns(event).stream()
                        .anyMatch(arn -> wanted.values().stream().anyMatch(arn::startsWith));
    }

    /** All operators of a field must hold: one that includes for any of its values, one that excludes for all of them. */
    private static boolean matches(AdvancedFieldSelector field, List<String> values) {
        return any(field.equalsValue(), values, String::equals)
                && any(field.startsWith(), values, String::startsWith)
                && any(field.endsWith(), values, String::endsWith)
                && none(field.notEquals(), values, String::equals)
                && none(field.notStartsWith(), values, String::startsWith)
                && none(field.notEndsWith(), values, String::endsWith);
    }

    private static boolean any(List<String> wanted, List<String> values, BiPredicate<String, String> test) {
        return wanted.isEmpty()
                || values.stream().anyMatch(value -> wanted.stream().anyMatch(text -> test.test(value, text)));
    }

    private static boolean none(List<String> unwanted, List<String> values, BiPredicate<String, String> test) {
        return values.stream().noneMatch(value -> unwanted.stream().anyMatch(text -> test.test(value, text)));
    }
}
