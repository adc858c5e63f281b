package dev.terrane.firehose;

import static dev.terrane.firehose.FirehoseErrors.invalid;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** The bucket of a stream, as the stream's role may use it. */
final class Bucket {
    static final String PRINCIPAL = "firehose.amazonaws.com";
    private static final String CONTENT = "application/octet-stream";

    private final Clients clients;

    Bucket(Clients clients) {
        this.clients = clients;
    }

    static Actor role(StreamRecord stream) {
        return new Actor.Role(
                stream.destination().role(),
                PRINCIPAL,
                stream.name(),
                stream.arn().toString());
    }

    /** Refuses a role that does not let Firehose in. */
    void checkRole(StreamRecord stream) {
        try {
            clients.callAs(role(stream), stream.region());
        } catch (AwsServiceException e) {
            throw invalid("Firehose is unable to assume role "
                    + stream.destination().role() + ". Please check the role provided.");
        }
    }

    /** Writes an object.
     *
     * @param content begun anew at each call, and closed by whoever gave it
     */
    void put(StreamRecord stream, String key, Supplier<InputStream> content) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(stream.destination().bucketName())
                .key(key)
                .contentType(CONTENT);
        if (stream.destination().compression().equals(Destination.GZIP)) {
            request.contentEncoding("gzip");
        }
        if (!stream.destination().key().isEmpty()) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                    .ssekmsKeyId(stream.destination().key());
        }
        try {
            put(stream, stream.region(), request.build(), content);
        } catch (AwsServiceException e) {
            put(stream, region(e).orElseThrow(() -> e), request.build(), content);
        }
    }

    private void put(StreamRecord stream, String region, PutObjectRequest request, Supplier<InputStream> content) {
        clients.client(S3Client.class, role(stream), region)
                .putObject(request, RequestBody.fromContentProvider(content::get, CONTENT));
    }

    /** Where a bucket is that turned out not to be in the stream's region. */
    private static Optional<String> region(AwsServiceException e) {
        return e.statusCode() == 301
                ? e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region")
                : Optional.empty();
    }
}
