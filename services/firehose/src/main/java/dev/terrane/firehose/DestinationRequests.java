package dev.terrane.firehose;

import static dev.terrane.firehose.FirehoseErrors.invalid;

import dev.terrane.firehose.Destination.Logging;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.firehose.model.BufferingHints;
import software.amazon.awssdk.services.firehose.model.CloudWatchLoggingOptions;
import software.amazon.awssdk.services.firehose.model.CreateDeliveryStreamRequest;
import software.amazon.awssdk.services.firehose.model.EncryptionConfiguration;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationUpdate;
import software.amazon.awssdk.services.firehose.model.ProcessingConfiguration;
import software.amazon.awssdk.services.firehose.model.S3BackupMode;
import software.amazon.awssdk.services.firehose.model.UpdateDestinationRequest;

/** Reads destinations from requests, and refuses by name what is not carried out. */
@SuppressWarnings("deprecation") // clients still give the form of destinations that AWS deprecated
final class DestinationRequests {
    private static final Destination NEW =
            new Destination("", "", "", "", 5, 300, "UNCOMPRESSED", "", "", "", new Logging(false, "", ""));
    private static final Set<String> CREATED = Set.of(
            "DeliveryStreamName",
            "DeliveryStreamType",
            "ExtendedS3DestinationConfiguration",
            "S3DestinationConfiguration",
            "Tags");
    private static final Set<String> UPDATED = Set.of(
            "CurrentDeliveryStreamVersionId",
            "DeliveryStreamName",
            "DestinationId",
            "ExtendedS3DestinationUpdate",
            "S3DestinationUpdate");
    private static final Set<String> SETTINGS = Set.of(
            "BucketARN",
            "BufferingHints",
            "CloudWatchLoggingOptions",
            "CompressionFormat",
            "CustomTimeZone",
            "DataFormatConversionConfiguration",
            "DynamicPartitioningConfiguration",
            "EncryptionConfiguration",
            "ErrorOutputPrefix",
            "FileExtension",
            "Prefix",
            "ProcessingConfiguration",
            "RoleARN",
            "S3BackupMode");
    private static final Set<String> COMPRESSIONS = Set.of("UNCOMPRESSED", Destination.GZIP, Destination.ZIP);

    private DestinationRequests() {}

    static Destination of(CreateDeliveryStreamRequest request) {
        only(CREATED, request);
        if (!Objects.requireNonNullElse(request.deliveryStreamTypeAsString(), "DirectPut")
                .equals("DirectPut")) {
            throw invalid("DeliveryStreamType " + request.deliveryStreamTypeAsString() + " is not supported.");
        }
        return merged(NEW, one(request.extendedS3DestinationConfiguration(), request.s3DestinationConfiguration()));
    }

    /** What a destination becomes: what a request does not name stays. */
    static Destination of(Destination before, UpdateDestinationRequest request) {
        only(UPDATED, request);
        return merged(before, one(request.extendedS3DestinationUpdate(), request.s3DestinationUpdate()));
    }

    private static SdkPojo one(@Nullable SdkPojo extended, @Nullable SdkPojo simple) {
        List<SdkPojo> given =
                Stream.of(extended, simple).filter(Objects::nonNull).toList();
        if (given.size() != 1) {
            throw invalid("Exactly one destination configuration is supported for a Firehose");
        }
        return given.getFirst();
    }

    private static void only(Set<String> supported, SdkPojo given) {
        for (SdkField<?> field : given.sdkFields()) {
            Object value = field.getValueOrDefault(given);
            boolean empty = value == null
                    || (value instanceof Collection<?> list && list.isEmpty())
                    || (value instanceof Map<?, ?> map && map.isEmpty());
            if (!empty && !supported.contains(field.memberName())) {
                throw invalid(field.memberName() + " is not supported.");
            }
        }
    }

