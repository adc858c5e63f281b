package dev.terrane.elasticloadbalancingv2;

import static dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingResources.client;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** {@code AWS::ElasticLoadBalancingV2::TargetGroup}. Targets are told of only where the template has some: others are those of Auto Scaling groups. */
final class TargetGroupResource implements ResourceType {
    private static final String ATTRIBUTES = "TargetGroupAttributes";
    private static final String TARGETS = "Targets";

    /** What an update sets for properties that a template has no more: ModifyTargetGroup keeps what it is not told. */
    private static final Properties STANDARDS = Properties.parse("""
            {"HealthCheckProtocol": "HTTP", "HealthCheckPort": "traffic-port", "HealthCheckPath": "/", "HealthCheckIntervalSeconds": 30,
             "HealthCheckTimeoutSeconds": 5, "HealthyThresholdCount": 5, "UnhealthyThresholdCount": 2, "Matcher": {"HttpCode": "200"}}""");

    @Override
    public String name() {
        return "AWS::ElasticLoadBalancingV2::TargetGroup";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "HealthCheckEnabled",
                "HealthCheckIntervalSeconds",
                "HealthCheckPath",
                "HealthCheckPort",
                "HealthCheckProtocol",
                "HealthCheckTimeoutSeconds",
                "HealthyThresholdCount",
                "Matcher",
                "Name",
                "Port",
                "Protocol",
                "ProtocolVersion",
                "Tags",
                ATTRIBUTES,
                "TargetType",
                TARGETS,
                "UnhealthyThresholdCount",
                "VpcId");
    }

    @Override
    public Set<String> lacking() {
        return Set.of("Matcher/GrpcCode", TARGETS + "/QuicServerId");
    }

    @Override
    public String create(ResourceWork work) {
        String arn = client(work)
                .createTargetGroup(work.desired().as(CreateTargetGroupRequest.builder()).toBuilder()
                        .name(work.desired().text("Name").orElseGet(() -> work.name(32)))
                        .tags(ElasticLoadBalancingResources.tags(work))
                        .build())
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        work.made(arn);
        changeAttributes(work, arn);
        changeTargets(work, arn);
        return arn;
    }

    @Override
    public void update(ResourceWork work, String id) {
        client(work)
                .modifyTargetGroup(work.desired().or(STANDARDS).as(ModifyTargetGroupRequest.builder()).toBuilder()
                        .targetGroupArn(id)
                        .build());
        changeAttributes(work, id);
        changeTargets(work, id);
        ElasticLoadBalancingResources.changeTags(work, id);
    }

    private static void changeAttributes(ResourceWork work, String arn) {
        Map<String, String> changes = ElasticLoadBalancingResources.attributes(work, ATTRIBUTES, Attributes.ofGroup());
        if (!changes.isEmpty()) {
            client(work)
                    .modifyTargetGroupAttributes(r -> r.targetGroupArn(arn)
                            .attributes(changes.entrySet().stream()
                                    .map(e -> TargetGroupAttribute.builder()
                                            .key(e.getKey())
                                            .value(e.getValue())
                                            .build())
                                    .toList()));
        }
    }

    private static void changeTargets(ResourceWork work, String arn) {
        ElasticLoadBalancingV2Client client = client(work);
        List<TargetDescription> before = targets(work.previous());
        List<TargetDescription> after = targets(work.desired());
        List<TargetDescription> gone = new ArrayList<>(before);
        gone.removeAll(after);
        List<TargetDescription> come = new ArrayList<>(after);
        come.removeAll(before);
        if (!come.isEmpty()) {
            client.registerTargets(r -> r.targetGroupArn(arn).targets(come));
        }
        if (!gone.isEmpty()) {
            client.deregisterTargets(r -> r.targetGroupArn(arn).targets(gone));
        }
    }

    private static List<TargetDescription> targets(Properties properties) {
        return properties.allAs(TARGETS, t -> TargetDescription.builder());
    }

    @Override
    public void delete(ResourceWork work, String id) {
        client(work).deleteTargetGroup(r -> r.targetGroupArn(id));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(
                        TargetGroupNotFoundException.class,
                        () -> client(work)
                                .describeTargetGroups(r -> r.targetGroupArns(id))
                                .targetGroups()
                                .getFirst())
                .map(group -> state(work, id, group));
    }

    private Properties state(ResourceWork work, String id, TargetGroup group) {
        Map<String, String> attributes =
                client(work).describeTargetGroupAttributes(r -> r.targetGroupArn(id)).attributes().stream()
                        .collect(Collectors.toMap(TargetGroupAttribute::key, TargetGroupAttribute::value));
        Properties.Builder state = Properties.builder()
                .put("Name", group.targetGroupName())
                .put("TargetGroupFullName", ElasticLoadBalancingResources.fullName(id, ""))
                .put(
                        ATTRIBUTES,
                        ElasticLoadBalancingResources.attributes(work, ATTRIBUTES, Attributes.ofGroup(), attributes))
                .tags("Tags", ElasticLoadBalancingResources.tags(work, id));
        if (work.desired().has(TARGETS)) {
            state.put(
                    TARGETS,
                    client(work).describeTargetHealth(r -> r.targetGroupArn(id)).targetHealthDescriptions().stream()
                            .filter(target -> target.targetHealth().state() != TargetHealthStateEnum.DRAINING)
                            .map(target -> Properties.builder()
                                    .put("Id", target.target().id())
                                    .put("Port", target.target().port())
                                    .put("AvailabilityZone", target.target().availabilityZone())
                                    .build())
                            .toList());
        }
        return state.model(ResourceSchema.of(name()).orElseThrow(), group)
                .inOrderOf(work.desired(), "Tags", ATTRIBUTES, TARGETS)
                .build();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return client(work).describeTargetGroupsPaginator(r -> {}).targetGroups().stream()
                .map(TargetGroup::targetGroupArn)
                .toList();
    }
}
