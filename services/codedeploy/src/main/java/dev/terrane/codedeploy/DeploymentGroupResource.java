package dev.terrane.codedeploy;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.*;

/**
 * {@code AWS::CodeDeploy::DeploymentGroup}. A {@code Deployment} is begun when the group is made, and again when its property changes; the stack doesn't wait for its end.
 */
final class DeploymentGroupResource implements ResourceType {
    private static final String SET = "Ec2TagSet";
    private static final String ON_PREMISES_SET = "OnPremisesTagSet";

    /** What an update sets for properties that a template has no more: UpdateDeploymentGroup keeps what it is not told. */
    private static final Properties STANDARDS = Properties.parse("""
            {"AlarmConfiguration": {"Enabled": false, "Alarms": []}, "AutoRollbackConfiguration": {"Enabled": false, "Events": []},
             "AutoScalingGroups": [], "LoadBalancerInfo": {}, "TriggerConfigurations": [], "OutdatedInstancesStrategy": "UPDATE",
             "DeploymentConfigName": "CodeDeployDefault.OneAtATime",
             "DeploymentStyle": {"DeploymentType": "IN_PLACE", "DeploymentOption": "WITHOUT_TRAFFIC_CONTROL"}}""");

    @Override
    public String name() {
        return "AWS::CodeDeploy::DeploymentGroup";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AlarmConfiguration",
                "ApplicationName",
                "AutoRollbackConfiguration",
                "AutoScalingGroups",
                "Deployment",
                "DeploymentConfigName",
                "DeploymentGroupName",
                "DeploymentStyle",
                "Ec2TagFilters",
                SET,
                "LoadBalancerInfo",
                "OnPremisesInstanceTagFilters",
                ON_PREMISES_SET,
                "OutdatedInstancesStrategy",
                "ServiceRoleArn",
                "Tags",
                "TriggerConfigurations");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                "Deployment/Revision/GitHubLocation",
                "LoadBalancerInfo/ElbInfoList",
                "LoadBalancerInfo/TargetGroupPairInfoList");
    }

    /** The two names that an identifier is made of. */
    private record Names(String application, String group) {
        static Names of(String id) {
            int at = id.indexOf('|');
            return new Names(id.substring(0, at), id.substring(at + 1));
        }

        String arn(ResourceWork work) {
            return CodeDeployEvents.Arns.group(work.scope(), application, group);
        }
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        String application = desired.required("ApplicationName");
        String group = desired.text("DeploymentGroupName").orElseGet(() -> work.name(100));
        work.client(CodeDeployClient.class)
                .createDeploymentGroup(plain(desired).as(CreateDeploymentGroupRequest.builder()).toBuilder()
                        .deploymentGroupName(group)
                        .ec2TagSet(ec2Set(desired))
                        .onPremisesTagSet(onPremisesSet(desired))
                        .tags(CodeDeployResources.tags(work.tags()))
                        .build());
        String id = application + "|" + group;
        work.made(id);
        deploy(work, new Names(application, group));
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        Names names = Names.of(id);
        Properties desired = work.desired();
        UpdateDeploymentGroupRequest.Builder request =
                plain(desired).or(STANDARDS).as(UpdateDeploymentGroupRequest.builder()).toBuilder()
                        .currentDeploymentGroupName(names.group());
        if (desired.has(SET)) {
            request.ec2TagSet(ec2Set(desired));
        } else if (!desired.has("Ec2TagFilters")) {
            request.ec2TagFilters(List.of());
        }
        if (desired.has(ON_PREMISES_SET)) {
            request.onPremisesTagSet(onPremisesSet(desired));
        } else if (!desired.has("OnPremisesInstanceTagFilters")) {
            request.onPremisesInstanceTagFilters(List.of());
        }
        work.client(CodeDeployClient.class).updateDeploymentGroup(request.build());
        CodeDeployResources.changeTags(work, names.arn(work));
        if (!desired.object("Deployment").equals(work.previous().object("Deployment"))) {
            deploy(work, names);
        }
    }

    private static void deploy(ResourceWork work, Names names) {
        if (work.desired().has("Deployment")) {
            work.client(CodeDeployClient.class)
                    .createDeployment(
                            work.desired().object("Deployment").as(CreateDeploymentRequest.builder()).toBuilder()
                                    .applicationName(names.application())
                                    .deploymentGroupName(names.group())
                                    .build());
        }
    }

    /** The properties that requests have in the same form. */
    private static Properties plain(Properties properties) {
        return properties.without(SET, ON_PREMISES_SET, "Deployment", "Tags");
    }

    private static @Nullable EC2TagSet ec2Set(Properties properties) {
        return properties.has(SET)
                ? EC2TagSet.builder()
                        .ec2TagSetList(properties.object(SET).objects("Ec2TagSetList").stream()
                                .map(group -> group.allAs("Ec2TagGroup", f -> EC2TagFilter.builder()))
                                .toList())
                        .build()
                : null;
    }

    private static @Nullable OnPremisesTagSet onPremisesSet(Properties properties) {
        return properties.has(ON_PREMISES_SET)
                ? OnPremisesTagSet.builder()
                        .onPremisesTagSetList(
                                properties.object(ON_PREMISES_SET).objects("OnPremisesTagSetList").stream()
                                        .map(group -> group.allAs("OnPremisesTagGroup", f -> TagFilter.builder()))
                                        .toList())
                        .build()
                : null;
    }

    @Override
    public void delete(ResourceWork work, String id) {
        Names names = Names.of(id);
        work.client(CodeDeployClient.class)
                .deleteDeploymentGroup(
                        r -> r.applicationName(names.application()).deploymentGroupName(names.group()));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        Names names = Names.of(id);
        try {
            DeploymentGroupInfo group = work.client(CodeDeployClient.class)
                    .getDeploymentGroup(
                            r -> r.applicationName(names.application()).deploymentGroupName(names.group()))
                    .deploymentGroupInfo();
            return Optional.of(state(work, group, CodeDeployResources.tags(work, names.arn(work))));
        } catch (AwsServiceException e) {
            if (e instanceof ApplicationDoesNotExistException || e instanceof DeploymentGroupDoesNotExistException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Properties state(ResourceWork work, DeploymentGroupInfo group, Map<String, String> tags) {
        DeploymentGroupInfo plain = group.toBuilder()
                .ec2TagSet((EC2TagSet) null)
                .onPremisesTagSet((OnPremisesTagSet) null)
                .autoScalingGroups(List.of())
                .build();
        Properties.Builder state = Properties.builder()
                .put(
                        "AutoScalingGroups",
                        group.autoScalingGroups().stream()
                                .map(AutoScalingGroup::name)
                                .toList())
                .tags("Tags", tags);
        if (work.desired().has("Deployment")) {
            state.put("Deployment", work.desired().object("Deployment"));
        }
        if (group.ec2TagSet() != null) {
            state.put(
                    SET,
                    nested("Ec2TagSetList", "Ec2TagGroup", group.ec2TagSet().ec2TagSetList()));
        }
        if (group.onPremisesTagSet() != null) {
            state.put(
                    ON_PREMISES_SET,
                    nested(
                            "OnPremisesTagSetList",
                            "OnPremisesTagGroup",
                            group.onPremisesTagSet().onPremisesTagSetList()));
        }
        return state.model(ResourceSchema.of(name()).orElseThrow(), plain)
                .inOrderOf(
                        work.desired(),
                        "Tags",
                        "AutoScalingGroups",
                        "Ec2TagFilters",
                        "OnPremisesInstanceTagFilters",
                        "TriggerConfigurations")
                .build();
    }

    private static Properties nested(String list, String item, List<? extends List<?>> groups) {
        return Properties.builder()
                .put(
                        list,
                        groups.stream()
                                .map(group ->
                                        Properties.builder().put(item, group).build())
                                .toList())
                .build();
    }

    /** {@inheritDoc} Of the application that the work's properties name. */
    @Override
    public List<String> list(ResourceWork work) {
        String application = work.desired().required("ApplicationName");
        return work
                .client(CodeDeployClient.class)
                .listDeploymentGroupsPaginator(r -> r.applicationName(application))
                .deploymentGroups()
                .stream()
                .map(group -> application + "|" + group)
                .toList();
    }
}
