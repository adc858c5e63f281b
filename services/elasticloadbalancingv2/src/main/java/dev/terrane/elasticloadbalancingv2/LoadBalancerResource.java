package dev.terrane.elasticloadbalancingv2;

import static dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingResources.client;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SubnetMapping;

/** {@code AWS::ElasticLoadBalancingV2::LoadBalancer}. */
final class LoadBalancerResource implements ResourceType {
    private static final String ATTRIBUTES = "LoadBalancerAttributes";
    private static final String GROUPS = "SecurityGroups";
    private static final String MAPPINGS = "SubnetMappings";

    @Override
    public String name() {
        return "AWS::ElasticLoadBalancingV2::LoadBalancer";
    }

    @Override
    public Set<String> supported() {
        return Set.of(ATTRIBUTES, "Name", "Scheme", GROUPS, MAPPINGS, "Subnets", "Tags", "Type");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                MAPPINGS + "/AllocationId",
                MAPPINGS + "/IPv6Address",
                MAPPINGS + "/PrivateIPv4Address",
                MAPPINGS + "/SourceNatIpv6Prefix");
    }

    @Override
    public String create(ResourceWork work) {
        String arn = client(work)
                .createLoadBalancer(work.desired().as(CreateLoadBalancerRequest.builder()).toBuilder()
                        .name(work.desired().text("Name").orElseGet(() -> work.name(32)))
                        .tags(ElasticLoadBalancingResources.tags(work))
                        .build())
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
        work.made(arn);
        changeAttributes(work, arn);
        return arn;
    }

    private static void changeAttributes(ResourceWork work, String arn) {
        Map<String, String> changes =
                ElasticLoadBalancingResources.attributes(work, ATTRIBUTES, Attributes.ofBalancer());
        if (!changes.isEmpty()) {
            client(work)
                    .modifyLoadBalancerAttributes(r -> r.loadBalancerArn(arn)
                            .attributes(changes.entrySet().stream()
                                    .map(e -> LoadBalancerAttribute.builder()
                                            .key(e.getKey())
                                            .value(e.getValue())
                                            .build())
                                    .toList()));
        }
    }

    @Override
    public void update(ResourceWork work, String id) {
        ElasticLoadBalancingV2Client client = client(work);
        Properties desired = work.desired();
        List<String> groups = desired.texts(GROUPS);
        if (!groups.isEmpty() && !groups.equals(work.previous().texts(GROUPS))) {
            client.setSecurityGroups(r -> r.loadBalancerArn(id).securityGroups(groups));
        }
        if (!subnets(desired).equals(subnets(work.previous()))) {
            client.setSubnets(r -> r.loadBalancerArn(id).subnets(subnets(desired)));
        }
        changeAttributes(work, id);
        ElasticLoadBalancingResources.changeTags(work, id);
    }

    private static List<String> subnets(Properties properties) {
        return properties.has(MAPPINGS)
                ? properties.allAs(MAPPINGS, m -> SubnetMapping.builder()).stream()
                        .map(SubnetMapping::subnetId)
                        .toList()
                : properties.texts("Subnets");
    }

    @Override
    public void delete(ResourceWork work, String id) {
        client(work).deleteLoadBalancer(r -> r.loadBalancerArn(id));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(
                        LoadBalancerNotFoundException.class,
                        () -> client(work)
                                .describeLoadBalancers(r -> r.loadBalancerArns(id))
                                .loadBalancers()
                                .getFirst())
                .map(balancer -> state(work, id, balancer));
    }

    private Properties state(ResourceWork work, String id, LoadBalancer balancer) {
        Map<String, String> attributes =
                client(work).describeLoadBalancerAttributes(r -> r.loadBalancerArn(id)).attributes().stream()
                        .collect(Collectors.toMap(LoadBalancerAttribute::key, LoadBalancerAttribute::value));
        List<String> subnets = balancer.availabilityZones().stream()
                .map(AvailabilityZone::subnetId)
                .toList();
        Properties.Builder state = Properties.builder()
                .put("Name", balancer.loadBalancerName())
                .put("LoadBalancerFullName", ElasticLoadBalancingResources.fullName(id, "loadbalancer/"))
                .put(
                        ATTRIBUTES,
                        ElasticLoadBalancingResources.attributes(work, ATTRIBUTES, Attributes.ofBalancer(), attributes))
                .tags("Tags", ElasticLoadBalancingResources.tags(work, id));
        if (work.desired().has(MAPPINGS)) {
            state.put(
                    MAPPINGS,
                    subnets.stream()
                            .map(subnet ->
                                    Properties.builder().put("SubnetId", subnet).build())
                            .toList());
        } else {
            state.put("Subnets", subnets);
        }
        return state.model(ResourceSchema.of(name()).orElseThrow(), balancer)
                .inOrderOf(work.desired(), "Tags", ATTRIBUTES, GROUPS, MAPPINGS, "Subnets")
                .build();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return client(work).describeLoadBalancersPaginator(r -> {}).loadBalancers().stream()
                .map(LoadBalancer::loadBalancerArn)
                .toList();
    }
}
