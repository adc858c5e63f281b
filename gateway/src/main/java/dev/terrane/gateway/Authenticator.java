package dev.terrane.gateway;

import dev.terrane.gateway.sigv4.CodeCommitCredential;
import dev.terrane.gateway.sigv4.Dialect;
import dev.terrane.gateway.sigv4.ParsedSignature;
import dev.terrane.gateway.sigv4.SigV4;
import dev.terrane.gateway.sigv4.SignatureRefused;
import dev.terrane.gateway.sigv4.SignedRequest;
import dev.terrane.gateway.sigv4.Verified;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.contract.ServiceContract;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.GitAuthentication;
import dev.terrane.kernel.identity.SessionTokens;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds out who signed a request, and refuses one whose signature, key or session is not good. */
public final class Authenticator implements GitAuthentication {
    private static final int REMEMBERED_KEYS = 10_000;

    private final Services services;
    private final SessionTokens sessions;
    private final Clock clock;
    private final String defaultRegion;
    private final SigV4 sigV4 = new SigV4(REMEMBERED_KEYS);

    /** @param defaultRegion a region that Git requests may be signed for where their host names none */
    public Authenticator(Services services, SessionTokens sessions, Clock clock, String defaultRegion) {
        this.services = services;
        this.sessions = sessions;
        this.clock = clock;
        this.defaultRegion = defaultRegion;
    }

    /** A request that was signed by a credential that is good now. */
    record Authenticated(Credential credential, Verified signature) {}

    /** The family whose words a service uses for refusals. */
    static Dialect dialect(ServiceContract service) {
        return switch (service.protocols().getFirst()) {
            case "rest-xml" -> Dialect.S3;
            case "ec2" -> Dialect.EC2;
            case "query" -> Dialect.QUERY;
            case "rest-json" -> Dialect.REST;
            default -> Dialect.JSON;
        };
    }

    /**
     * Reads the claim of a request.
     *
     * @throws SignatureRefused when there is none, or it cannot be read
     */
    ParsedSignature claim(SignedRequest request, Dialect dialect) {
        return sigV4.parse(request, SigV4.Rules.of(dialect));
    }

    /**
     * Proves a claim.
     *
     * @param bodySha256 the hash of the body where the claim needs it
     * @throws SignatureRefused when the key is unknown or inactive, the session over, or the signature wrong
     */
    Authenticated prove(ParsedSignature claim, Dialect dialect, Optional<String> bodySha256) {
        Credential credential = credential(claim.accessKeyId(), claim.sessionToken(), dialect);
        byte[] secret = credential.secret().getBytes(StandardCharsets.UTF_8);
        Verified verified = bodySha256.isPresent()
                ? sigV4.verify(claim, secret, clock.instant(), bodySha256.get())
                : sigV4.verify(claim, secret, clock.instant());
        if (claim.sessionToken().isEmpty()) {
            services.identities()
                    .used(
                            credential.accessKeyId(),
                            clock.instant(),
                            claim.scope().service(),
                            claim.scope().region());
        }
        return new Authenticated(credential, verified);
    }

    private Credential credential(String accessKeyId, Optional<String> token, Dialect dialect) {
        if (token.isEmpty()) {
            return services.identities()
                    .accessKey(accessKeyId)
                    .orElseThrow(() -> SignatureRefused.unknownKey(dialect, accessKeyId));
        }
        Credential session =
                sessions.open(accessKeyId, token.get()).orElseThrow(() -> SignatureRefused.invalidToken(dialect));
        if (session.expires().map(e -> !e.isAfter(clock.instant())).orElse(false)) {
            throw SignatureRefused.expiredToken(dialect);
        }
        return session;
    }

    @Override
    public Optional<Caller> authenticate(
            String host, String path, String userName, String password, Function<String, List<String>> regions) {
        if (!CodeCommitCredential.looksLike(password)) {
            return services.identities()
                    .gitCredential(userName, password)
                    .map(principal -> new Caller(new Credential("", "", principal), Optional.empty()));
        }
        int percent = userName.indexOf('%');
        String accessKeyId = percent < 0 ? userName : userName.substring(0, percent);
        Optional<String> token = percent < 0 ? Optional.empty() : Optional.of(userName.substring(percent + 1));
        try {
            Credential credential = credential(accessKeyId, token, Dialect.JSON);
            Set<String> possible =
                    new LinkedHashSet<>(regions.apply(credential.principal().account()));
            possible.add(defaultRegion);
            return possible.stream()
                    .flatMap(region -> signedFor(region, host, path, userName, password, credential).stream())
                    .findFirst();
        } catch (SignatureRefused e) {
            return Optional.empty();
        }
    }

    private Optional<Caller> signedFor(
            String region, String host, String path, String userName, String password, Credential credential) {
        byte[] secret = credential.secret().getBytes(StandardCharsets.UTF_8);
        try {
            CodeCommitCredential.Holder holder = CodeCommitCredential.verify(
                    host, path, region, userName, password, key -> Optional.of(secret), clock.instant());
            return Optional.of(new Caller(credential, Optional.of(holder.region())));
        } catch (SignatureRefused e) {
            return Optional.empty();
        }
    }
}
