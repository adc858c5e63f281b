package dev.terrane.sns;

import dev.terrane.kernel.store.RecordCodec;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * How a delivery over HTTP is tried again ("Creating an HTTP/S delivery policy" in the SNS developer guide): first retries without delay, then
 * with the least one, then rising, then with the greatest.
 */
record DeliveryPolicy(
        int retries,
        int minimumDelay,
        int maximumDelay,
        int withoutDelay,
        int atMinimum,
        int atMaximum,
        String backoff) {
    static final DeliveryPolicy DEFAULT = new DeliveryPolicy(3, 20, 20, 0, 0, 0, "linear");
    private static final int MOST_RETRIES = 100;
    private static final int LONGEST_DELAY = 3600;

    /** Reads the policy of a subscription or a topic; refuses what is none, or asks for what is not offered here. */
    static DeliveryPolicy read(String json) {
        JsonNode root;
        try {
            root = RecordCodec.json().readTree(json);
        } catch (JacksonException e) {
            throw Errors.invalid("DeliveryPolicy: failed to parse JSON");
        }
        JsonNode http = root.has("http") ? root.path("http") : root;
        if (http.has("throttlePolicy")
                || http.has("defaultThrottlePolicy")
                || http.has("requestPolicy")
                || http.has("defaultRequestPolicy")) {
            throw Errors.invalid("DeliveryPolicy: only retry policies are offered here");
        }
        JsonNode retry = http.has("defaultHealthyRetryPolicy")
                ? http.path("defaultHealthyRetryPolicy")
                : http.path("healthyRetryPolicy");
        DeliveryPolicy policy = new DeliveryPolicy(
                retry.path("numRetries").asInt(DEFAULT.retries),
                retry.path("minDelayTarget").asInt(DEFAULT.minimumDelay),
                retry.path("maxDelayTarget").asInt(DEFAULT.maximumDelay),
                retry.path("numNoDelayRetries").asInt(0),
                retry.path("numMinDelayRetries").asInt(0),
                retry.path("numMaxDelayRetries").asInt(0),
                retry.path("backoffFunction").asString(DEFAULT.backoff));
        policy.check();
        return policy;
    }

    private void check() {
        if (retries < 0 || retries > MOST_RETRIES) {
            throw Errors.invalid("DeliveryPolicy: healthyRetryPolicy.numRetries must be between 0 and 100");
        }
        if (minimumDelay < 1 || maximumDelay < minimumDelay || maximumDelay > LONGEST_DELAY) {
            throw Errors.invalid(
                    "DeliveryPolicy: healthyRetryPolicy.minDelayTarget and maxDelayTarget must be between 1 and 3600");
        }
        if (withoutDelay < 0 || atMinimum < 0 || atMaximum < 0 || withoutDelay + atMinimum + atMaximum > retries) {
            throw Errors.invalid(
                    "DeliveryPolicy: healthyRetryPolicy.numRetries must be at least the sum of the phases");
        }
        switch (backoff) {
            case "linear", "arithmetic", "geometric", "exponential" -> {}
            default -> throw Errors.invalid("DeliveryPolicy: healthyRetryPolicy.backoffFunction");
        }
    }

    /** How long to wait before a retry, counted from 0. */
    Duration pause(int retry) {
        if (retry < withoutDelay) {
            return Duration.ZERO;
        }
        int beforeRise = withoutDelay + atMinimum;
        int rising = retries - beforeRise - atMaximum;
        if (retry < beforeRise || rising <= 1) {
            return Duration.ofSeconds(retry < beforeRise ? minimumDelay : maximumDelay);
        }
        if (retry >= beforeRise + rising) {
            return Duration.ofSeconds(maximumDelay);
        }
        double part = (retry - beforeRise) / (double) (rising - 1);
        double shape = switch (backoff) {
            case "arithmetic" -> part * part;
            case "geometric" -> (Math.pow(2, part * 4) - 1) / 15;
            case "exponential" -> (Math.pow(2, part * 8) - 1) / 255;
            default -> part;
        };
        return Duration.ofSeconds(Math.round(minimumDelay + (maximumDelay - minimumDelay) * shape));
    }
}
