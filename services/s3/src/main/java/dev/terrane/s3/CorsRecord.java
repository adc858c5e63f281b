package dev.terrane.s3;

import java.util.List;
import software.amazon.awssdk.services.s3.model.CORSRule;

/** What a bucket says of pages of other origins.
 *
 * @param rules as they were given; the first that fits a request counts */
record CorsRecord(String bucket, List<CORSRule> rules) {
    CorsRecord {
        rules = List.copyOf(rules);
    }
}
