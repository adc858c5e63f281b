package dev.terrane.iam;

import dev.terrane.iam.UserCredentialsRecord.UserCertificate;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of a credential report: one for the root user, and one for each user ("Understanding the report format"). */
final class CredentialRows {
    private static final List<String> COLUMNS = List.of(
            "user",
            "arn",
            "user_creation_time",
            "password_enabled",
            "password_last_used",
            "password_last_changed",
            "password_next_rotation",
            "mfa_active",
            "access_key_1_active",
            "access_key_1_last_rotated",
            "access_key_1_last_used_date",
            "access_key_1_last_used_region",
            "access_key_1_last_used_service",
            "access_key_2_active",
            "access_key_2_last_rotated",
            "access_key_2_last_used_date",
            "access_key_2_last_used_region",
            "access_key_2_last_used_service",
            "cert_1_active",
            "cert_1_last_rotated",
            "cert_2_active",
            "cert_2_last_rotated");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx").withZone(ZoneOffset.UTC);
    private static final String NONE = "N/A";
    private static final String NOT_SUPPORTED = "not_supported";
    private static final String NO_INFORMATION = "no_information";
    private static final int EACH = 2;

    private final IamTables tables;
    private final KeyUses uses;

    CredentialRows(IamTables tables, KeyUses uses) {
        this.tables = tables;
        this.uses = uses;
    }

    /** The report of an account. No value holds a comma or a quotation mark but users' names, which may hold commas. */
    String csv(Scope scope) {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", COLUMNS));
        lines.add(root(scope));
        Optional<PasswordPolicyRecord> policy = tables.passwordPolicies().peek(scope, scope.account());
        Optional<String> after = Optional.empty();
        do {
            Page<UserRecord> page = tables.users().list(scope, Query.all().after(after));
            page.values().forEach(user -> lines.add(row(scope, user, policy)));
            after = page.next();
        } while (after.isPresent());
        return String.join("\n", lines);
    }

    /** The root user's credentials are the installation's own, which IAM does not keep. */
    private static String root(Scope scope) {
        List<String> values = new ArrayList<>(List.of(
                "<root_account>",
                Arn.iam(scope.account(), "root").toString(),
                NONE,
                NOT_SUPPORTED,
                NO_INFORMATION,
                NOT_SUPPORTED,
                NOT_SUPPORTED,
                "false"));
        for (int i = 0; i < EACH; i++) {
            values.addAll(List.of("false", NONE, NONE, NONE, NONE));
        }
        for (int i = 0; i < EACH; i++) {
            values.addAll(List.of("false", NONE));
        }
        return String.join(",", values);
    }

    private String row(Scope scope, UserRecord user, Optional<PasswordPolicyRecord> policy) {
        List<String> values = new ArrayList<>(List.of(quoted(user.name()), quoted(user.arn()), time(user.created())));
        Optional<LoginProfileRecord> profile = tables.loginProfiles().peek(scope, user.key());
        values.add(Boolean.toString(profile.isPresent()));
        // There is no console to sign in to.
        values.add(profile.isPresent() ? NO_INFORMATION : NONE);
        values.add(profile.map(p -> time(p.changed())).orElse(NONE));
        values.add(profile.flatMap(p -> policy.filter(rule -> rule.maxAge() > 0)
                        .map(rule -> time(p.changed().plus(Duration.ofDays(rule.maxAge())))))
                .orElse(NONE));
        UserCredentialsRecord credentials =
                tables.userCredentials().peek(scope, user.id()).orElseGet(() -> UserCredentialsRecord.none(user.id()));
        values.add(Boolean.toString(!credentials.mfaDevices().isEmpty()));
        for (int i = 0; i < EACH; i++) {
            values.addAll(accessKey(user, i));
        }
        for (int i = 0; i < EACH; i++) {
            values.addAll(certificate(credentials, i));
        }
        return String.join(",", values);
    }

    private List<String> accessKey(UserRecord user, int index) {
        Optional<AccessKeyRecord> key = index < user.accessKeys().size()
                ? tables.accessKeys().peek(Scope.INSTALLATION, user.accessKeys().get(index))
                : Optional.empty();
        Optional<AccessKeyUseRecord> use = key.flatMap(k -> uses.last(k.id()));
        return List.of(
                Boolean.toString(key.filter(AccessKeyRecord::active).isPresent()),
                key.map(k -> time(k.created())).orElse(NONE),
                use.map(u -> time(u.time())).orElse(NONE),
                use.map(AccessKeyUseRecord::region).orElse(NONE),
                use.map(AccessKeyUseRecord::service).orElse(NONE));
    }

    private static List<String> certificate(UserCredentialsRecord credentials, int index) {
        if (index >= credentials.certificates().size()) {
            return List.of("false", NONE);
        }
        UserCertificate certificate = credentials.certificates().get(index);
        return List.of(Boolean.toString(certificate.active()), time(certificate.uploaded()));
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }

    private static String quoted(String text) {
        return text.indexOf(',') < 0 ? text : '"' + text + '"';
    }
}
