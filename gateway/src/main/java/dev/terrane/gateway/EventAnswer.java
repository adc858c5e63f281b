package dev.terrane.gateway;

import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.async.SdkPublisher;

/** Hands on what a service answers with: the response, then the events. A caller who goes away ends them as any other way does. */
final class EventAnswer implements EventStreamResponseHandler<SdkResponse, SdkPojo> {
    private final Invocation.EventReply reply;
    private @Nullable SdkResponse response;

    EventAnswer(Invocation.EventReply reply) {
        this.reply = reply;
    }

    @Override
    public void responseReceived(SdkResponse received) {
        response = received;
    }

    @Override
    public void onEventStream(SdkPublisher<SdkPojo> events) {
        try {
            reply.send(Objects.requireNonNull(response), events);
        } catch (UncheckedIOException e) {
            // Nobody is left to tell.
            return;
        }
    }

    @Override
    public void exceptionOccurred(Throwable e) {
        throw new IllegalStateException("What fails before the events is thrown, what fails among them ends them", e);
    }

    @Override
    public void complete() {}
}
