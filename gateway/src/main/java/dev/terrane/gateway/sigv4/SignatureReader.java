package dev.terrane.gateway.sigv4;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the claim of a request out of its Authorization header or its query. */
final class SignatureReader {
    private static final String ALGORITHM_PARAMETER = "X-Amz-Algorithm";
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    private final SignedRequest request;
    private final SigV4.Rules rules;
    private final CanonicalQuery query;

    SignatureReader(SignedRequest request, SigV4.Rules rules) {
        this.request = request;
        this.rules = rules;
        this.query = CanonicalQuery.of(request.rawQuery());
    }

    ParsedSignature read() {
        List<String> authorization = request.headers("authorization");
        boolean presigned = query.first(CanonicalQuery.SIGNATURE).isPresent()
                || query.first(ALGORITHM_PARAMETER).isPresent();
        if (presigned && !authorization.isEmpty()) {
            throw new SignatureRefused(
                    Kind.TWO_MECHANISMS,
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string"
                            + " parameter or the Authorization header should be specified");
        }
        if (presigned) {
            return fromQuery();
        }
        if (authorization.isEmpty() || authorization.getFirst().isBlank()) {
            throw new SignatureRefused(
                    Kind.MISSING_TOKEN,
                    switch (rules.dialect()) {
                        case S3 -> "Access Denied";
                        case EC2 -> SignatureRefused.EC2_FAILURE;
                        case QUERY, JSON, REST -> "Missing Authentication Token";
                    });
        }
        if (authorization.size() > 1) {
            throw malformedHeader("The request has more than one Authorization header.");
        }
        return fromHeader(authorization.getFirst().strip());
    }

    private ParsedSignature fromHeader(String header) {
        int space = header.indexOf(' ');
        String algorithm = space < 0 ? header : header.substring(0, space);
        if (!algorithm.equals(SigV4.ALGORITHM)) {
            throw new SignatureRefused(
                    Kind.UNSUPPORTED_MECHANISM,
                    asS3()
                            ? "The authorization mechanism you have provided is not supported. Please use "
                                    + SigV4.ALGORITHM + "."
                            : "Unsupported AWS 'algorithm': '" + algorithm + "'.");
        }
        String credential = "";
        String signedHeaders = "";
        String signature = "";
        for (String part : header.substring(algorithm.length()).split(",")) {
            String pair = part.strip();
            int equals = pair.indexOf('=');
            if (pair.isEmpty()) {
                continue;
            }
            if (equals < 0) {
                throw malformedHeader(
                        "'" + pair + "' not a valid key=value pair (missing equal-sign) in Authorization header: '"
                                + header + "'.");
            }
            String value = pair.substring(equals + 1);
            switch (pair.substring(0, equals)) {
                case "Credential" -> credential = once("Credential", credential, value);
                case "SignedHeaders" -> signedHeaders = once("SignedHeaders", signedHeaders, value);
                case "Signature" -> signature = once("Signature", signature, value);
                default -> throw malformedHeader("'" + pair + "' is not a parameter of the Authorization header.");
            }
        }
        String date = dateHeader();
        requirePresent(credential, signature, signedHeaders, date);
        return parsed(
                credential, signedHeaders, signature, date, Optional.empty(), headerToken(), payload(false), false);
    }

    private String once(String name, String before, String value) {
        if (!before.isEmpty()) {
            throw malformedHeader("Authorization header has more than one '" + name + "' parameter.");
        }
        return value;
    }

    private void requirePresent(String credential, String signature, String signedHeaders, String date) {
        StringBuilder missing = new StringBuilder();
        if (credential.isEmpty()) {
            missing.append("Authorization header requires 'Credential' parameter. ");
        }
        if (signature.isEmpty()) {
            missing.append("Authorization header requires 'Signature' parameter. ");
        }
        if (signedHeaders.isEmpty()) {
            missing.append("Authorization header requires 'SignedHeaders' parameter. ");
        }
        if (date.isEmpty()) {
            missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        }
        if (!missing.isEmpty()) {
            throw malformedHeader(missing + "Authorization=" + SigV4.ALGORITHM);
        }
    }

