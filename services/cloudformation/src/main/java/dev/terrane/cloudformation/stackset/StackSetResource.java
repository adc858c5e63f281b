package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;
import tools.jackson.databind.JsonNode;

/** A stack set with the instances that a template asks for. Others that it has are left alone, and keep it from being deleted. */
public final class StackSetResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::CloudFormation::StackSet";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AdministrationRoleARN",
                "CallAs",
                "Capabilities",
                "Description",
                "ExecutionRoleName",
                "ManagedExecution",
                "OperationPreferences",
                "Parameters",
                "PermissionModel",
                "StackInstancesGroup",
                "StackSetName",
                "Tags",
                "TemplateBody",
                "TemplateURL");
    }

    @Override
    public Set<String> lacking() {
        return Stream.of("AccountFilterType", "AccountsUrl", "OrganizationalUnitIds")
                .map(name -> "StackInstancesGroup/DeploymentTargets/" + name)
                .collect(Collectors.toSet());
    }

    @Override
    public String create(ResourceWork work) {
        InstanceGroups.of(work.desired());
        String id = client(work)
                .createStackSet(work.desired().as(CreateStackSetRequest.builder()).toBuilder()
                        .tags(tags(work.tags()))
                        .clientRequestToken(work.token())
                        .build())
                .stackSetId();
        work.made(id);
        new StackSetSteps(work, id).goOn(Change.CREATE);
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        new StackSetSteps(work, id).goOn(Change.UPDATE);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        settled(work, id, Change.DELETE);
    }

    @Override
    public boolean settled(ResourceWork work, String id, Change change) {
        return change == Change.DELETE
                ? find(work, id).isEmpty() || new StackSetSteps(work, id).delete()
                : new StackSetSteps(work, id).goOn(change);
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return find(work, id).map(set -> {
            Properties desired = work.desired();
            return Properties.builder()
                    .put("StackSetId", id)
                    .put("Parameters", parameters(work, set))
                    .put("StackInstancesGroup", instances(work, id))
                    // What a set does not tell: what the template says stands for it.
                    .put("CallAs", desired.text("CallAs"))
                    .put("OperationPreferences", desired.node().get("OperationPreferences"))
                    .put("TemplateURL", desired.text("TemplateURL"))
                    .model(ResourceSchema.of(name()).orElseThrow(), set)
                    .inOrderOf(desired, "Capabilities", "Parameters", "Tags")
                    .build();
        });
    }

    private static Optional<StackSet> find(ResourceWork work, String id) {
        return work.ifThere(
                        StackSetNotFoundException.class,
                        () -> client(work)
                                .describeStackSet(r -> r.stackSetName(id))
                                .stackSet())
                .filter(set -> set.status() == StackSetStatus.ACTIVE);
    }

    /** The values that the template gives, and others that are not the defaults. Hidden ones are taken for what the template says. */
    private static List<Parameter> parameters(ResourceWork work, StackSet set) {
        Map<String, String> desired = values(work.desired().objects("Parameters"));
        Map<String, String> standard = new LinkedHashMap<>();
        client(work)
                .getTemplateSummary(r -> r.stackSetName(set.stackSetId()))
                .parameters()
                .forEach(one -> standard.put(one.parameterKey(), one.defaultValue()));
        return set.parameters().stream()
                .filter(one -> desired.containsKey(one.parameterKey())
                        || !one.parameterValue().equals(standard.get(one.parameterKey())))
                .map(one -> Parameter.builder()
                        .parameterKey(one.parameterKey())
                        .parameterValue(told(one, desired))
                        .build())
                .toList();
    }

    private static Map<String, String> values(List<Properties> parameters) {
        Map<String, String> values = new TreeMap<>();
        parameters.forEach(one -> values.put(one.required("ParameterKey"), one.required("ParameterValue")));
        return values;
    }

    private static String told(Parameter shown, Map<String, String> desired) {
        return shown.parameterValue().equals(Views.HIDDEN)
                ? desired.getOrDefault(shown.parameterKey(), Views.HIDDEN)
                : shown.parameterValue();
    }

    /** The groups of the template where the set has exactly its instances, and otherwise those that it has. */
    private static JsonNode instances(ResourceWork work, String id) {
        InstanceGroups wanted = InstanceGroups.of(work.desired());
        Map<Target, Map<String, String>> there = new LinkedHashMap<>();
        for (StackInstanceSummary instance : client(work)
                .listStackInstancesPaginator(r -> r.stackSetName(id))
                .summaries()) {
            Target target = new Target(instance.account(), instance.region());
            Map<String, String> desired = wanted.overrides().getOrDefault(target, Map.of());
            Map<String, String> values = new TreeMap<>();
            client(work)
                    .describeStackInstance(r -> r.stackSetName(id)
                            .stackInstanceAccount(target.account())
                            .stackInstanceRegion(target.region()))
                    .stackInstance()
                    .parameterOverrides()
                    .forEach(one -> values.put(one.parameterKey(), told(one, desired)));
            there.put(target, values);
        }
        InstanceGroups found = new InstanceGroups(there);
        JsonNode given = work.desired().node().get("StackInstancesGroup");
        return given != null && found.equals(wanted) ? given : found.json();
    }

    @Override
    public List<String> list(ResourceWork work) {
        List<String> ids = new ArrayList<>();
        client(work)
                .listStackSetsPaginator(r -> r.status(StackSetStatus.ACTIVE))
                .summaries()
                .forEach(set -> ids.add(set.stackSetId()));
        return ids;
    }

    private static CloudFormationClient client(ResourceWork work) {
        return work.client(CloudFormationClient.class);
    }

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }
}
