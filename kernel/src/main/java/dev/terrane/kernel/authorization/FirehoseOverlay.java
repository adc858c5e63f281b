package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import java.util.List;

/** Data Firehose: whoever makes a stream with tags must be allowed to tag it ("CreateDeliveryStream", {@code Tags}). */
final class FirehoseOverlay implements Overlay {
    @Override
    public List<Requirement> more(Asked asked) {
        if (!asked.operation().equals("CreateDeliveryStream")
                || asked.members().at("Tags.Key").isEmpty()) {
            return List.of();
        }
        Arn stream = new Arn(
                asked.scope().partition(),
                "firehose",
                asked.scope().region(),
                asked.scope().account(),
                "deliverystream/" + asked.text("deliverystreamname").orElse("*"));
        return List.of(new Requirement(
                "firehose:TagDeliveryStream", List.of(stream.toString()), RequestTags.conditions(asked.members())));
    }
}
