package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.ObjectReader;

/** PutEvents. Each entry is taken or refused by itself; those taken are durable with the call's commit. */
final class Publishing {
    /** The greatest size of all entries together ("Calculating Amazon EventBridge PutEvents event entry size"). */
    private static final int LARGEST = 256 * 1024;

    private static final int SIZE_OF_TIME = 14;
    private static final ObjectReader STRICT =
            RecordCodec.json().reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    /** An event on its way from one bus to another, known only to calls made from inside on the same thread. */
    record Forwarded(String id, String event) {}

    static final ScopedValue<Forwarded> FORWARDED = ScopedValue.newInstance();

    private final Buses buses;
    private final Intake intake;

    Publishing(Buses buses, Intake intake) {
        this.buses = buses;
        this.intake = intake;
    }

    PutEventsResponse put(PutEventsRequest request) {
        if (request.endpointId() != null) {
            throw Errors.invalid("EndpointId is not valid. Reason: global endpoints are not offered here.");
        }
        if (request.entries().stream().mapToInt(Publishing::size).sum() > LARGEST) {
            throw Errors.invalid("Total size of the entries in the request is over the limit.");
        }
        List<PutEventsResultEntry> results =
                request.entries().stream().map(this::put).toList();
        return PutEventsResponse.builder()
                .entries(results)
                .failedEntryCount((int)
                        results.stream().filter(r -> r.errorCode() != null).count())
                .build();
    }

    private PutEventsResultEntry put(PutEventsRequestEntry entry) {
        if (FORWARDED.isBound()) {
            Forwarded forwarded = FORWARDED.get();
            Bus bus = bus(entry);
            if (buses.isThere(bus.scope(), bus.name())) {
                intake.accept(bus.scope(), bus.name(), forwarded.id(), forwarded.event(), true);
            }
            return PutEventsResultEntry.builder().eventId(forwarded.id()).build();
        }
        return wrong(entry).orElseGet(() -> take(entry));
    }

    private PutEventsResultEntry take(PutEventsRequestEntry entry) {
        Call call = Call.current();
        Bus bus = bus(entry);
        Event event = new Event(
                Ids.uuid(),
                entry.source(),
                entry.detailType(),
                call.account(),
                bus.scope().region(),
                entry.time() == null ? call.time() : entry.time(),
                entry.resources(),
                entry.detail());
        // A bus that is not there takes events and drops them, as AWS's does.
        if (buses.isThere(bus.scope(), bus.name())) {
            intake.accept(bus.scope(), bus.name(), event);
        }
        return PutEventsResultEntry.builder().eventId(event.id()).build();
    }

    private record Bus(Scope scope, String name) {}

    /** The bus of an entry, which may be another account's: whether it may be put to was decided before. */
    private static Bus bus(PutEventsRequestEntry entry) {
        String name = entry.eventBusName();
        if (name == null || name.isEmpty()) {
            return new Bus(Call.current().scope(), BusRecord.DEFAULT);
        }
        return Arn.find(name)
                .map(arn -> new Bus(new Scope(arn.account(), arn.region()), Names.busOf(arn)))
                .orElseGet(() -> new Bus(Call.current().scope(), name));
    }

    private static int size(PutEventsRequestEntry entry) {
        int size = entry.time() == null ? 0 : SIZE_OF_TIME;
        size += bytes(entry.source()) + bytes(entry.detailType()) + bytes(entry.detail());
        for (String resource : entry.resources()) {
            size += bytes(resource);
        }
        return size;
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Optional<PutEventsResultEntry> wrong(PutEventsRequestEntry entry) {
        if (entry.source() == null || entry.source().isEmpty()) {
            return missing("Source");
        }
        if (entry.detailType() == null || entry.detailType().isEmpty()) {
            return missing("DetailType");
        }
        if (entry.detail() == null || entry.detail().isEmpty()) {
            return missing("Detail");
        }
        if (entry.source().startsWith("aws.")) {
            return refusal("NotAuthorizedForSourceException", "Not authorized for the source.");
        }
        return isObject(entry.detail()) ? Optional.empty() : refusal("MalformedDetail", "Detail is malformed.");
    }

    private static Optional<PutEventsResultEntry> missing(String parameter) {
        return refusal(
                "InvalidArgument",
                "Parameter %s is not valid. Reason: %s is a required argument.".formatted(parameter, parameter));
    }

    private static Optional<PutEventsResultEntry> refusal(String code, String message) {
        return Optional.of(PutEventsResultEntry.builder()
                .errorCode(code)
                .errorMessage(message)
                .build());
    }

    /** Whether a text is one JSON object and nothing more. */
    private static boolean isObject(String text) {
        try (JsonParser parser = STRICT.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
