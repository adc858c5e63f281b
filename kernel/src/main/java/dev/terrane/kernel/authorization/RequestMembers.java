package dev.terrane.kernel.authorization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** A request's members by name, without regard to case and punctuation. */
final class RequestMembers {
    /** Deep enough for every name of a resource; what lies deeper is content. */
    private static final int DEPTH = 3;

    /** A member of a structure, with its plain name. */
    record Member(String name, SdkField<?> field) {
        private static final Map<Class<?>, List<Member>> KNOWN = new ConcurrentHashMap<>();

        static List<Member> of(SdkPojo pojo) {
            List<Member> known = KNOWN.get(pojo.getClass());
            return known != null
                    ? known
                    : KNOWN.computeIfAbsent(
                            pojo.getClass(),
                            type -> pojo.sdkFields().stream()
                                    .map(field -> new Member(ArnTemplate.plain(field.memberName()), field))
                                    .toList());
        }
    }

    private final SdkPojo request;
    private final Map<String, Object> top = new LinkedHashMap<>();
    private @Nullable Map<String, List<String>> nested;

    RequestMembers(SdkPojo request) {
        this.request = request;
        for (Member member : Member.of(request)) {
            Object value = member.field().getValueOrDefault(request);
            if (value != null) {
                top.put(member.name(), value);
            }
        }
    }

    SdkPojo request() {
        return request;
    }

    /** The texts of a member of the request itself: one, or those of a list. */
    List<String> texts(String plainName) {
        Object value = top.get(plainName);
        return value == null ? List.of() : scalars(value);
    }

    Optional<String> text(String plainName) {
        return texts(plainName).stream().findFirst();
    }

    /** All texts of the request's own members. */
    List<String> all() {
        return top.values().stream().flatMap(v -> scalars(v).stream()).toList();
    }

    /** All texts further in, too. */
    List<String> allNested() {
        List<String> all = new ArrayList<>(all());
        nestedTexts().values().forEach(all::addAll);
        return all;
    }

    /** The texts of members of structures within the request, by their name or the structure's and their name together. */
    List<String> nestedTexts(String plainName) {
        return nestedTexts().getOrDefault(plainName, List.of());
    }

    /** The plain names on a path such as {@code environment.computeType}. */
    static List<String> path(String text) {
        return Arrays.stream(text.split("\\.")).map(ArnTemplate::plain).toList();
    }

    /** What stands at a path such as {@code environment.computeType}; lists on the way are all followed. */
    List<String> at(String path) {
        return at(path(path));
    }

    /** What stands at a path of plain names. */
    List<String> at(List<String> path) {
        Object first = top.get(path.getFirst());
        if (first == null) {
            return List.of();
        }
        List<Object> here = new ArrayList<>();
        spread(first, here);
        for (String step : path.subList(1, path.size())) {
            List<Object> next = new ArrayList<>();
            for (Object value : here) {
                if (value instanceof SdkPojo pojo) {
                    for (Member member : Member.of(pojo)) {
                        if (member.name().equals(step)) {
                            spread(member.field().getValueOrDefault(pojo), next);
                        }
                    }
                }
            }
            here = next;
        }
        List<String> texts = new ArrayList<>();
        here.forEach(value -> texts.addAll(scalars(value)));
        return texts;
    }

    /** The structure or map that a member of the request is. */
    Optional<Object> member(String plainName) {
        return Optional.ofNullable(top.get(plainName));
    }

    private static void spread(@Nullable Object value, List<Object> into) {
        if (value instanceof Collection<?> many) {
            many.forEach(one -> spread(one, into));
        } else if (value != null) {
            into.add(value);
        }
    }

    private Map<String, List<String>> nestedTexts() {
        Map<String, List<String>> found = nested;
        if (found == null) {
            found = new LinkedHashMap<>();
            for (Map.Entry<String, Object> member : top.entrySet()) {
                collect(member.getKey(), member.getValue(), found, 1);
            }
            nested = found;
        }
        return found;
    }

    private static void collect(String parent, Object value, Map<String, List<String>> into, int depth) {
        if (depth > DEPTH) {
            return;
        }
        if (value instanceof Collection<?> many) {
            for (Object one : many) {
                if (one instanceof SdkPojo) {
                    collect(parent, one, into, depth);
                }
            }
        } else if (value instanceof SdkPojo pojo) {
            for (Member member : Member.of(pojo)) {
                Object inner = member.field().getValueOrDefault(pojo);
                if (inner == null) {
                    continue;
                }
                String name = member.name();
                List<String> texts = scalars(inner);
                if (!texts.isEmpty()) {
                    into.computeIfAbsent(parent + name, k -> new ArrayList<>()).addAll(texts);
                    into.computeIfAbsent(name, k -> new ArrayList<>()).addAll(texts);
                }
                collect(name, inner, into, depth + 1);
            }
        }
    }

    private static List<String> scalars(Object value) {
        return switch (value) {
            case String text -> List.of(text);
            case Number number -> List.of(number.toString());
            case Boolean truth -> List.of(truth.toString());
            case Collection<?> many -> {
                List<String> texts = new ArrayList<>();
                for (Object one : many) {
                    if (one instanceof String || one instanceof Number || one instanceof Boolean) {
                        texts.add(one.toString());
                    }
                }
                yield texts;
            }
            default -> List.of();
        };
    }
}
