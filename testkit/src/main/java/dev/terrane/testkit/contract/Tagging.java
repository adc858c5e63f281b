package dev.terrane.testkit.contract;

import java.util.HashMap;
import java.util.Map;

/**
 * The operations by which resources are tagged. Their members are found by their form: pairs of a key and a value, or a map, to tag;
 * keys to untag.
 *
 * @param most how many tags a resource can have; 0 where this is not limited
 * @param onCreation whether examples are tagged {@code made=here}
 * @param emptyValues whether a tag may have an empty value
 * @param codes what answers to each of {@code many} (more tags than there can be) and {@code reserved} (a key that begins with
 *     {@code aws:}); where none is given, any documented error
 */
public record Tagging(
        String tag,
        String untag,
        String list,
        int most,
        boolean onCreation,
        boolean emptyValues,
        Map<String, String> codes) {
    public Tagging {
        codes = Map.copyOf(codes);
    }

    /** As most services have it: fifty tags, also at creation. */
    public Tagging(String tag, String untag, String list) {
        this(tag, untag, list, 50, true, true, Map.of());
    }

    /** The same with another limit. */
    public Tagging most(int tags) {
        return new Tagging(tag, untag, list, tags, onCreation, emptyValues, codes);
    }

    /** The same where nothing is tagged at creation. */
    public Tagging notOnCreation() {
        return new Tagging(tag, untag, list, most, false, emptyValues, codes);
    }

    /** The same where each tag has a value. */
    public Tagging valued() {
        return new Tagging(tag, untag, list, most, onCreation, false, codes);
    }

    /** The same with the error code for more tags than there can be. */
    public Tagging many(String code) {
        return with("many", code);
    }

    /** The same with the error code for a key that begins with {@code aws:}. */
    public Tagging reserved(String code) {
        return with("reserved", code);
    }

    private Tagging with(String what, String code) {
        Map<String, String> more = new HashMap<>(codes);
        more.put(what, code);
        return new Tagging(tag, untag, list, most, onCreation, emptyValues, more);
    }
}
