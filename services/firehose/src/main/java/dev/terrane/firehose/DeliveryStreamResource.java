package dev.terrane.firehose;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.*;

/** {@code AWS::KinesisFirehose::DeliveryStream}. */
@SuppressWarnings("deprecation") // templates still give the form of destinations that AWS deprecated
final class DeliveryStreamResource implements ResourceType {
    private static final String EXTENDED = "ExtendedS3DestinationConfiguration";
    private static final String SIMPLE = "S3DestinationConfiguration";
    private static final int LONGEST_NAME = 64;
    private static final Set<String> SETTINGS = Set.of(
            "BucketARN",
            "BufferingHints",
            "CloudWatchLoggingOptions",
            "CompressionFormat",
            "EncryptionConfiguration",
            "ErrorOutputPrefix",
            "Prefix",
            "RoleARN");
    private static final Set<String> EXTENDED_SETTINGS = Set.of("CustomTimeZone", "FileExtension", "S3BackupMode");

    @Override
    public String name() {
        return "AWS::KinesisFirehose::DeliveryStream";
    }

    @Override
    public Set<String> supported() {
        return Stream.of(
                        Stream.of("DeliveryStreamName", "DeliveryStreamType", "Tags"),
                        SETTINGS.stream().map(setting -> SIMPLE + "/" + setting),
                        SETTINGS.stream().map(setting -> EXTENDED + "/" + setting),
                        EXTENDED_SETTINGS.stream().map(setting -> EXTENDED + "/" + setting))
                .flatMap(names -> names)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        String name = desired.text("DeliveryStreamName").orElseGet(() -> work.name(LONGEST_NAME));
        work.client(FirehoseClient.class)
                .createDeliveryStream(r -> r.deliveryStreamName(name)
                        .deliveryStreamType(desired.text("DeliveryStreamType").orElse(null))
                        .extendedS3DestinationConfiguration(
                                desired.as(EXTENDED, ExtendedS3DestinationConfiguration.builder())
                                        .orElse(null))
                        .s3DestinationConfiguration(desired.as(SIMPLE, S3DestinationConfiguration.builder())
                                .orElse(null))
                        .tags(work.tags().isEmpty() ? null : tags(work.tags())));
        work.made(name);
        return name;
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    @Override
    public void update(ResourceWork work, String id) {
        FirehoseClient firehose = work.client(FirehoseClient.class);
        if (!destination(work.desired()).equals(destination(work.previous()))) {
            DeliveryStreamDescription stream = describe(firehose, id);
            // What the template leaves out is as if it was never there.
            ExtendedS3DestinationUpdate all =
                    destination(work.desired()).or(DEFAULTS).as(ExtendedS3DestinationUpdate.builder());
            firehose.updateDestination(r -> r.deliveryStreamName(id)
                    .currentDeliveryStreamVersionId(stream.versionId())
                    .destinationId(stream.destinations().getFirst().destinationId())
                    .extendedS3DestinationUpdate(all));
        }
        work.tagChanges(
                added ->
                        firehose.tagDeliveryStream(r -> r.deliveryStreamName(id).tags(tags(added))),
                removed -> firehose.untagDeliveryStream(
                        r -> r.deliveryStreamName(id).tagKeys(removed)));
    }

    private static final Properties DEFAULTS = Properties.parse("""
            {"Prefix":"","ErrorOutputPrefix":"","BufferingHints":{"SizeInMBs":5,"IntervalInSeconds":300},
             "CompressionFormat":"UNCOMPRESSED","EncryptionConfiguration":{"NoEncryptionConfig":"NoEncryption"},
             "CloudWatchLoggingOptions":{"Enabled":false},"FileExtension":"","CustomTimeZone":""}""");

    private static Properties destination(Properties of) {
        return of.object(of.has(EXTENDED) ? EXTENDED : SIMPLE);
    }

    private static DeliveryStreamDescription describe(FirehoseClient firehose, String id) {
        return firehose.describeDeliveryStream(r -> r.deliveryStreamName(id)).deliveryStreamDescription();
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                ResourceNotFoundException.class,
                () -> work.client(FirehoseClient.class).deleteDeliveryStream(r -> r.deliveryStreamName(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        FirehoseClient firehose = work.client(FirehoseClient.class);
        return work.ifThere(ResourceNotFoundException.class, () -> {
            DeliveryStreamDescription stream = describe(firehose, id);
            DestinationDescription destination = stream.destinations().getFirst();
            Map<String, String> tags = new TreeMap<>();
            firehose.listTagsForDeliveryStream(r -> r.deliveryStreamName(id))
                    .tags()
                    .forEach(tag -> tags.put(tag.key(), tag.value()));
            boolean simple = work.desired().has(SIMPLE);
            return Properties.builder()
                    .put("Arn", stream.deliveryStreamARN())
                    .put("DeliveryStreamName", stream.deliveryStreamName())
                    .put("DeliveryStreamType", stream.deliveryStreamTypeAsString())
                    .put(
                            simple ? SIMPLE : EXTENDED,
                            simple
                                    ? destination.s3DestinationDescription()
                                    : destination.extendedS3DestinationDescription())
                    .tags("Tags", tags)
                    .inOrderOf(work.desired(), "Tags")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(FirehoseClient.class)
                .listDeliveryStreams(r -> r.limit(10_000))
                .deliveryStreamNames();
    }
}
