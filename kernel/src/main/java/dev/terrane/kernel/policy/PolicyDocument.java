package dev.terrane.kernel.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;

/**
 * A policy document, read and ready to be evaluated. Immutable; made once and evaluated many times: what was read of late is kept by its text, since the
 * same few documents decide on every call and come with every role that a tool creates.
 *
 * @param id its {@code Id}, or empty
 * @param text the JSON it was read from, as it came
 */
public record PolicyDocument(Version version, String id, List<Statement> statements, String text) {
    /** The version of the language ("IAM JSON policy elements: Version"). */
    public enum Version {
        V2008_10_17("2008-10-17"),
        /** With policy variables. */
        V2012_10_17("2012-10-17");

        private final String text;

        Version(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** The longest document that is read at all; the quotas of each kind of policy are smaller and its owner's matter. */
    public static final int MAXIMUM_LENGTH = 131_072;

    /** Documents by their text, up to 8 Mi characters of it. */
    private static final Cache<String, PolicyDocument> READ = Caffeine.newBuilder()
            .maximumWeight(8L << 20)
            .weigher((String text, PolicyDocument document) -> text.length())
            .executor(Runnable::run)
            .build();

    public PolicyDocument {
        statements = List.copyOf(statements);
    }

    /**
     * Reads a document of any kind by the grammar of the language alone.
     *
     * @throws MalformedPolicy when it isn't one
     */
    public static PolicyDocument parse(String json) {
        return READ.get(json, PolicyParser::parse);
    }

    /**
     * Reads a document and applies the rules of its kind: who must and who may not name principals and resources.
     *
     * @throws MalformedPolicy when it breaks one
     */
    public static PolicyDocument parse(String json, PolicyType type) {
        PolicyDocument document = parse(json);
        PolicyRules.check(document, type);
        return document;
    }

    /** Equal text is an equal policy. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PolicyDocument that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
