package dev.terrane.sts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.terrane.kernel.clock.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The keys of issuers, kept for an hour. A key that is not among them is looked for anew, since issuers change theirs; but who sends forged tokens can't
 * make this server call an issuer more often than every ten seconds, nor twice at once.
 */
final class IssuerKeys {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final int MOST_ISSUERS = 1_000;

    private final IssuerDocuments documents;
    private final Clock clock;
    private final Cache<Issuer, Known> known =
            Caffeine.newBuilder().maximumSize(MOST_ISSUERS).build();

    IssuerKeys(IssuerDocuments documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /** An issuer, and how its certificate is trusted. */
    record Issuer(String url, Set<String> thumbprints) {}

    /** What is known of an issuer, and whose turn it is to read it. */
    private static final class Known {
        private final ReentrantLock turn = new ReentrantLock();
        private volatile Held held = new Held(Optional.empty(), Instant.EPOCH, Instant.EPOCH, Optional.empty());
    }

    /**
     * What was read of an issuer last.
     *
     * @param read when the keys were read
     * @param tried when that was tried last
     * @param failure why it failed then
     */
    private record Held(
            Optional<JsonWebKeys> keys, Instant read, Instant tried, Optional<AwsServiceException> failure) {
        boolean signed(Jwt token, Instant now) {
            return keys.isPresent()
                    && now.isBefore(read.plus(KEPT))
                    && keys.get().candidates(token).stream().anyMatch(token::isSignedBy);
        }

        boolean wasTriedOfLate(Instant now) {
            return now.isBefore(tried.plus(PAUSE));
        }
    }

    /**
     * Whether one of the issuer's keys signed a token.
     *
     * @throws AwsServiceException when the keys cannot be read
     */
    boolean signed(Issuer issuer, Jwt token) {
        Instant now = clock.instant();
        Known one = known.get(issuer, absent -> new Known());
        if (one.held.signed(token, now)) {
            return true;
        }
        one.turn.lock();
        try {
            if (!one.held.wasTriedOfLate(now)) {
                one.held = read(issuer, one.held, now);
            }
            Held held = one.held;
            if (held.signed(token, now)) {
                return true;
            }
            if (held.failure().isPresent()) {
                throw held.failure().get();
            }
            return false;
        } finally {
            one.turn.unlock();
        }
    }

    /** Keys that are still good outlive a failure to read them anew. */
    private Held read(Issuer issuer, Held before, Instant now) {
        try {
            return new Held(
                    Optional.of(documents.keys(issuer.url(), issuer.thumbprints())), now, now, Optional.empty());
        } catch (AwsServiceException e) {
            return new Held(before.keys(), before.read(), now, Optional.of(e));
        }
    }
}
