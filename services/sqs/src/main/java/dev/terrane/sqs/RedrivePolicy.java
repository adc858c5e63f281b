package dev.terrane.sqs;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.store.RecordCodec;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Where messages go that were received too often ("Using dead-letter queues in Amazon SQS"). */
record RedrivePolicy(String deadLetterTargetArn, int maxReceiveCount) {
    private static final int MOST = 1000;

    /** A queue's, which was checked when it was set. */
    static Optional<RedrivePolicy> of(QueueRecord queue) {
        String json = queue.attribute(QueueAttributes.REDRIVE_POLICY);
        return json.isEmpty() ? Optional.empty() : Optional.of(read(json));
    }

    /** Reads one as a customer sets it. */
    static RedrivePolicy read(String json) {
        try {
            JsonNode node = RecordCodec.json().readTree(json);
            String arn = node.path("deadLetterTargetArn").asString("");
            int most = node.path("maxReceiveCount").asInt(0);
            if (Arn.isArn(arn) && most >= 1 && most <= MOST) {
                return new RedrivePolicy(arn, most);
            }
        } catch (JacksonException e) {
            throw refused(json);
        }
        throw refused(json);
    }

    private static RuntimeException refused(String json) {
        return Errors.parameter("Value " + json
                + " for parameter RedrivePolicy is invalid. Reason: it must be JSON with the ARN deadLetterTargetArn and"
                + " maxReceiveCount from 1 to 1000.");
    }
}
