package dev.terrane.gateway.fuzz;

import dev.terrane.gateway.sigv4.CodeCommitCredential;
import dev.terrane.gateway.sigv4.SignatureRefused;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** What Git brings to be let in, a line each: host, path, user name, password. */
public final class CredentialTarget {
    private static final Instant NOW = Instant.parse("2026-03-01T10:20:30Z");

    private CredentialTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String[] lines = new String(data, StandardCharsets.UTF_8).split("\n", 4);
        String password = lines.length > 3 ? lines[3] : "";
        CodeCommitCredential.looksLike(password);
        try {
            CodeCommitCredential.verify(
                    lines[0],
                    lines.length > 1 ? lines[1] : "",
                    "us-east-1",
                    lines.length > 2 ? lines[2] : "",
                    password,
                    _ -> Optional.of("secret".getBytes(StandardCharsets.UTF_8)),
                    NOW);
        } catch (SignatureRefused refused) {
            // As it should be.
        }
    }
}
