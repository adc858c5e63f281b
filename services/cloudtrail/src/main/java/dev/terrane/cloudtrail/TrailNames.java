package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailArnInvalidException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidHomeRegionException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTrailNameException;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;

/** Finds trails by what requests call them: a name, which is of the caller's region, or an ARN. */
final class TrailNames {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern EDGES = Pattern.compile("[A-Za-z0-9](.*[A-Za-z0-9])?");
    private static final Pattern ADJACENT = Pattern.compile(".*[._-][._-].*");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final TrailTables tables;

    TrailNames(TrailTables tables) {
        this.tables = tables;
    }

    /** Refuses what cannot be a trail's name. */
    static void check(String name) {
        if (name.length() < 3) {
            throw invalid("Trail name must have a minimum length of 3 characters.");
        }
        if (name.length() > 128) {
            throw invalid("Trail name must have a maximum length of 128 characters.");
        }
        if (!ALLOWED.matcher(name).matches()) {
            throw invalid(
                    "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.),"
                            + " hyphens (-), and underscores (_).");
        }
        if (!EDGES.matcher(name).matches()) {
            throw invalid("Trail name must start and end with a letter or number.");
        }
        if (ADJACENT.matcher(name).matches()) {
            throw invalid("Trail name must not have adjacent periods, underscores or dashes.");
        }
        if (ADDRESS.matcher(name).matches()) {
            throw invalid("Trail name must not be in IP address format.");
        }
    }

    private static InvalidTrailNameException invalid(String message) {
        return InvalidTrailNameException.builder().message(message).build();
    }

    /** The ARN of a trail.
     *
     * @throws CloudTrailArnInvalidException where a text is none
     */
    static Arn arn(String text) {
        return Arn.find(text)
                .filter(arn -> arn.service().equals("cloudtrail")
                        && arn.type().equals("trail")
                        && !arn.region().isEmpty()
                        && !arn.account().isEmpty())
                .orElseThrow(() -> CloudTrailArnInvalidException.builder()
                        .message("Trail ARN: " + text + " is not valid.")
                        .build());
    }

    /** A trail that the caller's region sees: its own, or one of all regions.
     *
     * @throws TrailNotFoundException where there is none
     */
    TrailRecord visible(String text) {
        return find(text)
                .orElseThrow(() -> TrailNotFoundException.builder()
                        .message("Unknown trail: " + text + " for the user: "
                                + Call.current().account())
                        .build());
    }

    /** A trail that is to be changed, which only its home can.
     *
     * @throws InvalidHomeRegionException in another region
     */
    TrailRecord athome(String text) {
        TrailRecord trail = visible(text);
        if (!trail.region().equals(Call.current().region())) {
            throw InvalidHomeRegionException.builder()
                    .message(
                            "Trail " + trail.arn() + " can only be changed in its home region, " + trail.region() + ".")
                    .build();
        }
        return trail;
    }

    Optional<TrailRecord> find(String text) {
        Scope here = Call.current().scope();
        if (!text.contains(":")) {
            check(text);
            return tables.visible(here, text);
        }
        Arn arn = arn(text);
        return arn.account().equals(here.account())
                ? tables.trail(new Scope(arn.account(), arn.region()), arn.name())
                : Optional.empty();
    }
}
