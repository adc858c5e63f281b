package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventCategoryException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidLookupAttributesException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;
import software.amazon.awssdk.services.cloudtrail.model.Resource;

/** The events of the last 90 days, newest first. */
final class EventHistory {
    private static final int MOST = 50;
    private static final int SCANNED = 500;
    private static final Duration KEPT = Duration.ofDays(90);

    private final Rows<AuditRecord> records;
    private final Clock clock;
    private final PageTokens pages;

    EventHistory(Store store, Clock clock, PageTokens pages) {
        this.records = store.rows(AuditLog.TABLE);
        this.clock = clock;
        this.pages = pages;
    }

    LookupEventsResponse lookup(LookupEventsRequest request) {
        check(request);
        Scope scope = Call.current().scope();
        Instant now = clock.instant();
        Instant oldest = now.minus(KEPT);
        Instant from =
                request.startTime() == null || request.startTime().isBefore(oldest) ? oldest : request.startTime();
        Instant to = request.endTime() == null ? now : request.endTime();
        String listing = "events/" + scope + "/" + request.lookupAttributes() + "/" + request.startTime() + "/"
                + request.endTime();
        int most = Optional.ofNullable(request.maxResults()).orElse(MOST);
        Optional<String> after = request.nextToken() == null
                ? Optional.empty()
                : Optional.of(pages.decode(listing, request.nextToken())
                        .orElseThrow(() -> InvalidNextTokenException.builder()
                                .message("Invalid next token")
                                .build()));
        Query query = Query.all()
                .between(AuditLog.key(from.toEpochMilli(), ""), AuditLog.key(to.toEpochMilli() + 1, ""))
                .reversed();
        List<Event> found = new ArrayList<>();
        boolean more = true;
        while (more && found.size() < most) {
            Page<AuditRecord> page = records.list(scope, query.after(after).limit(SCANNED));
            for (AuditRecord record : page.values()) {
                if (found.size() == most) {
                    break;
                }
                after = Optional.of(AuditLog.key(record.time().toEpochMilli(), record.eventId()));
                if (request.lookupAttributes().stream().allMatch(attribute -> matches(attribute, record))) {
                    found.add(event(record));
                }
            }
            more = page.next().isPresent() || found.size() == most;
        }
        return LookupEventsResponse.builder()
                .events(found)
                .nextToken(more ? after.map(key -> pages.encode(listing, key)).orElse(null) : null)
                .build();
    }

    private static void check(LookupEventsRequest request) {
        if (request.eventCategory() != null) {
            throw InvalidEventCategoryException.builder()
                    .message("Insights events are not supported by Terrane yet.")
                    .build();
        }
        if (request.lookupAttributes().size() > 1) {
            throw InvalidLookupAttributesException.builder()
                    .message("You can only specify one lookup attribute.")
                    .build();
        }
        if (request.startTime() != null
                && request.endTime() != null
                && request.startTime().isAfter(request.endTime())) {
            throw InvalidTimeRangeException.builder()
                    .message("The start time must be before the end time.")
                    .build();
        }
    }

    private static boolean matches(LookupAttribute attribute, AuditRecord record) {
        String value = attribute.attributeValue();
        return switch (attribute.attributeKey()) {
            case EVENT_ID -> value.equals(record.eventId());
            case EVENT_NAME -> value.equals(record.eventName());
            case EVENT_SOURCE -> value.equals(record.eventSource());
            case READ_ONLY -> value.equals(Boolean.toString(record.readOnly()));
            case USERNAME -> value.equals(userName(record.principal()));
            case ACCESS_KEY_ID -> value.equals(record.accessKeyId());
            case RESOURCE_NAME ->
                record.resources().stream()
                        .anyMatch(arn -> value.equals(arn)
                                || Arn.find(arn)
                                        .map(Arn::name)
                                        .filter(value::equals)
                                        .isPresent());
            case RESOURCE_TYPE, UNKNOWN_TO_SDK_VERSION ->
                throw InvalidLookupAttributesException.builder()
                        .message("Looking up by " + attribute.attributeKeyAsString()
                                + " is not supported by Terrane yet.")
                        .build();
        };
    }

    private static String userName(Principal principal) {
        return switch (principal) {
            case Principal.Root root -> "root";
            case Principal.User user -> user.name();
            case Principal.AssumedRole role -> role.sessionName();
            case Principal.Service service -> service.name();
            case Principal.Anonymous anonymous -> "";
        };
    }

    private static Event event(AuditRecord record) {
        return Event.builder()
                .eventId(record.eventId())
                .eventName(record.eventName())
                .readOnly(Boolean.toString(record.readOnly()))
                .accessKeyId(record.accessKeyId().isEmpty() ? null : record.accessKeyId())
                .eventTime(record.time())
                .eventSource(record.eventSource())
                .username(userName(record.principal()))
                .resources(record.resources().stream()
                        .map(arn -> Resource.builder().resourceName(arn).build())
                        .toList())
                .cloudTrailEvent(EventJson.of(record))
                .build();
    }
}
