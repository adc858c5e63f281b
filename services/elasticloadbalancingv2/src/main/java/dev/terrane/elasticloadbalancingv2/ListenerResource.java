package dev.terrane.elasticloadbalancingv2;

import static dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingResources.client;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;

/** {@code AWS::ElasticLoadBalancingV2::Listener}. */
final class ListenerResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::ElasticLoadBalancingV2::Listener";
    }

    @Override
    public Set<String> supported() {
        return Set.of("DefaultActions", "LoadBalancerArn", "Port", "Protocol", "Tags");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                "DefaultActions/AuthenticateCognitoConfig",
                "DefaultActions/AuthenticateOidcConfig",
                "DefaultActions/JwtValidationConfig");
    }

    @Override
    public String create(ResourceWork work) {
        String arn = client(work)
                .createListener(work.desired().as(CreateListenerRequest.builder()).toBuilder()
                        .tags(ElasticLoadBalancingResources.tags(work))
                        .build())
                .listeners()
                .getFirst()
                .listenerArn();
        work.made(arn);
        return arn;
    }

    @Override
    public void update(ResourceWork work, String id) {
        client(work)
                .modifyListener(work.desired().as(ModifyListenerRequest.builder()).toBuilder()
                        .listenerArn(id)
                        .build());
        ElasticLoadBalancingResources.changeTags(work, id);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(ListenerNotFoundException.class, () -> client(work).deleteListener(r -> r.listenerArn(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(
                        ListenerNotFoundException.class,
                        () -> client(work)
                                .describeListeners(r -> r.listenerArns(id))
                                .listeners()
                                .getFirst())
                .map(listener -> Properties.builder()
                        .tags("Tags", ElasticLoadBalancingResources.tags(work, id))
                        .model(ResourceSchema.of(name()).orElseThrow(), listener)
                        .inOrderOf(work.desired(), "Tags")
                        .build());
    }

    /** {@inheritDoc} Of the load balancer that the work's properties name. */
    @Override
    public List<String> list(ResourceWork work) {
        String balancer = work.desired().required("LoadBalancerArn");
        return client(work).describeListenersPaginator(r -> r.loadBalancerArn(balancer)).listeners().stream()
                .map(Listener::listenerArn)
                .toList();
    }
}
