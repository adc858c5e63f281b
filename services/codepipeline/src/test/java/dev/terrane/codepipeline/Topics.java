package dev.terrane.codepipeline;

import dev.terrane.kernel.service.Service;
import java.util.concurrent.ConcurrentLinkedDeque;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/** SNS, which keeps what was published. */
final class Topics implements SnsClient {
    final ConcurrentLinkedDeque<PublishRequest> published = new ConcurrentLinkedDeque<>();

    Service service() {
        return new Neighbour("sns", SnsClient.class, this);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing to release.
    }

    @Override
    public PublishResponse publish(PublishRequest request) {
        published.add(request);
        return PublishResponse.builder().messageId("m-" + published.size()).build();
    }
}
