package dev.terrane.cloudtrail;

import dev.terrane.cloudtrail.TrailRecord.Settings;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.model.*;

/** Makes, changes, shows and deletes trails. */
final class Trails {
    private static final int MOST_IN_A_REGION = 5;
    private static final int PAGE = 100;

    private final TrailTables tables;
    private final TrailNames names;
    private final DestinationChecks checks;
    private final Delivery delivery;
    private final DigestTables digests;
    private final Clock clock;
    private final PageTokens pages;

    Trails(
            TrailTables tables,
            TrailNames names,
            DestinationChecks checks,
            Delivery delivery,
            DigestTables digests,
            Clock clock,
            PageTokens pages) {
        this.tables = tables;
        this.names = names;
        this.checks = checks;
        this.delivery = delivery;
        this.digests = digests;
        this.clock = clock;
        this.pages = pages;
    }

    CreateTrailResponse create(CreateTrailRequest request) {
        Scope here = Call.current().scope();
        String name = request.name();
        TrailNames.check(name);
        refuseOrganization(request.isOrganizationTrail());
        if (tables.trail(here, name).isPresent()) {
            throw TrailAlreadyExistsException.builder()
                    .message("Trail " + name + " already exists for customer: " + here.account())
                    .build();
        }
        if (tables.trails(here).size() >= MOST_IN_A_REGION) {
            throw MaximumNumberOfTrailsExceededException.builder()
                    .message("User: %s already has %d trails in %s."
                            .formatted(here.account(), MOST_IN_A_REGION, here.region()))
                    .build();
        }
        Settings settings = new Settings(
                request.s3BucketName(),
                text(request.s3KeyPrefix()),
                DestinationChecks.topic(text(request.snsTopicName()), here),
                !Boolean.FALSE.equals(request.includeGlobalServiceEvents()),
                Boolean.TRUE.equals(request.isMultiRegionTrail()),
                Boolean.TRUE.equals(request.enableLogFileValidation()),
                text(request.cloudWatchLogsLogGroupArn()),
                text(request.cloudWatchLogsRoleArn()),
                text(request.kmsKeyId()));
        TrailRecord trail = checked(
                new TrailRecord(
                        here.account(),
                        here.region(),
                        name,
                        Ids.uuid(),
                        settings,
                        false,
                        List.of(),
                        List.of(),
                        TrailTags.of(request.tagsList())),
                Optional.empty());
        tables.put(trail);
        if (settings.validation()) {
            digests.begin(trail, clock.instant());
        }
        return CreateTrailResponse.builder()
                .name(name)
                .trailARN(trail.arn().toString())
                .s3BucketName(trail.settings().bucket())
                .s3KeyPrefix(orNull(trail.settings().prefix()))
                .snsTopicARN(orNull(trail.settings().topic()))
                .includeGlobalServiceEvents(trail.settings().globalEvents())
                .isMultiRegionTrail(trail.settings().multiRegion())
                .logFileValidationEnabled(trail.settings().validation())
                .cloudWatchLogsLogGroupArn(orNull(trail.settings().logGroup()))
                .cloudWatchLogsRoleArn(orNull(trail.settings().logsRole()))
                .kmsKeyId(orNull(trail.settings().key()))
                .isOrganizationTrail(false)
                .build();
    }

    /** An empty text takes a setting away. */
    UpdateTrailResponse update(UpdateTrailRequest request) {
        TrailRecord before = names.athome(request.name());
        refuseOrganization(request.isOrganizationTrail());
        Settings old = before.settings();
        Settings settings = new Settings(
                or(request.s3BucketName(), old.bucket()),
                or(request.s3KeyPrefix(), old.prefix()),
                request.snsTopicName() == null
                        ? old.topic()
                        : DestinationChecks.topic(request.snsTopicName(), before.home()),
                or(request.includeGlobalServiceEvents(), old.globalEvents()),
                or(request.isMultiRegionTrail(), old.multiRegion()),
                or(request.enableLogFileValidation(), old.validation()),
                or(request.cloudWatchLogsLogGroupArn(), old.logGroup()),
                or(request.cloudWatchLogsRoleArn(), old.logsRole()),
                or(request.kmsKeyId(), old.key()));
        TrailRecord trail = checked(before.with(settings), Optional.of(old));
        tables.put(trail);
        if (settings.validation() && !old.validation()) {
            digests.begin(trail, clock.instant());
        } else if (!settings.validation()) {
            digests.end(trail);
        }
        return UpdateTrailResponse.builder()
                .name(trail.name())
                .trailARN(trail.arn().toString())
                .s3BucketName(trail.settings().bucket())
                .s3KeyPrefix(orNull(trail.settings().prefix()))
                .snsTopicARN(orNull(trail.settings().topic()))
                .includeGlobalServiceEvents(trail.settings().globalEvents())
                .isMultiRegionTrail(trail.settings().multiRegion())
                .logFileValidationEnabled(trail.settings().validation())
                .cloudWatchLogsLogGroupArn(orNull(trail.settings().logGroup()))
                .cloudWatchLogsRoleArn(orNull(trail.settings().logsRole()))
                .kmsKeyId(orNull(trail.settings().key()))
                .isOrganizationTrail(false)
                .build();
    }

