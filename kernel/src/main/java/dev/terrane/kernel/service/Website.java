package dev.terrane.kernel.service;

import java.util.List;
import java.util.Optional;

/**
 * A bucket that is a website.
 *
 * @param index what stands for a folder: the end of its key
 * @param error the key of what is shown in the place of an error, or empty
 * @param all where every request is sent
 * @param rules where some requests are sent; the first that fits counts
 */
public record Website(String index, String error, Optional<Redirect> all, List<Rule> rules) {
    public Website {
        rules = List.copyOf(rules);
    }

    /**
     * Another place.
     *
     * @param host empty for the same
     * @param protocol {@code http} or {@code https}; empty for the same
     * @param keyPrefix what stands in the place of the rule's prefix
     * @param key what stands in the place of the whole key
     */
    public record Redirect(
            String host, String protocol, Optional<String> keyPrefix, Optional<String> key, int status) {}

    /**
     * Which requests are sent elsewhere.
     *
     * @param prefix what their keys begin with
     * @param error the status that they would be answered with; 0 for any
     */
    public record Rule(String prefix, int error, Redirect redirect) {
        /** @param status of the answer; 0 before there is one */
        public boolean fits(String key, int status) {
            return error == status && key.startsWith(prefix);
        }
    }

    /** Who knows websites: S3. */
    public interface Source {
        /** The website that a bucket is; empty where it is none, or is not there. */
        Optional<Website> website(String bucket);

        boolean hasBucket(String bucket);
    }
}
