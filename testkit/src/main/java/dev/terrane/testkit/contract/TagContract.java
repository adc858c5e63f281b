package dev.terrane.testkit.contract;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.testkit.TestServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Tags are kept, limited, and conditions of policies. */
final class TagContract {
    /** A member with the word in its name: Tags, TagSet, ResourceTagList; not VersionIdsToStages. */
    private static final Pattern TAGS = Pattern.compile("^[Tt]ag|[a-z]Tag");

    private final Subject subject;

    TagContract(Subject subject) {
        this.subject = subject;
    }

    /** The operations on one resource. */
    private record On(Requests requests, BoundOperation tag, BoundOperation untag, BoundOperation list) {}

    void check(Tagging tagging) {
        On on = new On(
                new Requests(subject.fresh().get()),
                subject.operation(tagging.tag()).orElseThrow(),
                subject.operation(tagging.untag()).orElseThrow(),
                subject.operation(tagging.list()).orElseThrow());
        expect(on, "at creation", tagging.onCreation() ? Map.of("made", "here") : Map.of());
        untag(on, List.of("made"));
        String stage = tagging.emptyValues() ? "" : "test";
        tag(on, Map.of("team", "red", "stage", stage));
        expect(on, "after two were added", Map.of("team", "red", "stage", stage));
        tag(on, Map.of("team", "blue"));
        expect(on, "after one was changed", Map.of("team", "blue", "stage", stage));
        untag(on, List.of("stage", "never"));
        expect(on, "after one was removed", Map.of("team", "blue"));
        checkRefusals(tagging, on);
        checkConditions(on);
    }

