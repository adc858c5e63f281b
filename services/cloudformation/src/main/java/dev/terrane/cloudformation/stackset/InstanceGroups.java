package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.resource.Properties;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The instances that a {@code StackInstancesGroup} asks for, or that a set has.
 *
 * @param overrides the values of parameters that are others than the set's, by instance
 */
record InstanceGroups(Map<Target, Map<String, String>> overrides) {
    /**
     * Accounts in each of which there are instances in the same regions with the same values.
     *
     * @param overrides values of parameters that are others than the set's
     */
    record Group(List<String> accounts, List<String> regions, Map<String, String> overrides) {}

    InstanceGroups {
        Map<Target, Map<String, String>> ordered = new TreeMap<>(Comparator.comparing(Target::key));
        ordered.putAll(overrides);
        overrides = ordered;
    }

    /** Those that a resource's properties ask for. */
    static InstanceGroups of(Properties properties) {
        Map<Target, Map<String, String>> wanted = new LinkedHashMap<>();
        for (Properties group : properties.objects("StackInstancesGroup")) {
            Map<String, String> values = new TreeMap<>();
            group.objects("ParameterOverrides")
                    .forEach(one -> values.put(one.required("ParameterKey"), one.required("ParameterValue")));
            List<String> accounts = group.object("DeploymentTargets").texts("Accounts");
            List<String> regions = group.texts("Regions");
            if (accounts.isEmpty() || regions.isEmpty()) {
                throw Refusals.invalid("Accounts and Regions must be specified.");
            }
            for (String account : accounts) {
                for (String region : regions) {
                    if (wanted.put(new Target(account, region), values) != null) {
                        throw Refusals.invalid("StackInstancesGroup asks for more than one stack instance in account ["
                                + account + "], region [" + region + "]");
                    }
                }
            }
        }
        return new InstanceGroups(wanted);
    }

    /** Those of these that others do not have. */
    InstanceGroups without(InstanceGroups others) {
        return kept(others, (mine, theirs) -> theirs == null);
    }

    /** Those of these that others have with other values. */
    InstanceGroups differing(InstanceGroups others) {
        return kept(others, (mine, theirs) -> theirs != null && !theirs.equals(mine));
    }

    @SuppressWarnings("NullAway") // a map's absent value is asked for
    private InstanceGroups kept(InstanceGroups others, BiPredicate<Map<String, String>, Map<String, String>> wanted) {
        Map<Target, Map<String, String>> kept = new LinkedHashMap<>();
        overrides.forEach((target, values) -> {
            if (wanted.test(values, others.overrides.get(target))) {
                kept.put(target, values);
            }
        });
        return new InstanceGroups(kept);
    }

    /** These without their values. */
    InstanceGroups plain() {
        Map<Target, Map<String, String>> plain = new LinkedHashMap<>();
        overrides.keySet().forEach(target -> plain.put(target, Map.of()));
        return new InstanceGroups(plain);
    }

    /** All of them in as few groups as may be, always the same. */
    List<Group> groups() {
        Map<Map<String, String>, Map<String, TreeSet<String>>> byValues = new LinkedHashMap<>();
        overrides.forEach((target, values) -> byValues.computeIfAbsent(values, v -> new TreeMap<>())
                .computeIfAbsent(target.region(), region -> new TreeSet<>())
                .add(target.account()));
        List<Group> groups = new ArrayList<>();
        byValues.forEach((values, regions) -> {
            Map<TreeSet<String>, List<String>> byAccounts = new LinkedHashMap<>();
            regions.forEach((region, accounts) ->
                    byAccounts.computeIfAbsent(accounts, a -> new ArrayList<>()).add(region));
            byAccounts.forEach((accounts, where) -> groups.add(new Group(List.copyOf(accounts), where, values)));
        });
        return groups;
    }

    /** As a template says it. */
    ArrayNode json() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Group group : groups()) {
            ObjectNode one = list.addObject();
            group.accounts().forEach(one.putObject("DeploymentTargets").putArray("Accounts")::add);
            group.regions().forEach(one.putArray("Regions")::add);
            if (!group.overrides().isEmpty()) {
                ArrayNode values = one.putArray("ParameterOverrides");
                group.overrides()
                        .forEach((key, value) ->
                                values.addObject().put("ParameterKey", key).put("ParameterValue", value));
            }
        }
        return list;
    }
}
