package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedFieldSelector;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventSelectorsException;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

/** Sets and shows which events a trail takes. */
final class EventSelectors {
    private static final int MOST_SELECTORS = 5;
    private static final int MOST_RESOURCES = 250;
    private static final int MOST_VALUES = 500;
    private static final Set<String> EXCLUDABLE = Set.of("kms.amazonaws.com", "rdsdata.amazonaws.com");

    /** What a trail takes that has no selectors: all management events. */
    private static final EventSelector USUAL = complete(EventSelector.builder().build());

    /** What the ARNs of all buckets begin with. */
    private static final String BUCKETS = Arn.s3("").toString();

    private static final String ALL_BUCKETS = BUCKETS.replace(":::", "");

    private final TrailTables tables;
    private final TrailNames names;

    EventSelectors(TrailTables tables, TrailNames names) {
        this.tables = tables;
        this.names = names;
    }

    PutEventSelectorsResponse put(PutEventSelectorsRequest request) {
        TrailRecord trail = names.athome(request.trailName());
        if (request.eventSelectors().isEmpty()
                == request.advancedEventSelectors().isEmpty()) {
            throw invalid("Specify either event selectors or advanced event selectors.");
        }
        List<EventSelector> basic =
                request.eventSelectors().stream().map(EventSelectors::complete).toList();
        check(basic);
        boolean usual = basic.equals(List.of(USUAL));
        checkAdvanced(request.advancedEventSelectors());
        tables.put(trail.selecting(usual ? List.of() : basic, request.advancedEventSelectors()));
        return PutEventSelectorsResponse.builder()
                .trailARN(trail.arn().toString())
                .eventSelectors(basic.isEmpty() ? null : basic)
                .advancedEventSelectors(basic.isEmpty() ? request.advancedEventSelectors() : null)
                .build();
    }

    GetEventSelectorsResponse get(GetEventSelectorsRequest request) {
        TrailRecord trail = names.visible(request.trailName());
        GetEventSelectorsResponse.Builder response =
                GetEventSelectorsResponse.builder().trailARN(trail.arn().toString());
        if (!trail.advanced().isEmpty()) {
            return response.advancedEventSelectors(trail.advanced()).build();
        }
        return response.eventSelectors(trail.selectors().isEmpty() ? List.of(USUAL) : trail.selectors())
                .build();
    }

    /** With what a selector says that says nothing. */
    private static EventSelector complete(EventSelector given) {
        return EventSelector.builder()
                .readWriteType(given.readWriteType() == null ? ReadWriteType.ALL : given.readWriteType())
                .includeManagementEvents(!Boolean.FALSE.equals(given.includeManagementEvents()))
                .dataResources(given.hasDataResources() ? given.dataResources() : List.of())
                .excludeManagementEventSources(
                        given.hasExcludeManagementEventSources() ? given.excludeManagementEventSources() : List.of())
                .build();
    }

    private static void check(List<EventSelector> selectors) {
        if (selectors.size() > MOST_SELECTORS) {
            throw invalid("A trail can have at most " + MOST_SELECTORS + " event selectors.");
        }
        int resources = 0;
        for (EventSelector selector : selectors) {
            for (String source : selector.excludeManagementEventSources()) {
                if (!EXCLUDABLE.contains(source)) {
                    throw invalid("Management events of " + source
                            + " cannot be excluded, only those of kms.amazonaws.com and rdsdata.amazonaws.com.");
                }
            }
            if (!selector.includeManagementEvents()
                    && !selector.excludeManagementEventSources().isEmpty()) {
                throw invalid(
                        "Sources of management events can only be excluded where management events are included.");
            }
            for (DataResource resource : selector.dataResources()) {
                resources += resource.values().size();
                check(resource);
            }
            if (!selector.includeManagementEvents() && selector.dataResources().isEmpty()) {
                throw invalid("An event selector must include management events or data resources.");
            }
        }
        if (resources > MOST_RESOURCES) {
            throw invalid("A trail can have at most " + MOST_RESOURCES + " data resources.");
        }
    }

