package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as IAM keeps them: whole seconds. */
final class Moments {
    private Moments() {}

    static Instant now() {
        return Call.current().time().truncatedTo(ChronoUnit.SECONDS);
    }
}
