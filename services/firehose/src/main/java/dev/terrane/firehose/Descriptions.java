package dev.terrane.firehose;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.firehose.model.*;

/** Streams as DescribeDeliveryStream shows them. */
final class Descriptions {
    /** The id of the one destination of every stream. */
    static final String DESTINATION = "destinationId-000000000001";

    private Descriptions() {}

    /** @param after the id of the destination before those that are shown, or null for all */
    static DeliveryStreamDescription of(StreamRecord stream, @Nullable String after) {
        return DeliveryStreamDescription.builder()
                .deliveryStreamName(stream.name())
                .deliveryStreamARN(stream.arn().toString())
                .deliveryStreamStatus(DeliveryStreamStatus.ACTIVE)
                .deliveryStreamType(DeliveryStreamType.DIRECT_PUT)
                .deliveryStreamEncryptionConfiguration(DeliveryStreamEncryptionConfiguration.builder()
                        .status(DeliveryStreamEncryptionStatus.DISABLED)
                        .build())
                .versionId(String.valueOf(stream.version()))
                .createTimestamp(stream.created())
                .lastUpdateTimestamp(stream.updated().orElse(null))
                .destinations(DESTINATION.equals(after) ? List.of() : List.of(destination(stream.destination())))
                .hasMoreDestinations(false)
                .build();
    }

    private static DestinationDescription destination(Destination of) {
        ExtendedS3DestinationDescription extended = extended(of);
        return DestinationDescription.builder()
                .destinationId(DESTINATION)
                .extendedS3DestinationDescription(extended)
                .s3DestinationDescription(S3DestinationDescription.builder()
                        .roleARN(extended.roleARN())
                        .bucketARN(extended.bucketARN())
                        .prefix(extended.prefix())
                        .errorOutputPrefix(extended.errorOutputPrefix())
                        .bufferingHints(extended.bufferingHints())
                        .compressionFormat(extended.compressionFormat())
                        .encryptionConfiguration(extended.encryptionConfiguration())
                        .cloudWatchLoggingOptions(extended.cloudWatchLoggingOptions())
                        .build())
                .build();
    }

    private static ExtendedS3DestinationDescription extended(Destination of) {
        return ExtendedS3DestinationDescription.builder()
                .roleARN(of.role())
                .bucketARN(of.bucket())
                .prefix(of.prefix())
                .errorOutputPrefix(given(of.errorPrefix()))
                .bufferingHints(BufferingHints.builder()
                        .sizeInMBs(of.megabytes())
                        .intervalInSeconds(of.seconds())
                        .build())
                .compressionFormat(of.compression())
                .encryptionConfiguration(encryption(of))
                .cloudWatchLoggingOptions(CloudWatchLoggingOptions.builder()
                        .enabled(of.logging().enabled())
                        .logGroupName(given(of.logging().group()))
                        .logStreamName(given(of.logging().stream()))
                        .build())
                .s3BackupMode(S3BackupMode.DISABLED)
                .fileExtension(given(of.extension()))
                .customTimeZone(of.timeZone().isEmpty() ? "UTC" : of.timeZone())
                .build();
    }

    private static @Nullable String given(String text) {
        return text.isEmpty() ? null : text;
    }

    private static EncryptionConfiguration encryption(Destination of) {
        return of.key().isEmpty()
                ? EncryptionConfiguration.builder()
                        .noEncryptionConfig(NoEncryptionConfig.NO_ENCRYPTION)
                        .build()
                : EncryptionConfiguration.builder()
                        .kmsEncryptionConfig(KMSEncryptionConfig.builder()
                                .awskmsKeyARN(of.key())
                                .build())
                        .build();
    }
}
