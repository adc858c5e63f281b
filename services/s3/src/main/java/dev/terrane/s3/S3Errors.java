package dev.terrane.s3;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * S3's errors, with their HTTP status and the headers that some carry.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">Error responses</a>
 */
final class S3Errors {
    private S3Errors() {}

    static AwsServiceException of(String code, int status, String message) {
        return filled(S3Exception.builder(), code, status, message, Map.of());
    }

    static AwsServiceException of(String code, int status, String message, Map<String, String> headers) {
        return filled(S3Exception.builder(), code, status, message, headers);
    }

    static AwsServiceException invalidArgument(String message) {
        return of("InvalidArgument", 400, message);
    }

    static AwsServiceException invalidRequest(String message) {
        return of("InvalidRequest", 400, message);
    }

    static AwsServiceException malformedXml() {
        return of(
                "MalformedXML",
                400,
                "The XML you provided was not well-formed or did not validate against our published schema");
    }

    static AwsServiceException notImplemented(String what) {
        return of(
                "NotImplemented", 501, "A header you provided implies functionality that is not implemented: " + what);
    }

    static AwsServiceException accessDenied(String message) {
        return of("AccessDenied", 403, message);
    }

    static AwsServiceException noSuchBucket(String bucket) {
        return filled(
                NoSuchBucketException.builder(),
                "NoSuchBucket",
                404,
                "The specified bucket does not exist: " + bucket,
                Map.of());
    }

    static AwsServiceException noSuchKey(Optional<ObjectRecord> marker) {
        return filled(
                NoSuchKeyException.builder(),
                "NoSuchKey",
                404,
                "The specified key does not exist.",
                marker.map(S3Errors::markerHeaders).orElse(Map.of()));
    }

    static AwsServiceException noSuchVersion() {
        return of("NoSuchVersion", 404, "The specified version does not exist.");
    }

    static AwsServiceException noSuchUpload() {
        return filled(
                NoSuchUploadException.builder(),
                "NoSuchUpload",
                404,
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or"
                        + " completed.",
                Map.of());
    }

    static AwsServiceException bucketExists() {
        return filled(
                BucketAlreadyExistsException.builder(),
                "BucketAlreadyExists",
                409,
                "The requested bucket name is not available. The bucket namespace is shared by all users of the system."
                        + " Please select a different name and try again.",
                Map.of());
    }

    static AwsServiceException bucketOwned() {
        return filled(
                BucketAlreadyOwnedByYouException.builder(),
                "BucketAlreadyOwnedByYou",
                409,
                "Your previous request to create the named bucket succeeded and you already own it.",
                Map.of());
    }

    /** What may not be done to a delete marker. */
    static AwsServiceException markerNotAllowed(ObjectRecord marker) {
        Map<String, String> headers = new java.util.HashMap<>(markerHeaders(marker));
        headers.put("Allow", "DELETE");
        headers.put("Last-Modified", Conditions.httpDate(marker.modified()));
        return of("MethodNotAllowed", 405, "The specified method is not allowed against this resource.", headers);
    }

    static AwsServiceException preconditionFailed() {
        return of("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold");
    }

    private static Map<String, String> markerHeaders(ObjectRecord marker) {
        return Map.of("x-amz-delete-marker", "true", "x-amz-version-id", marker.versionId());
    }

    private static AwsServiceException filled(
            AwsServiceException.Builder builder, String code, int status, String message, Map<String, String> headers) {
        SdkHttpResponse.Builder http = SdkHttpResponse.builder().statusCode(status);
        headers.forEach(http::putHeader);
        return builder.message(message)
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("S3")
                        .errorCode(code)
                        .errorMessage(message)
                        .sdkHttpResponse(http.build())
                        .build())
                .build();
    }
}
