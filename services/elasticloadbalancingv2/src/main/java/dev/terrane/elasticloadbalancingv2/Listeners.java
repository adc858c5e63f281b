package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerAttributesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DuplicateListenerException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidConfigurationRequestException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerAttributesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAssociationLimitException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.UnsupportedProtocolException;

/** Listeners: a port of a balancer and what becomes of its requests. */
final class Listeners {
    private final PageTokens pages;
    private final BalancingTables tables;
    private final Balancers balancers;
    private final TargetGroups groups;
    private final Live live;

    Listeners(PageTokens pages, BalancingTables tables, Balancers balancers, TargetGroups groups, Live live) {
        this.pages = pages;
        this.tables = tables;
        this.balancers = balancers;
        this.groups = groups;
        this.live = live;
    }

    CreateListenerResponse create(CreateListenerRequest request) {
        Call call = Call.current();
        BalancerRecord balancer = balancers.require(request.loadBalancerArn());
        if (request.protocol() == null || request.port() == null) {
            throw Attributes.validation("A listener protocol and port must be specified");
        }
        requireHttp(request.protocol());
        for (ListenerRecord other : tables.listenersOf(call.scope(), balancer.arn())) {
            if (other.listener().port().equals(request.port())) {
                throw DuplicateListenerException.builder()
                        .message("A listener already exists on this port for this load balancer '" + balancer.arn()
                                + "'")
                        .build();
            }
        }
        requireFreePort(balancer.bindAddress(), request.port());
        String suffix = Arn.parse(balancer.arn()).resource().substring("loadbalancer/".length());
        Listener listener = Listener.builder()
                .listenerArn(Arn.of(
                                "elasticloadbalancing",
                                call.region(),
                                call.account(),
                                "listener/" + suffix + "/" + Ids.hex(16))
                        .toString())
                .loadBalancerArn(balancer.arn())
                .port(request.port())
                .protocol(request.protocol())
                .defaultActions(actions(balancer.arn(), request.defaultActions()))
                .build();
        tables.listeners.put(call.scope(), new ListenerRecord(listener, Tags.of(request.tags())));
        live.changed(balancer.arn());
        return CreateListenerResponse.builder().listeners(listener).build();
    }

    private static void requireHttp(ProtocolEnum protocol) {
        if (protocol != ProtocolEnum.HTTP) {
            throw UnsupportedProtocolException.builder()
                    .message("Listeners of protocol '" + protocol + "' are not offered here yet; HTTP is")
                    .build();
        }
    }

    /** Looked at before the call is accepted, so that the caller learns of a port that is taken and not only the log. */
    private static void requireFreePort(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw InvalidConfigurationRequestException.builder()
                    .message("Port " + port + " cannot be listened on at " + address + ": " + e.getMessage()
                            + ". Ports below 1024 need root; another program may listen on all addresses.")
                    .build();
        }
    }

    /** The actions in full, once every target group in them exists and serves no other balancer. */
    List<Action> actions(String balancerArn, List<Action> given) {
        List<Action> actions = ForwardTargets.complete(given);
        for (String arn : ForwardTargets.of(actions)) {
            groups.require(arn);
            Set<String> using = live.balancersUsing(Call.current().scope(), arn);
            if (!using.isEmpty() && !using.contains(balancerArn)) {
                throw TargetGroupAssociationLimitException.builder()
                        .message("The following target groups cannot be associated with more than one load balancer: "
                                + arn)
                        .build();
            }
        }
        return actions;
    }

    ListenerRecord require(String arn) {
        return tables.listeners
                .get(Call.current().scope(), arn)
                .orElseThrow(() -> ListenerNotFoundException.builder()
                        .message("One or more listeners not found")
                        .build());
    }

    DescribeListenerAttributesResponse attributes(DescribeListenerAttributesRequest request) {
        require(request.listenerArn());
        return DescribeListenerAttributesResponse.builder()
                .attributes(list(Attributes.ofListener()))
                .build();
    }

    /** The balancer changes no header, so none of them is taken with another value than its default. */
    ModifyListenerAttributesResponse modifyAttributes(ModifyListenerAttributesRequest request) {
        require(request.listenerArn());
        return ModifyListenerAttributesResponse.builder()
                .attributes(list(Attributes.changed(
                        Attributes.ofListener(),
                        Attributes.given(request.attributes(), ListenerAttribute::key, ListenerAttribute::value))))
                .build();
    }

    private static List<ListenerAttribute> list(Map<String, String> attributes) {
        return attributes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> ListenerAttribute.builder()
                        .key(e.getKey())
                        .value(e.getValue())
                        .build())
                .toList();
    }

    DescribeListenersResponse describe(DescribeListenersRequest request) {
        List<ListenerRecord> found;
        if (request.hasListenerArns()) {
            found = request.listenerArns().stream().map(this::require).toList();
        } else if (request.loadBalancerArn() != null) {
            found = tables.listenersOf(
                    Call.current().scope(),
                    balancers.require(request.loadBalancerArn()).arn());
        } else {
            throw Attributes.validation("You must specify either listener ARNs or a load balancer ARN");
        }
        Markers.Slice<ListenerRecord> page = Markers.slice(
                pages,
                "listeners/" + request.loadBalancerArn(),
                found,
                ListenerRecord::arn,
                request.pageSize(),
                request.marker());
        return DescribeListenersResponse.builder()
                .listeners(page.values().stream().map(ListenerRecord::listener).toList())
                .nextMarker(page.next())
                .build();
    }

    ModifyListenerResponse modify(ModifyListenerRequest request) {
        Scope scope = Call.current().scope();
        ListenerRecord record = require(request.listenerArn());
        Listener.Builder next = record.listener().toBuilder();
        String balancerArn = record.listener().loadBalancerArn();
        if (request.protocol() != null) {
            requireHttp(request.protocol());
        }
        if (request.port() != null && !request.port().equals(record.listener().port())) {
            for (ListenerRecord other : tables.listenersOf(scope, balancerArn)) {
                if (other.listener().port().equals(request.port())) {
                    throw DuplicateListenerException.builder()
                            .message("A listener already exists on this port for this load balancer '" + balancerArn
                                    + "'")
                            .build();
                }
            }
            requireFreePort(balancers.require(balancerArn).bindAddress(), request.port());
            next.port(request.port());
        }
        if (request.hasDefaultActions()) {
            next.defaultActions(actions(balancerArn, request.defaultActions()));
        }
        Listener listener = next.build();
        tables.listeners.put(scope, new ListenerRecord(listener, record.tags()));
        live.changed(balancerArn);
        return ModifyListenerResponse.builder().listeners(listener).build();
    }

    DeleteListenerResponse delete(DeleteListenerRequest request) {
        Scope scope = Call.current().scope();
        ListenerRecord record = require(request.listenerArn());
        tables.rulesOf(scope, record.arn()).forEach(rule -> tables.rules.delete(scope, rule.arn()));
        tables.listeners.delete(scope, record.arn());
        live.changed(record.listener().loadBalancerArn());
        return DeleteListenerResponse.builder().build();
    }
}
