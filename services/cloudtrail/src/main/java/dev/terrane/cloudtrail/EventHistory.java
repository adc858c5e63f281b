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
    private static final int STRIDE = 500;
    /** Records looked at for one page. */
    private static final int LOOKED_AT = 20 * STRIDE;

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
        Instant oldest = clock.instant().minus(Retention.KEPT);
        Instant from = Optional.ofNullable(request.startTime())
                .filter(oldest::isBefore)
                .orElse(oldest);
        Instant to = Optional.ofNullable(request.endTime()).orElseGet(clock::instant);
        Scope scope = Call.current().scope();
        String listing = "events/" + scope + "/" + request.lookupAttributes() + "/" + request.startTime() + "/"
                + request.endTime();
        Optional<String> after = request.nextToken() == null
                ? Optional.empty()
                : Optional.of(pages.decode(listing, request.nextToken())
                        .orElseThrow(() -> InvalidNextTokenException.builder()
                                .message("Invalid next token")
                                .build()));
        int most = Optional.ofNullable(request.maxResults()).orElse(MOST);
        Page<AuditRecord> page = find(scope, request.lookupAttributes(), from, to, after, most);
        return LookupEventsResponse.builder()
                .events(page.values().stream().map(EventHistory::event).toList())
                .nextToken(
                        page.next().map(place -> pages.encode(listing, place)).orElse(null))
                .build();
    }

    /** The newest records within a time that have an attribute. */
    private Page<AuditRecord> find(
            Scope scope, List<LookupAttribute> attributes, Instant from, Instant to, Optional<String> after, int most) {
        String first = AuditLog.from(from);
        String end = AuditLog.from(to.plusMillis(1));
        if (attributes.isEmpty()) {
            return records.list(
                    scope,
                    Query.all().between(first, end).reversed().after(after).limit(most));
        }
        LookupAttribute wanted = attributes.getFirst();
        String value = wanted.attributeValue();
        return switch (wanted.attributeKey()) {
            case EVENT_NAME ->
                records.list(
                        scope,
                        Query.index(AuditLog.EVENT_NAME)
                                .between(value + "/" + first, value + "/" + end)
                                .reversed()
                                .after(after)
                                .limit(most));
            case EVENT_ID ->
                new Page<>(
                        records.peek(scope, value).stream()
                                .filter(record -> !record.time().isBefore(from)
                                        && !record.time().isAfter(to))
                                .toList(),
                        Optional.empty());
            case EVENT_SOURCE,
                    READ_ONLY,
                    USERNAME,
                    ACCESS_KEY_ID,
                    RESOURCE_NAME,
                    RESOURCE_TYPE,
                    UNKNOWN_TO_SDK_VERSION ->
                scan(scope, Query.all().between(first, end).reversed(), wanted, after, most);
        };
    }

    /** Looks at one record after another, until a page is full or so many were looked at that the caller is to ask again. */
    private Page<AuditRecord> scan(Scope scope, Query query, LookupAttribute wanted, Optional<String> after, int most) {
        List<AuditRecord> found = new ArrayList<>();
        Optional<String> place = after;
        for (int looked = 0; looked < LOOKED_AT; looked += STRIDE) {
            Page<AuditRecord> page = records.list(scope, query.after(place).limit(STRIDE));
            for (AuditRecord record : page.values()) {
                if (found.size() == most) {
                    return new Page<>(found, place);
                }
                place = Optional.of(record.eventId());
                if (matches(wanted, record)) {
                    found.add(record);
                }
            }
            if (page.next().isEmpty()) {
                return new Page<>(found, Optional.empty());
            }
        }
        return new Page<>(found, place);
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
            case RESOURCE_TYPE ->
                record.resources().stream()
                        .anyMatch(arn ->
                                ResourceTypes.of(arn).filter(value::equals).isPresent());
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    private static String userName(Principal principal) {
        return switch (principal) {
            case Principal.Root root -> "root";
            case Principal.User user -> user.name();
            case Principal.AssumedRole role -> role.sessionName();
            case Principal.FederatedUser user -> user.name();
            case Principal.Federated user -> user.userName();
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
                        .map(arn -> Resource.builder()
                                .resourceType(ResourceTypes.of(arn).orElse(null))
                                .resourceName(arn)
                                .build())
                        .toList())
                .cloudTrailEvent(EventJson.of(record, false))
                .build();
    }
}