    private static void check(DataResource resource) {
        if (resource.type() == null || resource.values().isEmpty()) {
            throw invalid("A data resource must have a type and values.");
        }
        if (!resource.type().equals(DataResources.OBJECT)) {
            throw invalid("Data events of " + resource.type()
                    + " are not supported by Terrane in event selectors, only those of " + DataResources.OBJECT + ".");
        }
        for (String value : resource.values()) {
            if (!value.equals(ALL_BUCKETS) && !value.startsWith(BUCKETS)) {
                throw invalid("Value " + value + " for DataResources.Values is invalid.");
            }
            if (value.length() > BUCKETS.length() && !value.contains("/")) {
                throw invalid("Value " + value
                        + " for DataResources.Values is invalid: a bucket's name is followed by a slash.");
            }
        }
    }

    private static void checkAdvanced(List<AdvancedEventSelector> selectors) {
        int values = 0;
        for (AdvancedEventSelector selector : selectors) {
            Set<EventField> fields = new HashSet<>();
            for (AdvancedFieldSelector field : selector.fieldSelectors()) {
                EventField known = EventField.of(field.field())
                        .orElseThrow(() -> invalid("Field " + field.field()
                                + " is not supported by Terrane in advanced event selectors, only "
                                + String.join(", ", EventField.paths()) + "."));
                if (!fields.add(known)) {
                    throw invalid("Field " + field.field() + " is given more than once.");
                }
                values += check(known, field);
            }
            checkCategory(selector, fields);
        }
        if (values > MOST_VALUES) {
            throw invalid("Advanced event selectors can have at most " + MOST_VALUES + " values.");
        }
    }

    /** How many values a field selector has. */
    private static int check(EventField known, AdvancedFieldSelector field) {
        int others = Stream.of(
                        field.startsWith(),
                        field.endsWith(),
                        field.notEquals(),
                        field.notStartsWith(),
                        field.notEndsWith())
                .mapToInt(List::size)
                .sum();
        int values = others + field.equalsValue().size();
        if (values == 0) {
            throw invalid("Field " + field.field() + " has no operator.");
        }
        if (known.onlyEquals() && (others > 0 || field.equalsValue().size() != 1)) {
            throw invalid("Field " + field.field() + " takes one value, with Equals.");
        }
        return values;
    }

    private static void checkCategory(AdvancedEventSelector selector, Set<EventField> fields) {
        String category = value(selector, "eventCategory");
        boolean data = category.equals("Data");
        if (!data && !category.equals("Management")) {
            throw invalid(
                    category.isEmpty()
                            ? "An advanced event selector must have the field eventCategory."
                            : "Events of the category " + category
                                    + " are not supported by Terrane, only Management and Data.");
        }
        if (!Set.of("true", "false", "").contains(value(selector, "readOnly"))) {
            throw invalid("Field readOnly is true or false.");
        }
        if (!data && (fields.contains(EventField.RESOURCE_ARN) || fields.contains(EventField.RESOURCE_TYPE))) {
            throw invalid("Management events have no fields resources.type and resources.ARN.");
        }
        String type = value(selector, "resources.type");
        if (data && !DataResources.has(type)) {
            throw invalid(
                    type.isEmpty()
                            ? "An advanced event selector of data events must have the field resources.type."
                            : "Data events of " + type + " are not supported by Terrane, only those of "
                                    + String.join(", ", DataResources.all()) + ".");
        }
    }

    /** The value that a field must equal; empty where there is none. */
    private static String value(AdvancedEventSelector selector, String path) {
        return selector.fieldSelectors().stream()
                .filter(field -> field.field().equals(path))
                .flatMap(field -> field.equalsValue().stream())
                .findFirst()
                .orElse("");
    }

    private static InvalidEventSelectorsException invalid(String message) {
        return InvalidEventSelectorsException.builder().message(message).build();
    }
}
