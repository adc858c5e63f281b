package dev.terrane.gateway.sigv4;

import java.util.Map;

/**
 * A request's signature, or a body that the signature covers, is not accepted. Carries what is refused; how a service family
 * names it on the wire is asked by {@link #code} and {@link #status}.
 *
 * <p>Unchecked also where it comes out of an {@code InputStream}: it is an answer to the client, not a failure of I/O.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3 error responses</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html">Common errors</a>
 */
public final class SignatureRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** Nothing says who calls. S3 may go on as the anonymous caller. */
        MISSING_TOKEN(
                "AccessDenied",
                403,
                "MissingAuthenticationToken",
                403,
                "AuthFailure",
                401,
                "MissingAuthenticationTokenException"),
        /** The Authorization header cannot be read, or lacks a part. */
        INCOMPLETE_SIGNATURE(
                "AuthorizationHeaderMalformed",
                400,
                "IncompleteSignature",
                400,
                "IncompleteSignature",
                400,
                "IncompleteSignatureException"),
        /** The query parameters of a presigned request cannot be read, or lack a part. */
        QUERY_PARAMETERS(
                "AuthorizationQueryParametersError",
                400,
                "IncompleteSignature",
                400,
                "IncompleteSignature",
                400,
                "IncompleteSignatureException"),
        /** An algorithm other than AWS4-HMAC-SHA256, or two mechanisms at once. */
        UNSUPPORTED_MECHANISM(
                "InvalidRequest", 400, "IncompleteSignature", 400, "AuthFailure", 401, "IncompleteSignatureException"),
        /** Header and query both sign. */
        TWO_MECHANISMS(
                "InvalidArgument", 400, "IncompleteSignature", 400, "AuthFailure", 401, "IncompleteSignatureException"),
        /** No such access key. */
        UNKNOWN_KEY(
                "InvalidAccessKeyId",
                403,
                "InvalidClientTokenId",
                403,
                "AuthFailure",
                401,
                "UnrecognizedClientException"),
        /** The session token does not belong to the access key, or is malformed. */
        INVALID_TOKEN(
                "InvalidToken", 400, "InvalidClientTokenId", 403, "AuthFailure", 401, "UnrecognizedClientException"),
        /** The session has ended. */
        EXPIRED_TOKEN("ExpiredToken", 400, "ExpiredToken", 403, "RequestExpired", 400, "ExpiredTokenException"),
        /** The signature is another than the secret makes of this request. */
        MISMATCH(
                "SignatureDoesNotMatch",
                403,
                "SignatureDoesNotMatch",
                403,
                "AuthFailure",
                401,
                "InvalidSignatureException"),
        /** A header that must be signed is not. */
        HEADERS_NOT_SIGNED(
                "AccessDenied", 403, "SignatureDoesNotMatch", 403, "AuthFailure", 401, "InvalidSignatureException"),
        /** The scope names another region, service or date. */
        WRONG_SCOPE(
                "AuthorizationHeaderMalformed",
                400,
                "SignatureDoesNotMatch",
                403,
                "AuthFailure",
                401,
                "InvalidSignatureException"),
        /** A presigned request, or one signed too long ago. */
        EXPIRED("AccessDenied", 403, "SignatureDoesNotMatch", 403, "RequestExpired", 400, "InvalidSignatureException"),
        /** Signed too far from the server's time. */
        SKEWED(
                "RequestTimeTooSkewed",
                403,
                "SignatureDoesNotMatch",
                403,
                "RequestExpired",
                400,
                "InvalidSignatureException"),
        /** The declared SHA-256 is not that of the body. */
        PAYLOAD_MISMATCH(
                "XAmzContentSHA256Mismatch",
                400,
                "SignatureDoesNotMatch",
                403,
                "AuthFailure",
                401,
                "InvalidSignatureException"),
        /** The declared x-amz-content-sha256 is no value that AWS defines, or is missing where S3 requires it. */
        PAYLOAD_DECLARATION(
                "InvalidRequest",
                400,
                "IncompleteSignature",
                400,
                "IncompleteSignature",
                400,
                "IncompleteSignatureException"),
        /** A checksum is not that of the body. */
        BAD_DIGEST("BadDigest", 400),
        /** A checksum has no valid form. */
        INVALID_DIGEST("InvalidDigest", 400),
        /** The body is shorter or longer than declared, or a chunk's framing is broken. */
        INCOMPLETE_BODY("IncompleteBody", 400),
        /** The trailer cannot be read, or is not the declared one. */
        MALFORMED_TRAILER("MalformedTrailerError", 400),
        /** A signed chunk other than the last is smaller than S3 allows. */
        CHUNK_SIZE("InvalidChunkSizeError", 403),
        /** A chunked body without its decoded length. */
        MISSING_LENGTH("MissingContentLength", 411),
        /** Another header of the body is unusable. */
        INVALID_REQUEST("InvalidRequest", 400);

        private final String s3Code;
        private final int s3Status;
        private final String queryCode;
        private final int queryStatus;
        private final String ec2Code;
        private final int ec2Status;
        private final String jsonCode;

        Kind(
                String s3Code,
                int s3Status,
                String queryCode,
                int queryStatus,
                String ec2Code,
                int ec2Status,
                String jsonCode) {
            this.s3Code = s3Code;
            this.s3Status = s3Status;
            this.queryCode = queryCode;
            this.queryStatus = queryStatus;
            this.ec2Code = ec2Code;
            this.ec2Status = ec2Status;
            this.jsonCode = jsonCode;
        }

        Kind(String code, int status) {
            this(code, status, code, status, code, status, code);
        }
    }

    private final Kind kind;
    private final Map<String, String> details;

    SignatureRefused(Kind kind, String message) {
        this(kind, message, Map.of());
    }

    SignatureRefused(Kind kind, String message, Map<String, String> details) {
        super(message, null, false, false);
        this.kind = kind;
        this.details = Map.copyOf(details);
    }

    /** An access key that nobody has, worded for the family. For callers that look keys up. */
    public static SignatureRefused unknownKey(Dialect dialect, String accessKeyId) {
        return switch (dialect) {
            case S3 ->
                new SignatureRefused(
                        Kind.UNKNOWN_KEY,
                        "The AWS Access Key Id you provided does not exist in our records.",
                        Map.of("AWSAccessKeyId", accessKeyId));
            case EC2 -> new SignatureRefused(Kind.UNKNOWN_KEY, EC2_FAILURE);
            case QUERY, JSON, REST ->
                new SignatureRefused(Kind.UNKNOWN_KEY, "The security token included in the request is invalid.");
        };
    }

    /** A session token that is not the access key's own. For callers that look sessions up. */
    public static SignatureRefused invalidToken(Dialect dialect) {
        return new SignatureRefused(
                Kind.INVALID_TOKEN,
                switch (dialect) {
                    case S3 -> "The provided token is malformed or otherwise invalid.";
                    case EC2 -> EC2_FAILURE;
                    case QUERY, JSON, REST -> "The security token included in the request is invalid.";
                });
    }

    /** A session that has ended. For callers that look sessions up. */
    public static SignatureRefused expiredToken(Dialect dialect) {
        return new SignatureRefused(
                Kind.EXPIRED_TOKEN,
                switch (dialect) {
                    case S3 -> "The provided token has expired.";
                    case EC2 -> "Request has expired.";
                    case QUERY, JSON, REST -> "The security token included in the request is expired";
                });
    }

    static final String EC2_FAILURE = "AWS was not able to validate the provided access credentials";

    /** What is refused. */
    public Kind kind() {
        return kind;
    }

    /** The error code that clients of this family know. */
    public String code(Dialect dialect) {
        return switch (dialect) {
            case S3 -> kind.s3Code;
            case QUERY -> kind.queryCode;
            case EC2 -> kind.ec2Code;
            case JSON, REST -> kind.jsonCode;
        };
    }

    /** The HTTP status that goes with {@link #code}. */
    public int status(Dialect dialect) {
        return switch (dialect) {
            case S3 -> kind.s3Status;
            case QUERY -> kind.queryStatus;
            case EC2 -> kind.ec2Status;
            case JSON -> kind.s3Code.equals(kind.jsonCode) ? kind.s3Status : 400;
            case REST -> kind.queryStatus;
        };
    }

    /** The further elements of S3's error document, by name, such as StringToSign and CanonicalRequest. */
    public Map<String, String> details() {
        return details;
    }

    /** The message; never null. */
    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNullElse(super.getMessage(), "");
    }
}
