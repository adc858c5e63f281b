package dev.terrane.kernel.service;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A service that says which pages of other origins may read its answers: S3. */
public interface CrossOrigin {
    /** That a bucket says nothing of other origins, or is not there. */
    Answer OFF = new Answer(false, Optional.empty());

    /**
     * What a bucket says of a request.
     *
     * @param enabled whether it says anything of other origins
     * @param headers those of the answer; empty where the request is not allowed
     */
    record Answer(boolean enabled, Optional<Map<String, String>> headers) {}

    /**
     * Asks about a request.
     *
     * @param origin of the page that makes it
     * @param method its method, or that which a preflight request asks about
     * @param headers those that a preflight request asks about
     */
    Answer crossOrigin(String bucket, String origin, String method, List<String> headers);
}
