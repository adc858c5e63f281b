package dev.terrane.kernel.authorization;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service's page of the service authorization reference; see contract/authorization.py. Read once. */
final class ServiceFacts {
    private static final Map<String, ServiceFacts> READ = new ConcurrentHashMap<>();

    private final Map<String, Action> actions;

    private ServiceFacts(Map<String, Action> actions) {
        this.actions = actions;
    }

    /**
     * An action.
     *
     * @param name with the service's prefix
     * @param conditions the condition keys that it knows and that members of the request may answer
     */
    record Action(String name, String level, List<ResourceType> resources, List<MemberCondition> conditions) {}

    /**
     * A service's own condition key, named after a member of the request: {@code codebuild:environment.computeType}.
     *
     * @param path the plain names of the members on the way
     */
    record MemberCondition(String key, List<String> path) {
        static Optional<MemberCondition> of(String key) {
            int colon = key.indexOf(':');
            if (colon <= 0 || key.startsWith("aws:") || key.indexOf('$') >= 0 || key.indexOf('/') >= 0) {
                return Optional.empty();
            }
            return Optional.of(new MemberCondition(key, RequestMembers.path(key.substring(colon + 1))));
        }
    }

    /** A kind of resource that an action knows, and whether AWS always checks one. */
    record ResourceType(String name, ArnTemplate arn, boolean required) {}

    /** The facts of an IAM service prefix. */
    static ServiceFacts of(String service) {
        return READ.computeIfAbsent(service, ServiceFacts::read);
    }

    /** An action by its name without prefix, in any case. */
    Optional<Action> action(String name) {
        return Optional.ofNullable(actions.get(name.toLowerCase(Locale.ROOT)));
    }

    private static ServiceFacts read(String service) {
        try (InputStream stream = ServiceFacts.class.getResourceAsStream(service + ".json")) {
            if (stream == null) {
                throw new IllegalArgumentException("No authorization facts about " + service);
            }
            return of(service, JsonMapper.shared().readTree(stream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServiceFacts of(String service, JsonNode root) {
        Map<String, ArnTemplate> templates = new HashMap<>();
        root.path("resources")
                .properties()
                .forEach(e ->
                        templates.put(e.getKey(), ArnTemplate.parse(e.getValue().stringValue())));
        List<String> keys = new ArrayList<>();
        root.path("keys").forEach(key -> keys.add(key.stringValue()));
        Map<String, Action> actions = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path("actions").properties()) {
            JsonNode facts = entry.getValue();
            List<ResourceType> types = new ArrayList<>();
            for (JsonNode type : facts.path("resources")) {
                String text = type.stringValue();
                boolean required = text.endsWith("*");
                String name = required ? text.substring(0, text.length() - 1) : text;
                ArnTemplate template = templates.get(name);
                if (template != null) {
                    types.add(new ResourceType(name, template, required));
                }
            }
            List<MemberCondition> known = new ArrayList<>();
            facts.path("keys")
                    .forEach(key -> MemberCondition.of(keys.get(key.intValue())).ifPresent(known::add));
            actions.put(
                    entry.getKey().toLowerCase(Locale.ROOT),
                    new Action(
                            service + ":" + entry.getKey(),
                            facts.path("level").asString(""),
                            List.copyOf(types),
                            List.copyOf(known)));
        }
        return new ServiceFacts(Map.copyOf(actions));
    }
}
