package dev.terrane.iam;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.identity.Identities.SecondFactor;
import dev.terrane.kernel.store.Store;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Verifies the codes of MFA devices. What comes of it is durable at once, whatever becomes of the call: a right code is used up, a wrong one is counted. */
final class SecondFactors {
    private final Store store;
    private final IamTables tables;

    SecondFactors(Store store, IamTables tables) {
        this.store = store;
        this.tables = tables;
    }

    SecondFactor verify(Principal principal, String serial, String code, Instant now) {
        return principal instanceof Principal.User user
                ? store.transactNow(() -> verify(user, serial, code, now))
                : SecondFactor.UNKNOWN;
    }

    private SecondFactor verify(Principal.User user, String serial, String code, Instant now) {
        Scope scope = Scope.global(user.account());
        Optional<MfaDeviceRecord> found = MfaDeviceRecord.key(user.account(), serial)
                .flatMap(key -> tables.mfaDevices().get(scope, key))
                .filter(device -> device.assignment()
                        .filter(mine -> mine.userId().equals(user.userId()))
                        .isPresent());
        if (found.isEmpty()) {
            return SecondFactor.UNKNOWN;
        }
        MfaDeviceRecord device = found.get();
        if (device.paused(now)) {
            return SecondFactor.WRONG;
        }
        OptionalLong step = device.accepted(code, now);
        tables.mfaDevices().put(scope, step.isPresent() ? device.used(step.getAsLong()) : device.refused(now));
        return step.isPresent() ? SecondFactor.PROVEN : SecondFactor.WRONG;
    }
}