    private static Destination merged(Destination before, SdkPojo given) {
        only(SETTINGS, given);
        ExtendedS3DestinationUpdate to = asUpdate(given);
        refuse(to);
        BufferingHints hints = hints(to.bufferingHints(), before);
        Destination after = new Destination(
                or(to.roleARN(), before.role()),
                or(to.bucketARN(), before.bucket()),
                or(to.prefix(), before.prefix()),
                or(to.errorOutputPrefix(), before.errorPrefix()),
                hints.sizeInMBs(),
                hints.intervalInSeconds(),
                or(to.compressionFormatAsString(), before.compression()),
                to.encryptionConfiguration() == null ? before.key() : key(to.encryptionConfiguration()),
                or(to.fileExtension(), before.extension()),
                or(to.customTimeZone(), before.timeZone()),
                to.cloudWatchLoggingOptions() == null ? before.logging() : logging(to.cloudWatchLoggingOptions()));
        check(after);
        return after;
    }

    /** The same members, of whichever of the four forms. */
    private static ExtendedS3DestinationUpdate asUpdate(SdkPojo given) {
        ExtendedS3DestinationUpdate.Builder update = ExtendedS3DestinationUpdate.builder();
        for (SdkField<?> field : update.sdkFields()) {
            given.sdkFields().stream()
                    .filter(other -> other.memberName().equals(field.memberName()))
                    .findFirst()
                    .ifPresent(other -> field.set(update, other.getValueOrDefault(given)));
        }
        return update.build();
    }

    /** What is named only to say that it is not wanted is no fault. */
    private static void refuse(ExtendedS3DestinationUpdate given) {
        ProcessingConfiguration processing = given.processingConfiguration();
        if (processing != null
                && (Boolean.TRUE.equals(processing.enabled())
                        || !processing.processors().isEmpty())) {
            throw invalid("ProcessingConfiguration is not supported.");
        }
        if (given.dataFormatConversionConfiguration() != null
                && !Boolean.FALSE.equals(
                        given.dataFormatConversionConfiguration().enabled())) {
            throw invalid("DataFormatConversionConfiguration is not supported.");
        }
        if (given.dynamicPartitioningConfiguration() != null
                && Boolean.TRUE.equals(given.dynamicPartitioningConfiguration().enabled())) {
            throw invalid("DynamicPartitioningConfiguration is not supported.");
        }
        if (given.s3BackupMode() != null && given.s3BackupMode() != S3BackupMode.DISABLED) {
            throw invalid("S3BackupMode " + given.s3BackupModeAsString() + " is not supported.");
        }
    }

    private static String or(@Nullable String given, String before) {
        return given == null ? before : given;
    }

    private static BufferingHints hints(@Nullable BufferingHints given, Destination before) {
        if (given == null) {
            return BufferingHints.builder()
                    .sizeInMBs(before.megabytes())
                    .intervalInSeconds(before.seconds())
                    .build();
        }
        if (given.sizeInMBs() == null || given.intervalInSeconds() == null) {
            throw invalid("BufferingHints must specify both SizeInMBs and IntervalInSeconds.");
        }
        return given;
    }

    private static String key(EncryptionConfiguration given) {
        if (given.kmsEncryptionConfig() == null) {
            return "";
        }
        if (given.noEncryptionConfig() != null) {
            throw invalid("EncryptionConfiguration must specify one of NoEncryptionConfig and KMSEncryptionConfig.");
        }
        return given.kmsEncryptionConfig().awskmsKeyARN();
    }

    private static Logging logging(CloudWatchLoggingOptions given) {
        Logging logging = new Logging(
                Boolean.TRUE.equals(given.enabled()), or(given.logGroupName(), ""), or(given.logStreamName(), ""));
        if (logging.enabled() && (logging.group().isEmpty() || logging.stream().isEmpty())) {
            throw invalid(
                    "LogGroupName and LogStreamName must be specified when CloudWatchLoggingOptions are enabled.");
        }
        return logging;
    }

    private static void check(Destination destination) {
        if (!COMPRESSIONS.contains(destination.compression())) {
            throw invalid("CompressionFormat " + destination.compression() + " is not supported.");
        }
        if (!destination.timeZone().isEmpty() && !ZoneId.getAvailableZoneIds().contains(destination.timeZone())) {
            throw invalid("CustomTimeZone " + destination.timeZone() + " is not valid.");
        }
        ObjectKeys.check(destination.prefix(), destination.errorPrefix());
    }
}
