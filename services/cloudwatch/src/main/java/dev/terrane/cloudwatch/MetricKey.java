package dev.terrane.cloudwatch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;

/**
 * What names a metric: its namespace, its name and all of its dimensions, in whatever order they were given.
 *
 * @param dimensions values by name
 */
record MetricKey(String namespace, String name, SortedMap<String, String> dimensions) {
    private static final char SEPARATOR = '\1';

    static MetricKey of(String namespace, String name, List<Dimension> dimensions) {
        TreeMap<String, String> sorted = new TreeMap<>();
        for (Dimension dimension : dimensions) {
            sorted.put(dimension.name(), dimension.value());
        }
        return new MetricKey(namespace, name, sorted);
    }

    static MetricKey of(Metric metric) {
        return of(metric.namespace(), metric.metricName(), metric.dimensions());
    }

    /** A short name for the metric's rows: a hash, since the parts may be long. */
    String hash() {
        StringBuilder text = new StringBuilder(namespace).append(SEPARATOR).append(name);
        for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
            text.append(SEPARATOR).append(dimension.getKey()).append(SEPARATOR).append(dimension.getValue());
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a listing by namespace and name has it. */
    String place() {
        return namespacePrefix(namespace) + name + SEPARATOR;
    }

    static String namespacePrefix(String namespace) {
        return namespace + SEPARATOR;
    }

    @JsonIgnore
    List<Dimension> dimensionList() {
        return dimensions.entrySet().stream()
                .map(d ->
                        Dimension.builder().name(d.getKey()).value(d.getValue()).build())
                .toList();
    }

    Metric metric() {
        return Metric.builder()
                .namespace(namespace)
                .metricName(name)
                .dimensions(dimensionList())
                .build();
    }
}
