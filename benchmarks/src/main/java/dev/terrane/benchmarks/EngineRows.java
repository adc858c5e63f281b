package dev.terrane.benchmarks;

import dev.terrane.gateway.sigv4.Dialect;
import dev.terrane.gateway.sigv4.ParsedSignature;
import dev.terrane.gateway.sigv4.SigV4;
import dev.terrane.gateway.sigv4.SigV4Signer;
import dev.terrane.gateway.sigv4.SignedRequest;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.policy.AuthorizationRequest;
import dev.terrane.kernel.policy.Policies;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyEvaluator;
import dev.terrane.kernel.policy.PolicyPrincipal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What every call goes through, by itself in one thread: its signature, and its policies. Each is held against the least that could do it, in the same run. */
final class EngineRows {
    private static final int STATEMENTS = 1_000;
    private static final String ACCOUNT = "123456789012";
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final byte[] SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".getBytes(StandardCharsets.UTF_8);

    private final Table table;
    private final Duration measured;

    EngineRows(Table table, Duration measured) {
        this.table = table;
        this.measured = measured;
    }

    void run() {
        row("signature verified", signature(), "SHA-256 and HMAC", bareSignature());
        row("policy of 1,000 statements", policy(), "1,000 java.util.regex", barePolicy());
    }

    private void row(String name, BooleanSupplier work, String limit, BooleanSupplier least) {
        if (!table.wants(name)) {
            return;
        }
        double bare = micros(least);
        double micros = micros(work);
        table.row(
                name,
                new Load.Result(1e6 / micros, micros, micros / 1e3, micros / 1e3),
                bare,
                String.format(Locale.ROOT, "%s %.1f us", limit, bare));
    }

    /** What it takes each time, in one thread, once it is compiled. */
    private double micros(BooleanSupplier work) {
        repeated(work, WARM_UP);
        return repeated(work, measured);
    }

    private static double repeated(BooleanSupplier work, Duration duration) {
        long begin = Clock.nanos();
        long count = 0;
        while (Clock.nanos() - begin < duration.toNanos()) {
            for (int i = 0; i < 16; i++) {
                if (!work.getAsBoolean()) {
                    throw new IllegalStateException("The result is wrong");
                }
            }
            count += 16;
        }
        return (Clock.nanos() - begin) / 1e3 / count;
    }

    private static BooleanSupplier signature() {
        Instant now = Instant.parse("2026-03-01T10:20:30Z");
        String body = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        Map<String, List<String>> headers = new TreeMap<>(Map.of(
                "host", List.of("localhost:4566"),
                "content-type", List.of("application/x-amz-json-1.0"),
                "x-amz-target", List.of("AmazonSQS.SendMessage")));
        new SigV4Signer("AKIDEXAMPLE", SECRET, Optional.empty(), "us-east-1", "sqs")
                .sign(SignedRequest.of("POST", "/", "", headers), body, now)
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        SignedRequest request = SignedRequest.of("POST", "/", "", headers);
        SigV4 signatures = new SigV4(16);
        return () -> {
            ParsedSignature claim = signatures.parse(request, SigV4.Rules.of(Dialect.JSON));
            return (claim.needsBodyHash()
                            ? signatures.verify(claim, SECRET, now, body)
                            : signatures.verify(claim, SECRET, now))
                    .scope()
                    .service()
                    .equals("sqs");
        };
    }

    /** The hash of a canonical request of that length, and the signature of what is signed. */
    private static BooleanSupplier bareSignature() {
        byte[] canonical = "x".repeat(400).getBytes(StandardCharsets.UTF_8);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            return () -> mac.doFinal(HexFormat.of()
                                    .formatHex(digest.digest(canonical))
                                    .getBytes(StandardCharsets.UTF_8))
                            .length
                    == 32;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String queue(int n) {
        return Arn.of("sqs", "us-east-1", ACCOUNT, "queue-" + n).toString();
    }

    private static BooleanSupplier policy() {
        String statements = IntStream.range(0, STATEMENTS)
                .mapToObj(n -> "{\"Effect\":\"Allow\",\"Action\":[\"sqs:Send*\",\"sqs:Get*\"],\"Resource\":\""
                        + queue(n) + "-*\"}")
                .collect(Collectors.joining(","));
        Policies policies = new Policies(
                List.of(new Policies.Attached(
                        "bench",
                        PolicyDocument.parse("{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}"))),
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
        AuthorizationRequest request = new AuthorizationRequest(
                PolicyPrincipal.user(Arn.iam(ACCOUNT, "user/bench").toString(), "AIDABENCH"),
                "sqs:SendMessage",
                List.of(queue(STATEMENTS - 1) + "-last"),
                ACCOUNT,
                Map.of("aws:SourceIp", List.of("127.0.0.1")));
        return () -> PolicyEvaluator.evaluate(request, policies).allowed();
    }

    private static BooleanSupplier barePolicy() {
        List<Pattern> patterns = IntStream.range(0, STATEMENTS)
                .mapToObj(n -> Pattern.compile(queue(n) + "-.*"))
                .toList();
        String resource = queue(STATEMENTS - 1) + "-last";
        return () ->
                patterns.stream().filter(p -> p.matcher(resource).matches()).count() == 1;
    }
}
