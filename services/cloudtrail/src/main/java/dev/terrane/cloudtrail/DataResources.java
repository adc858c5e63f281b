package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.audit.AuditRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The resource types of data events, by the services that have them. */
final class DataResources {
    static final String OBJECT = "AWS::S3::Object";

    private static final Map<String, String> TYPES = Map.of(
            "s3.amazonaws.com", OBJECT,
            "sns.amazonaws.com", "AWS::SNS::Topic",
            "sqs.amazonaws.com", "AWS::SQS::Queue",
            "monitoring.amazonaws.com", "AWS::CloudWatch::Metric");

    private DataResources() {}

    /** Whether there are data events of a type. */
    static boolean has(String type) {
        return TYPES.containsValue(type);
    }

    /** The types that there are, for refusals. */
    static List<String> all() {
        return TYPES.values().stream().sorted().toList();
    }

    /** The type of the resources of a data event; empty for what trails cannot ask for. */
    static Optional<String> type(AuditRecord event) {
        return Optional.ofNullable(TYPES.get(event.eventSource()));
    }

    /** The ARNs that selectors are held against: of a bucket, all of its objects. */
    static List<String> arns(AuditRecord event) {
        return event.resources().stream().map(DataResources::arn).toList();
    }

    private static String arn(String resource) {
        boolean bucket = Arn.find(resource)
                .filter(arn -> arn.service().equals("s3") && !arn.resource().contains("/"))
                .isPresent();
        return bucket ? resource + "/" : resource;
    }
}