    private ParsedSignature fromQuery() {
        Optional<String> algorithm = parameter(ALGORITHM_PARAMETER);
        Optional<String> credential = parameter("X-Amz-Credential");
        Optional<String> signature = parameter(CanonicalQuery.SIGNATURE);
        Optional<String> date = parameter("X-Amz-Date");
        Optional<String> signedHeaders = parameter("X-Amz-SignedHeaders");
        Optional<String> expires = parameter("X-Amz-Expires");
        if (algorithm.isEmpty()
                || credential.isEmpty()
                || signature.isEmpty()
                || date.isEmpty()
                || signedHeaders.isEmpty()
                || (asS3() && expires.isEmpty())) {
            throw malformedQuery("Query-string authentication version 4 requires the X-Amz-Algorithm,"
                    + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires"
                    + " parameters.");
        }
        if (!algorithm.get().equals(SigV4.ALGORITHM)) {
            throw malformedQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"");
        }
        Duration lifetime = expires.map(this::lifetime).orElse(SigV4.SKEW);
        Optional<String> token = parameter("X-Amz-Security-Token").or(this::headerToken);
        return parsed(
                credential.get(),
                signedHeaders.get(),
                signature.get(),
                date.get(),
                Optional.of(lifetime),
                token,
                payload(true),
                true);
    }

    private Optional<String> parameter(String name) {
        if (query.count(name) > 1) {
            throw malformedQuery("The query parameter " + name + " is given more than once.");
        }
        return query.first(name).filter(value -> !value.isEmpty());
    }

    private Duration lifetime(String seconds) {
        long value;
        try {
            value = Long.parseLong(seconds);
        } catch (NumberFormatException e) {
            throw malformedQuery("X-Amz-Expires should be a number");
        }
        if (value < 0) {
            throw malformedQuery("X-Amz-Expires must be non-negative");
        }
        if (value == 0) {
            throw malformedQuery("X-Amz-Expires must be at least one second");
        }
        if (value > LONGEST.toSeconds()) {
            throw malformedQuery(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be"
                            + " less than 604800 seconds");
        }
        return Duration.ofSeconds(value);
    }

    private ParsedSignature parsed(
            String credential,
            String signedHeaders,
            String signature,
            String date,
            Optional<Duration> expires,
            Optional<String> token,
            Payload payload,
            boolean presigned) {
        // An access key id has no slash, so that the first four separators from the right are the scope's.
        String[] parts = credential.split("/", -1);
        if (parts.length != 5 || parts[0].isEmpty()) {
            throw malformed(
                    presigned,
                    presigned || asS3()
                            ? "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting"
                                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
                            : "Credential must have exactly 5 slash-delimited elements, e.g."
                                    + " keyid/date/region/service/term, got '" + credential + "'");
        }
        if (!parts[4].equals(CredentialScope.TERMINATOR)) {
            throw malformed(
                    presigned,
                    "Credential should be scoped with a valid terminator: 'aws4_request', not '" + parts[4] + "'.");
        }
        LocalDateTime time = time(date, presigned);
        String basic = date.length() == 16 ? date : BASIC.format(time);
        if (!basic.startsWith(parts[1]) || parts[1].length() != 8) {
            throw malformed(
                    presigned,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                            + parts[1] + "' != '" + basic.substring(0, 8) + "', from '" + basic + "'.");
        }
        List<String> names = names(signedHeaders, presigned);
        requireCovered(names);
        return new ParsedSignature(
                request,
                rules,
                parts[0],
                token,
                new CredentialScope(parts[1], parts[2], parts[3]),
                basic,
                time.toInstant(ZoneOffset.UTC),
                expires,
                names,
                signature,
                payload,
                query.withoutSignature(),
                presigned);
    }

    private List<String> names(String signedHeaders, boolean presigned) {
        List<String> names = new ArrayList<>();
        String before = "";
        for (String name : signedHeaders.split(";", -1)) {
            boolean lower = name.chars().noneMatch(c -> c >= 'A' && c <= 'Z');
            if (!lower || name.compareTo(before) <= 0) {
                throw malformed(
                        presigned,
                        "SignedHeaders must be lower case, sorted and each once, got '" + signedHeaders + "'.");
            }
            names.add(name);
            before = name;
        }
        if (!names.contains("host")) {
            throw malformed(presigned, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        return names;
    }

    /** The hash and the token cannot be changed to any use: the one ends the canonical request, the other belongs to the key. */
    private void requireCovered(List<String> signed) {
        List<String> missing = new ArrayList<>();
        for (String name : request.headerNames()) {
            if (name.startsWith("x-amz-")
                    && !signed.contains(name)
                    && !name.equals(SigV4.CONTENT_SHA256)
                    && !name.equals("x-amz-security-token")) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new SignatureRefused(
                    Kind.HEADERS_NOT_SIGNED,
                    "There were headers present in the request which were not signed",
                    java.util.Map.of("HeadersNotSigned", String.join(", ", missing)));
        }
    }

    private LocalDateTime time(String date, boolean presigned) {
        try {
            return basicTime(date);
        } catch (DateTimeException notBasic) {
            if (!presigned) {
                try {
                    Instant instant = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
                    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
                } catch (DateTimeException neither) {
                    // refused below, as AWS does for either form
                }
            }
        }
        throw malformed(
                presigned,
                presigned
                        ? "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
                        : "Date must be in ISO-8601 'basic format'. Got '" + date
                                + "'. See http://en.wikipedia.org/wiki/ISO_8601");
    }

    /** A formatter would take longer than the rest of the reading. */
    private static LocalDateTime basicTime(String date) {
        if (date.length() != 16 || date.charAt(8) != 'T' || date.charAt(15) != 'Z') {
            throw new DateTimeException("Not of the form yyyyMMddTHHmmssZ");
        }
        return LocalDateTime.of(
                digits(date, 0, 4),
                digits(date, 4, 6),
                digits(date, 6, 8),
                digits(date, 9, 11),
                digits(date, 11, 13),
                digits(date, 13, 15));
    }

    private static int digits(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("Not a digit");
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private String dateHeader() {
        List<String> own = request.headers("x-amz-date");
        List<String> used = own.isEmpty() ? request.headers("date") : own;
        return used.isEmpty() ? "" : used.getFirst().strip();
    }

    private Optional<String> headerToken() {
        List<String> values = request.headers("x-amz-security-token");
        if (values.size() > 1) {
            throw malformedHeader("The request has more than one X-Amz-Security-Token header.");
        }
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(values.getFirst().strip()).filter(value -> !value.isEmpty());
    }

    private Payload payload(boolean presigned) {
        List<String> values = request.headers(SigV4.CONTENT_SHA256);
        if (values.size() > 1) {
            throw declaration();
        }
        Optional<String> declared = presigned ? parameter("X-Amz-Content-Sha256") : Optional.empty();
        if (declared.isEmpty() && !values.isEmpty()) {
            declared = Optional.of(values.getFirst().strip());
        }
        if (declared.isEmpty()) {
            if (!asS3()) {
                return new Payload.Undeclared();
            }
            if (presigned) {
                return new Payload.Unsigned();
            }
            throw new SignatureRefused(
                    Kind.PAYLOAD_DECLARATION, "Missing required header for this request: x-amz-content-sha256");
        }
        return declaredPayload(declared.get());
    }

    private Payload declaredPayload(String declared) {
        Payload payload = switch (declared) {
            case EMPTY_SHA256 -> new Payload.Sha256(EMPTY_SHA256);
            case "UNSIGNED-PAYLOAD" -> new Payload.Unsigned();
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> new Payload.SignedChunks(false);
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> new Payload.SignedChunks(true);
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new Payload.UnsignedChunks();
            default -> {
                if (declared.length() != 64
                        || !declared.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                    throw declaration();
                }
                yield new Payload.Sha256(declared);
            }
        };
        boolean uncovered = payload instanceof Payload.Unsigned || payload instanceof Payload.UnsignedChunks;
        if (uncovered && !rules.unsignedPayload()) {
            throw declaration();
        }
        return payload;
    }

    private SignatureRefused declaration() {
        return new SignatureRefused(
                Kind.PAYLOAD_DECLARATION,
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                        + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid"
                        + " sha256 value.");
    }

    private boolean asS3() {
        return rules.dialect() == Dialect.S3;
    }

    private SignatureRefused malformed(boolean presigned, String message) {
        return presigned ? malformedQuery(message) : malformedHeader(message);
    }

    private SignatureRefused malformedHeader(String message) {
        return new SignatureRefused(
                Kind.INCOMPLETE_SIGNATURE, asS3() ? "The authorization header is malformed; " + message : message);
    }

    private SignatureRefused malformedQuery(String message) {
        return new SignatureRefused(Kind.QUERY_PARAMETERS, message);
    }
}