    private void checkRefusals(Tagging tagging, On on) {
        refused(on, Map.of("aws:mine", "x"), "reserved", tagging.codes().get("reserved"));
        refused(on, Map.of("k".repeat(129), "x"), "key", null);
        refused(on, Map.of("k", "x".repeat(257)), "value", null);
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < tagging.most(); i++) {
            many.put("key" + i, "value");
        }
        if (!many.isEmpty()) {
            refused(on, many, "many", tagging.codes().get("many"));
        }
        expect(on, "after refusals", Map.of("team", "blue"));
    }

    private void refused(On on, Map<String, String> tags, String what, @Nullable String code) {
        Answer answer = subject.probe().call(on.tag, tagRequest(on, tags));
        if (answer.succeeded() || (code != null && !answer.code().equals(code))) {
            subject.findings()
                    .add(
                            "tag-" + what,
                            name(on.tag),
                            "expected " + (code == null ? "an error" : code) + ", got " + answer.told());
        }
    }

    /** {@code aws:RequestTag}, {@code aws:TagKeys} and {@code aws:ResourceTag} let in and keep out. */
    private void checkConditions(On on) {
        String byValue = "{\"StringEquals\":{\"aws:RequestTag/team\":\"red\"}}";
        let(on.tag, tagRequest(on, Map.of("team", "red")), byValue, true, "aws:RequestTag");
        let(on.tag, tagRequest(on, Map.of("team", "blue")), byValue, false, "aws:RequestTag");
        String byKey =
                "{\"ForAllValues:StringEquals\":{\"aws:TagKeys\":[\"team\"]},\"Null\":{\"aws:TagKeys\":\"false\"}}";
        let(on.tag, tagRequest(on, Map.of("team", "red")), byKey, true, "aws:TagKeys");
        let(on.tag, tagRequest(on, Map.of("other", "red")), byKey, false, "aws:TagKeys");
        let(on.untag, untagRequest(on, List.of("other")), byKey, false, "aws:TagKeys");
        String byResource = "{\"StringEquals\":{\"aws:ResourceTag/team\":\"red\"}}";
        let(on.untag, untagRequest(on, List.of("none")), byResource, true, "aws:ResourceTag");
        tag(on, Map.of("team", "blue"));
        let(on.untag, untagRequest(on, List.of("none")), byResource, false, "aws:ResourceTag");
    }

    private void let(BoundOperation operation, SdkRequest request, String condition, boolean in, String key) {
        Principal user = subject.user(
                TestServer.ACCOUNT,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                        + condition + "}]}");
        Answer answer = subject.probe().call(operation, request, user, TestServer.REGION);
        if (in ? !answer.succeeded() : !answer.denied()) {
            subject.findings()
                    .add(
                            "tag-condition",
                            name(operation) + " " + key,
                            "expected " + (in ? "success" : "denial") + ", got " + answer.told());
        }
    }

    private static String name(BoundOperation operation) {
        return operation.operation().name();
    }

    private void tag(On on, Map<String, String> tags) {
        mustSucceed(subject.probe().call(on.tag, tagRequest(on, tags)));
    }

    private void untag(On on, List<String> keys) {
        mustSucceed(subject.probe().call(on.untag, untagRequest(on, keys)));
    }

    private void mustSucceed(Answer answer) {
        if (!answer.succeeded()) {
            subject.findings().add("tag", name(answer.operation()), answer.told());
        }
    }

    private void expect(On on, String when, Map<String, String> tags) {
        Answer answer = subject.probe().call(on.list, on.requests.minimal(on.list));
        mustSucceed(answer);
        answer.found().ifPresent(response -> {
            Map<String, String> found = new TreeMap<>();
            for (SdkField<?> field : response.sdkFields()) {
                if (TAGS.matcher(field.memberName()).find()) {
                    read(field.getValueOrDefault(response), found);
                }
            }
            if (!found.equals(new TreeMap<>(tags))) {
                subject.findings().add("tag", name(on.list) + " " + when, "expected " + tags + ", got " + found);
            }
        });
    }

    private static void read(@Nullable Object value, Map<String, String> into) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, text) -> into.put(String.valueOf(key), String.valueOf(text)));
            case Collection<?> many -> many.forEach(one -> read(one, into));
            case SdkPojo pojo -> {
                Optional<Object> key = value(pojo, "key", "tagkey");
                if (key.isPresent()) {
                    into.put(
                            String.valueOf(key.get()),
                            String.valueOf(value(pojo, "value", "tagvalue").orElse("")));
                } else {
                    pojo.sdkFields().forEach(field -> read(field.getValueOrDefault(pojo), into));
                }
            }
            case null, default -> {
                // No tags.
            }
        }
    }

    private static Optional<Object> value(SdkPojo pojo, String... names) {
        for (SdkField<?> field : pojo.sdkFields()) {
            if (List.of(names).contains(field.memberName().toLowerCase(Locale.ROOT))) {
                return Optional.ofNullable(field.getValueOrDefault(pojo));
            }
        }
        return Optional.empty();
    }

    private static SdkRequest tagRequest(On on, Map<String, String> tags) {
        Map<SdkField<?>, Object> members = new LinkedHashMap<>();
        for (SdkField<?> field : Requests.members(on.tag)) {
            tagsFor(field, tags).ifPresent(value -> members.put(field, value));
        }
        return on.requests.with(on.tag, members);
    }

    /** The tags in the form of a member; empty where it is not for tags. */
    private static Optional<Object> tagsFor(SdkField<?> field, Map<String, String> tags) {
        MarshallingType<?> type = field.marshallingType();
        if (type.equals(MarshallingType.MAP)) {
            return Optional.of(tags);
        }
        if (type.equals(MarshallingType.LIST)) {
            SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
            if (element.marshallingType().equals(MarshallingType.SDK_POJO)) {
                List<Object> pairs = new ArrayList<>();
                tags.forEach((key, text) -> pairs.add(pair(element, key, text)));
                return Optional.of(pairs);
            }
        }
        if (type.equals(MarshallingType.SDK_POJO)) {
            SdkPojo inner = field.constructor().get();
            for (SdkField<?> of : inner.sdkFields()) {
                tagsFor(of, tags).ifPresent(value -> of.set(inner, value));
            }
            return Optional.of(((Buildable) inner).build());
        }
        return Optional.empty();
    }

    private static Object pair(SdkField<?> element, String key, @Nullable String text) {
        SdkPojo pair = element.constructor().get();
        for (SdkField<?> field : pair.sdkFields()) {
            switch (field.memberName().toLowerCase(Locale.ROOT)) {
                case "key", "tagkey" -> field.set(pair, key);
                case "value", "tagvalue" -> field.set(pair, text);
                default -> {
                    // Beside key and value.
                }
            }
        }
        return ((Buildable) pair).build();
    }

    private static SdkRequest untagRequest(On on, List<String> keys) {
        Map<SdkField<?>, Object> members = new LinkedHashMap<>();
        for (SdkField<?> field : Requests.members(on.untag)) {
            boolean forKeys = field.memberName().toLowerCase(Locale.ROOT).startsWith("tag");
            if (forKeys && field.marshallingType().equals(MarshallingType.LIST)) {
                SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
                members.put(
                        field,
                        Requests.isText(element)
                                ? keys
                                : keys.stream()
                                        .map(key -> pair(element, key, null))
                                        .toList());
            }
        }
        return on.requests.with(on.untag, members);
    }
}