    /** Refuses settings that don't fit together or that nothing could be delivered with; those that stay as they are are not tried again. */
    private TrailRecord checked(TrailRecord asked, Optional<Settings> old) {
        Settings settings = asked.settings();
        if (settings.multiRegion() && !settings.globalEvents()) {
            throw InvalidParameterCombinationException.builder()
                    .message("Multi-Region trail must include global service events.")
                    .build();
        }
        DestinationChecks.checkBucketName(settings.bucket());
        DestinationChecks.checkPrefix(settings.prefix());
        DestinationChecks.checkLogs(settings, asked.home());
        String key = old.map(Settings::key)
                .filter(settings.key()::equals)
                .orElseGet(() -> checks.key(settings.key(), asked));
        TrailRecord trail = asked.with(new Settings(
                settings.bucket(),
                settings.prefix(),
                settings.topic(),
                settings.globalEvents(),
                settings.multiRegion(),
                settings.validation(),
                settings.logGroup(),
                settings.logsRole(),
                key));
        Settings now = trail.settings();
        if (old.filter(o -> o.bucket().equals(now.bucket())
                        && o.prefix().equals(now.prefix())
                        && o.key().equals(now.key()))
                .isEmpty()) {
            checks.bucket(trail);
        }
        if (old.filter(o -> o.topic().equals(now.topic())).isEmpty()) {
            checks.topic(trail);
        }
        if (old.filter(o -> o.logGroup().equals(now.logGroup()) && o.logsRole().equals(now.logsRole()))
                .isEmpty()) {
            checks.logs(trail);
        }
        return trail;
    }

    private static void refuseOrganization(Boolean asked) {
        if (Boolean.TRUE.equals(asked)) {
            throw OrganizationsNotInUseException.builder()
                    .message("Your account is not a member of an organization, which organization trails need.")
                    .build();
        }
    }

    DeleteTrailResponse delete(DeleteTrailRequest request) {
        TrailRecord trail = names.athome(request.name());
        tables.delete(trail);
        digests.end(trail);
        delivery.wake(trail);
        return DeleteTrailResponse.builder().build();
    }

    GetTrailResponse get(GetTrailRequest request) {
        return GetTrailResponse.builder()
                .trail(shown(names.visible(request.name())))
                .build();
    }

    /** Names of nothing are passed over. */
    DescribeTrailsResponse describe(DescribeTrailsRequest request) {
        String here = Call.current().region();
        boolean shadows = !Boolean.FALSE.equals(request.includeShadowTrails());
        Stream<TrailRecord> found = request.trailNameList().isEmpty()
                ? tables.trails(Call.current().account()).stream().filter(trail -> trail.covers(here))
                : request.trailNameList().stream()
                        .flatMap(name -> names.find(name).stream())
                        .distinct();
        return DescribeTrailsResponse.builder()
                .trailList(found.filter(trail -> shadows || trail.region().equals(here))
                        .sorted(Comparator.comparing(TrailRecord::name).thenComparing(TrailRecord::region))
                        .map(Trails::shown)
                        .toList())
                .build();
    }

    /** Those of all regions. */
    ListTrailsResponse list(ListTrailsRequest request) {
        String listing = "trails/" + Call.current().account();
        Optional<String> after = Optional.ofNullable(request.nextToken())
                .map(token -> pages.decode(listing, token)
                        .orElseThrow(() -> InvalidTokenException.builder()
                                .message("The token is not valid.")
                                .build()));
        List<TrailRecord> rest = tables.trails(Call.current().account()).stream()
                .filter(trail -> after.isEmpty() || trail.arn().toString().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(trail -> trail.arn().toString()))
                .toList();
        List<TrailRecord> page = rest.subList(0, Math.min(PAGE, rest.size()));
        return ListTrailsResponse.builder()
                .trails(page.stream()
                        .map(trail -> TrailInfo.builder()
                                .trailARN(trail.arn().toString())
                                .name(trail.name())
                                .homeRegion(trail.region())
                                .build())
                        .toList())
                .nextToken(
                        page.size() == rest.size()
                                ? null
                                : pages.encode(listing, page.getLast().arn().toString()))
                .build();
    }

    private static Trail shown(TrailRecord trail) {
        Settings settings = trail.settings();
        return Trail.builder()
                .name(trail.name())
                .trailARN(trail.arn().toString())
                .homeRegion(trail.region())
                .s3BucketName(settings.bucket())
                .s3KeyPrefix(orNull(settings.prefix()))
                .snsTopicARN(orNull(settings.topic()))
                .includeGlobalServiceEvents(settings.globalEvents())
                .isMultiRegionTrail(settings.multiRegion())
                .logFileValidationEnabled(settings.validation())
                .cloudWatchLogsLogGroupArn(orNull(settings.logGroup()))
                .cloudWatchLogsRoleArn(orNull(settings.logsRole()))
                .kmsKeyId(orNull(settings.key()))
                .hasCustomEventSelectors(
                        !trail.selectors().isEmpty() || !trail.advanced().isEmpty())
                .hasInsightSelectors(false)
                .isOrganizationTrail(false)
                .build();
    }

    private static String text(@Nullable String given) {
        return given == null ? "" : given;
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
