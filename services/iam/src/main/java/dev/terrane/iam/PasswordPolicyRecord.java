package dev.terrane.iam;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.PasswordPolicy;
import software.amazon.awssdk.services.iam.model.UpdateAccountPasswordPolicyRequest;

/**
 * What an account asks of its users' passwords ("Set an account password policy for IAM users").
 *
 * @param maxAge days until a password expires; 0 for never
 * @param reusePrevention how many of the latest passwords may not be used again; 0 for none
 * @param hardExpiry whether a user cannot set another password once it has expired
 */
record PasswordPolicyRecord(
        String account,
        int minimumLength,
        boolean symbols,
        boolean numbers,
        boolean uppercase,
        boolean lowercase,
        boolean usersMayChange,
        int maxAge,
        int reusePrevention,
        boolean hardExpiry) {
    private static final Pattern UPPERCASE = Pattern.compile("[A-Z]");
    private static final Pattern LOWERCASE = Pattern.compile("[a-z]");
    private static final Pattern NUMBER = Pattern.compile("[0-9]");
    private static final Pattern SYMBOL = Pattern.compile("[!@#$%^&*()_+\\-=\\[\\]{}|']");
    private static final int SHORTEST = 6;
    /** Without a policy: so long, and of three of the four kinds of characters. */
    private static final int DEFAULT_LENGTH = 8;

    private static final int DEFAULT_KINDS = 3;

    static PasswordPolicyRecord of(String account, UpdateAccountPasswordPolicyRequest request) {
        return new PasswordPolicyRecord(
                account,
                number(request.minimumPasswordLength(), SHORTEST),
                Boolean.TRUE.equals(request.requireSymbols()),
                Boolean.TRUE.equals(request.requireNumbers()),
                Boolean.TRUE.equals(request.requireUppercaseCharacters()),
                Boolean.TRUE.equals(request.requireLowercaseCharacters()),
                Boolean.TRUE.equals(request.allowUsersToChangePassword()),
                number(request.maxPasswordAge(), 0),
                number(request.passwordReusePrevention(), 0),
                Boolean.TRUE.equals(request.hardExpiry()));
    }

    private static int number(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    PasswordPolicy sdk() {
        PasswordPolicy.Builder policy = PasswordPolicy.builder()
                .minimumPasswordLength(minimumLength)
                .requireSymbols(symbols)
                .requireNumbers(numbers)
                .requireUppercaseCharacters(uppercase)
                .requireLowercaseCharacters(lowercase)
                .allowUsersToChangePassword(usersMayChange)
                .expirePasswords(maxAge > 0)
                .hardExpiry(hardExpiry);
        if (maxAge > 0) {
            policy.maxPasswordAge(maxAge);
        }
        if (reusePrevention > 0) {
            policy.passwordReusePrevention(reusePrevention);
        }
        return policy.build();
    }

    boolean expired(LoginProfileRecord profile, Instant now) {
        return maxAge > 0 && profile.olderThan(Duration.ofDays(maxAge), now);
    }

    /** What keeps a password from being taken. */
    Optional<String> objection(String password) {
        if (password.length() < minimumLength) {
            return Optional.of(tooShort(minimumLength));
        }
        return Stream.of(
                        lacking(uppercase, UPPERCASE, password, "uppercase letter"),
                        lacking(lowercase, LOWERCASE, password, "lowercase letter"),
                        lacking(numbers, NUMBER, password, "number"),
                        lacking(symbols, SYMBOL, password, "symbol"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> lacking(boolean required, Pattern kind, String password, String name) {
        return required && !kind.matcher(password).find()
                ? Optional.of("Password should have at least one " + name)
                : Optional.empty();
    }

    /** What keeps a password from being taken in an account without a policy. */
    static Optional<String> defaultObjection(String password, String account) {
        if (password.length() < DEFAULT_LENGTH) {
            return Optional.of(tooShort(DEFAULT_LENGTH));
        }
        if (password.equals(account)) {
            return Optional.of("Password should not be the account's name");
        }
        long kinds = Stream.of(UPPERCASE, LOWERCASE, NUMBER, SYMBOL)
                .filter(kind -> kind.matcher(password).find())
                .count();
        return kinds < DEFAULT_KINDS
                ? Optional.of(
                        "Password should have at least three of: uppercase letters, lowercase letters, numbers, symbols")
                : Optional.empty();
    }

    private static String tooShort(int length) {
        return "Password should have a minimum length of " + length;
    }
}
