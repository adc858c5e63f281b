package dev.terrane.iam;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The password of a user for the console.
 *
 * @param earlier the passwords before this one, the latest first, as many as a policy may ask for
 * @param changed when the password was set
 * @param resetRequired whether the user must set another at the next sign-in
 */
record LoginProfileRecord(
        String user,
        PasswordHash password,
        List<PasswordHash> earlier,
        Instant created,
        Instant changed,
        boolean resetRequired) {
    /** The longest memory that a policy has (PasswordReusePrevention), with the password itself. */
    private static final int REMEMBERED = 23;

    LoginProfileRecord {
        earlier = List.copyOf(earlier);
    }

    static LoginProfileRecord of(String user, PasswordHash password, Instant now, boolean resetRequired) {
        return new LoginProfileRecord(user, password, List.of(), now, now, resetRequired);
    }

    String key() {
        return Names.key(user);
    }

    LoginProfileRecord of(String newUser) {
        return new LoginProfileRecord(newUser, password, earlier, created, changed, resetRequired);
    }

    LoginProfileRecord with(PasswordHash next, Instant now) {
        List<PasswordHash> all = new ArrayList<>(earlier);
        all.addFirst(password);
        return new LoginProfileRecord(
                user, next, all.subList(0, Math.min(REMEMBERED, all.size())), created, now, resetRequired);
    }

    LoginProfileRecord requiringReset(boolean required) {
        return new LoginProfileRecord(user, password, earlier, created, changed, required);
    }

    /** Whether it is one of this profile's latest passwords. */
    boolean isAmong(int latest, String candidate) {
        if (latest > 0 && password.matches(candidate)) {
            return true;
        }
        return earlier.stream().limit(Math.max(0, latest - 1)).anyMatch(old -> old.matches(candidate));
    }

    boolean olderThan(Duration age, Instant now) {
        return changed.plus(age).isBefore(now);
    }
}
