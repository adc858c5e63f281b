package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.EventBus;
import software.amazon.awssdk.services.eventbridge.model.ListEventBusesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListEventBusesResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateEventBusResponse;

/** Event buses: the default one, which every account has in every region, and own ones. */
final class Buses {
    /** When the default bus was made is not known: it was always there. */
    private static final Instant UNRECORDED = Instant.EPOCH;

    /** AWS's quota of buses an account and region. */
    private static final int MOST = 100;

    private static final int PAGE = 100;

    private final EventBridgeTables tables;
    private final Clock clock;
    private final PageTokens pages;

    Buses(EventBridgeTables tables, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.clock = clock;
        this.pages = pages;
    }

    /** A bus that is there; the default one is always. */
    BusRecord existing(Scope scope, String name) {
        return find(scope, name).orElseThrow(() -> Errors.noBus(name));
    }

    Optional<BusRecord> find(Scope scope, String name) {
        return tables.bus(scope, name).or(() -> defaultBus(name));
    }

    /** Whether a bus is there, for what need not be undone when it goes meanwhile. */
    boolean isThere(Scope scope, String name) {
        return name.equals(BusRecord.DEFAULT) || tables.peekBus(scope, name).isPresent();
    }

    private Optional<BusRecord> defaultBus(String name) {
        return name.equals(BusRecord.DEFAULT) ? Optional.of(BusRecord.named(name, UNRECORDED)) : Optional.empty();
    }

    CreateEventBusResponse create(CreateEventBusRequest request) {
        Scope scope = Call.current().scope();
        String name = request.name();
        if (request.eventSourceName() != null || name.startsWith("aws.partner/")) {
            throw Errors.invalid("Partner event sources are not offered here.");
        }
        if (name.indexOf('/') >= 0) {
            throw Errors.invalid("Event bus name must not contain '/'.");
        }
        if (request.kmsKeyIdentifier() != null) {
            throw Errors.invalid(
                    "KmsKeyIdentifier is not offered here: all events are encrypted under the installation's key.");
        }
        if (request.logConfig() != null) {
            throw Errors.invalid("LogConfig is not offered here.");
        }
        if (find(scope, name).isPresent()) {
            throw Errors.exists("Event bus " + name + " already exists.");
        }
        if (tables.buses(scope, Query.all().limit(MOST)).values().size() >= MOST) {
            throw Errors.limit("The requested resource exceeds the maximum number allowed.");
        }
        tables.put(
                scope,
                BusRecord.named(name, clock.instant())
                        .with(
                                Optional.ofNullable(request.description()),
                                Optional.ofNullable(request.deadLetterConfig()),
                                clock.instant())
                        .withTags(Tags.added(java.util.Map.of(), request.tags())));
        return CreateEventBusResponse.builder()
                .eventBusArn(Names.busArn(scope, name))
                .description(request.description())
                .deadLetterConfig(request.deadLetterConfig())
                .build();
    }

    UpdateEventBusResponse update(UpdateEventBusRequest request) {
        Scope scope = Call.current().scope();
        if (request.kmsKeyIdentifier() != null || request.logConfig() != null) {
            throw Errors.invalid("KmsKeyIdentifier and LogConfig are not offered here.");
        }
        BusRecord bus = existing(scope, Names.bus(request.name()))
                .with(
                        Optional.ofNullable(request.description()),
                        Optional.ofNullable(request.deadLetterConfig()),
                        clock.instant());
        tables.put(scope, bus);
        return UpdateEventBusResponse.builder()
                .arn(Names.busArn(scope, bus.name()))
                .name(bus.name())
                .description(request.description())
                .deadLetterConfig(request.deadLetterConfig())
                .build();
    }

    DeleteEventBusResponse delete(DeleteEventBusRequest request) {
        Scope scope = Call.current().scope();
        String name = request.name();
        if (name.equals(BusRecord.DEFAULT)) {
            throw Errors.invalid("Cannot delete event bus default.");
        }
        if (tables.bus(scope, name).isPresent()) {
            boolean hasRules = !tables.rules(
                            scope, Query.prefix(RuleRecord.key(name, "")).limit(1))
                    .values()
                    .isEmpty();
            if (hasRules) {
                throw Errors.invalid("Event bus " + name + " can't be deleted since it has rules.");
            }
            tables.deleteBus(scope, name);
        }
        return DeleteEventBusResponse.builder().build();
    }

    DescribeEventBusResponse describe(DescribeEventBusRequest request) {
        Scope scope = Call.current().scope();
        BusRecord bus = existing(scope, Names.bus(request.name()));
        return DescribeEventBusResponse.builder()
                .name(bus.name())
                .arn(Names.busArn(scope, bus.name()))
                .description(bus.description().orElse(null))
                .policy(bus.policy().orElse(null))
                .deadLetterConfig(bus.deadLetterConfig().orElse(null))
                .creationTime(shown(bus.created()))
                .lastModifiedTime(shown(bus.modified()))
                .build();
    }

    ListEventBusesResponse list(ListEventBusesRequest request) {
        Scope scope = Call.current().scope();
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        List<EventBus> buses = new ArrayList<>();
        String listing = "events.buses/" + scope + "/" + prefix;
        Optional<String> after = Pages.cursor(pages, listing, request.nextToken());
        boolean showsDefault = after.isEmpty()
                && BusRecord.DEFAULT.startsWith(prefix)
                && tables.bus(scope, BusRecord.DEFAULT).isEmpty();
        if (showsDefault) {
            defaultBus(BusRecord.DEFAULT).map(bus -> described(scope, bus)).ifPresent(buses::add);
        }
        int limit = (request.limit() == null ? PAGE : request.limit()) - buses.size();
        Page<BusRecord> page = limit == 0
                ? new Page<>(List.of(), Optional.of(""))
                : tables.buses(scope, Query.prefix(prefix).after(after).limit(limit));
        page.values().forEach(bus -> buses.add(described(scope, bus)));
        return ListEventBusesResponse.builder()
                .eventBuses(buses)
                .nextToken(page.next().map(next -> pages.encode(listing, next)).orElse(null))
                .build();
    }

    private static @Nullable Instant shown(Instant time) {
        return time.equals(UNRECORDED) ? null : time;
    }

    private static EventBus described(Scope scope, BusRecord bus) {
        return EventBus.builder()
                .name(bus.name())
                .arn(Names.busArn(scope, bus.name()))
                .description(bus.description().orElse(null))
                .policy(bus.policy().orElse(null))
                .creationTime(shown(bus.created()))
                .lastModifiedTime(shown(bus.modified()))
                .build();
    }

    /** The policy of a bus by its ARN. */
    Optional<String> policy(Arn arn) {
        return tables.peekBus(new Scope(arn.account(), arn.region()), Names.busOf(arn))
                .flatMap(BusRecord::policy);
    }
}
