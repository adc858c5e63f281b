package dev.terrane.iam;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The latest credential report of an account.
 *
 * @param id of its generation
 * @param content as CSV, and when it was complete; empty while it is generated
 */
record CredentialReportRecord(String account, String id, Optional<Content> content) {
    /** A finished report. */
    record Content(String csv, Instant generated) {}

    private static final Duration GOOD_FOR = Duration.ofHours(4);

    CredentialReportRecord with(Content finished) {
        return new CredentialReportRecord(account, id, Optional.of(finished));
    }

    boolean expired(Instant now) {
        return content.filter(c -> c.generated().plus(GOOD_FOR).isBefore(now)).isPresent();
    }
}
