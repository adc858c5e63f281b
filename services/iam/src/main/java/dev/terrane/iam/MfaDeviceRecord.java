package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A virtual MFA device: the secret that an authenticator app shares with IAM.
 *
 * @param seed the secret, in base32
 * @param assignment whose it is, once enabled
 * @param drift how many steps of 30 seconds the app's clock is ahead, as a resynchronization found
 * @param lastStep the step of the last code that was taken: neither it nor an earlier one is taken again
 * @param failures wrong codes since the last right one
 * @param failed when the last wrong one came
 */
record MfaDeviceRecord(
        String account,
        String name,
        String path,
        String seed,
        Map<String, String> tags,
        Optional<Assignment> assignment,
        long drift,
        long lastStep,
        int failures,
        Optional<Instant> failed)
        implements Tagged {
    /** A user, by id and by the name that it has now, and since when the device is its. */
    record Assignment(String userId, String user, Instant enabled) {}

    private static final long WINDOW = 1;
    private static final long RESYNC_WINDOW = 20;
    private static final int FREE_FAILURES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 5;

    MfaDeviceRecord {
        tags = Tagging.ordered(tags);
    }

    static MfaDeviceRecord unassigned(String account, String name, String path, String seed, Map<String, String> tags) {
        return new MfaDeviceRecord(account, name, path, seed, tags, Optional.empty(), 0, 0, 0, Optional.empty());
    }

    /** The key of a device with this serial number; one that is no virtual device's has none. */
    static Optional<String> key(String account, String serial) {
        return Arn.find(serial)
                .filter(arn -> arn.service().equals("iam") && arn.type().equals("mfa"))
                .filter(arn -> arn.account().equals(account))
                .map(arn -> Names.key(arn.resource().substring("mfa".length())));
    }

    String key() {
        return Names.key(path + name);
    }

    /** The serial number, which for virtual devices is the ARN. */
    String serial() {
        return Arn.iam(account, "mfa" + path + name).toString();
    }

    MfaDeviceRecord withTags(Map<String, String> changed) {
        return new MfaDeviceRecord(account, name, path, seed, changed, assignment, drift, lastStep, failures, failed);
    }

    MfaDeviceRecord of(Optional<Assignment> changed) {
        return new MfaDeviceRecord(account, name, path, seed, tags, changed, drift, lastStep, failures, failed);
    }

    MfaDeviceRecord ofUserNamed(String user) {
        return of(assignment.map(mine -> new Assignment(mine.userId(), user, mine.enabled())));
    }

    /** The step of the second of two codes that follow each other, as an app shows them about now; empty when they are wrong. */
    OptionalLong consecutive(String first, String second, Instant now) {
        return consecutive(first, second, Totp.step(now), WINDOW);
    }

    /** The same for an app whose clock is up to ten minutes wrong. */
    OptionalLong resynchronized(String first, String second, Instant now) {
        return consecutive(first, second, Totp.step(now), RESYNC_WINDOW);
    }

    private OptionalLong consecutive(String first, String second, long now, long window) {
        for (long step = now - window; step <= now + window; step++) {
            if (step - 1 > lastStep && Totp.matches(seed, step - 1, first) && Totp.matches(seed, step, second)) {
                return OptionalLong.of(step);
            }
        }
        return OptionalLong.empty();
    }

    /** The step of a code, which may be one step early or late; empty when it is wrong, or was used before. */
    OptionalLong accepted(String code, Instant now) {
        long expected = Totp.step(now) + drift;
        for (long step = expected - WINDOW; step <= expected + WINDOW; step++) {
            if (step > lastStep && Totp.matches(seed, step, code)) {
                return OptionalLong.of(step);
            }
        }
        return OptionalLong.empty();
    }

    /** After a code was taken. */
    MfaDeviceRecord used(long step) {
        return synchronizedAt(step, drift);
    }

    MfaDeviceRecord synchronizedAt(long step, long newDrift) {
        return new MfaDeviceRecord(account, name, path, seed, tags, assignment, newDrift, step, 0, Optional.empty());
    }

    /** After a wrong code. */
    MfaDeviceRecord refused(Instant now) {
        return new MfaDeviceRecord(
                account, name, path, seed, tags, assignment, drift, lastStep, failures + 1, Optional.of(now));
    }

    /** Whether codes are not looked at now: after the fifth wrong one for 30 seconds, then twice as long each time, up to 16 minutes. */
    boolean paused(Instant now) {
        if (failures < FREE_FAILURES) {
            return false;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - FREE_FAILURES, MOST_DOUBLINGS));
        return failed.filter(last -> now.isBefore(last.plus(pause))).isPresent();
    }

    @Override
    public String toString() {
        return "MfaDeviceRecord[" + serial() + "]";
    }
}
