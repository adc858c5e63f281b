package dev.terrane.gateway;

import dev.terrane.kernel.contract.BoundOperation;
import java.util.Map;
import java.util.Set;

/**
 * The operations that CloudTrail calls data events: what is done with the content of a resource rather than with the resource
 * ("Logging data events" in the CloudTrail user guide), and what the services' guides say is not logged.
 */
public final class DataEvents {
    private static final Set<String> ALL = Set.of();
    private static final Map<String, Set<String>> BY_SERVICE = Map.of(
            "s3",
                    Set.of(
                            "AbortMultipartUpload",
                            "CompleteMultipartUpload",
                            "CopyObject",
                            "CreateMultipartUpload",
                            "DeleteObject",
                            "DeleteObjectTagging",
                            "DeleteObjects",
                            "GetObject",
                            "GetObjectAcl",
                            "GetObjectAttributes",
                            "GetObjectTagging",
                            "HeadObject",
                            "ListMultipartUploads",
                            "ListObjects",
                            "ListObjectsV2",
                            "ListObjectVersions",
                            "ListParts",
                            "PutObject",
                            "PutObjectAcl",
                            "PutObjectTagging",
                            "UploadPart",
                            "UploadPartCopy",
                            "HeadBucket"),
            "sqs",
                    Set.of(
                            "SendMessage",
                            "SendMessageBatch",
                            "ReceiveMessage",
                            "DeleteMessage",
                            "DeleteMessageBatch",
                            "ChangeMessageVisibility",
                            "ChangeMessageVisibilityBatch",
                            "GetQueueAttributes",
                            "GetQueueUrl",
                            "ListQueues",
                            "ListDeadLetterSourceQueues",
                            "ListQueueTags"),
            "sns", Set.of("Publish", "PublishBatch"),
            "cloudwatch",
                    Set.of(
                            "PutMetricData",
                            "GetMetricData",
                            "GetMetricStatistics",
                            "ListMetrics",
                            "GetMetricWidgetImage"),
            "cloudwatchlogs", Set.of("PutLogEvents", "GetLogEvents", "FilterLogEvents", "StartLiveTail"),
            "eventbridge", Set.of("PutEvents"),
            "firehose", Set.of("PutRecord", "PutRecordBatch"));

    private DataEvents() {}

    /** Whether an operation is one. */
    public static boolean contains(BoundOperation operation) {
        return BY_SERVICE
                .getOrDefault(operation.service().name(), ALL)
                .contains(operation.operation().name());
    }
}
