package dev.terrane.sts;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.identity.AccessKeyIds;
import dev.terrane.kernel.identity.SessionTokens;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;

/**
 * Temporary credentials of users and of the root user themselves ("GetSessionToken"). The code of an MFA device was verified before the operation runs.
 */
final class UserSessions {
    private static final Duration USUAL = Duration.ofHours(12);
    private static final Duration LONGEST_OF_ROOT = Duration.ofHours(1);

    private final SessionTokens sessions;

    UserSessions(Platform platform) {
        sessions = platform.sessions();
    }

    GetSessionTokenResponse begin(GetSessionTokenRequest request) {
        Call call = Call.current();
        boolean longTerm = call.principal() instanceof Principal.User || call.principal() instanceof Principal.Root;
        if (!longTerm || call.accessKeyId().startsWith(AccessKeyIds.TEMPORARY)) {
            throw Refusals.denied("Cannot call GetSessionToken with session credentials");
        }
        Duration duration = request.durationSeconds() == null ? USUAL : Duration.ofSeconds(request.durationSeconds());
        if (call.principal() instanceof Principal.Root && duration.compareTo(LONGEST_OF_ROOT) > 0) {
            duration = LONGEST_OF_ROOT;
        }
        return GetSessionTokenResponse.builder()
                .credentials(issue(sessions, call.principal(), duration, call.mfa()))
                .build();
    }

    /** @param mfa whether the session is known to have been begun with a second factor */
    static Credentials issue(SessionTokens sessions, Principal principal, Duration lasts, boolean mfa) {
        Instant now = Call.current().time();
        SessionTokens.Issued issued = sessions.issue(
                principal, now.truncatedTo(ChronoUnit.SECONDS), now.plus(lasts).truncatedTo(ChronoUnit.SECONDS), mfa);
        return Credentials.builder()
                .accessKeyId(issued.accessKeyId())
                .secretAccessKey(issued.secret())
                .sessionToken(issued.token())
                .expiration(issued.expires())
                .build();
    }
}
