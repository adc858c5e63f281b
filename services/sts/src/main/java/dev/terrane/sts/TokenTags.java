package dev.terrane.sts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sts.model.Tag;
import tools.jackson.databind.JsonNode;

/**
 * What a token says of the session that it begins ("Passing session tags using AssumeRoleWithWebIdentity"), as one claim or as one for each tag.
 *
 * @param sourceIdentity who is behind the session, or empty
 */
record TokenTags(SessionTags tags, String sourceIdentity) {
    private static final String TAGS = "https://aws.amazon.com/tags";
    private static final String PRINCIPAL_TAGS = "principal_tags";
    private static final String TRANSITIVE = "transitive_tag_keys";
    private static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";
    private static final String NAME = "[\\w+=,.@-]{2,64}";
    /** As many session tags as there may be. */
    static final int MOST = 50;

    static TokenTags of(Jwt token) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        List<String> transitive = new ArrayList<>();
        token.claims().path(TAGS).path(PRINCIPAL_TAGS).properties().forEach(e -> found.put(e.getKey(), e.getValue()));
        token.claims().path(TAGS).path(TRANSITIVE).forEach(key -> transitive.add(key.asString("")));
        String flat = TAGS + "/" + PRINCIPAL_TAGS + "/";
        token.claims().properties().forEach(claim -> {
            if (claim.getKey().startsWith(flat)) {
                found.put(claim.getKey().substring(flat.length()), claim.getValue());
            }
        });
        token.claims().path(TAGS + "/" + TRANSITIVE).forEach(key -> transitive.add(key.asString("")));
        List<Tag> tags = new ArrayList<>();
        found.forEach((key, value) -> tags.add(tag(key, value)));
        if (tags.size() > MOST) {
            throw Refusals.invalidToken("A token may have " + MOST + " session tags at most.");
        }
        String identity = token.text(SOURCE_IDENTITY).orElse("");
        if (!identity.isEmpty() && !identity.matches(NAME)) {
            throw Refusals.invalidToken("The source identity of the token is not valid.");
        }
        return new TokenTags(SessionTags.of(tags, transitive), identity);
    }

    /** A tag's value, which stands in a list of one. */
    private static Tag tag(String key, JsonNode value) {
        JsonNode one = value.isArray() && value.size() == 1 ? value.get(0) : value;
        if (!one.isString()
                || key.isEmpty()
                || key.length() > 128
                || one.stringValue().length() > 256) {
            throw Refusals.invalidToken("The session tag " + key + " of the token is not valid.");
        }
        return Tag.builder().key(key).value(one.stringValue()).build();
    }
}
