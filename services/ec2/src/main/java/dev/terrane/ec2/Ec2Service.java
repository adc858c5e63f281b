package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** Amazon EC2: instances are workloads of the compute driver, with a metadata service of their own. */
public final class Ec2Service implements Service {
    private static final String PRINCIPAL = "ec2.amazonaws.com";
    private static final InetSocketAddress METADATA = new InetSocketAddress("169.254.169.254", 80);

    private final Platform platform;
    private final Ec2Tables tables;
    private final CloudInit cloudInit;
    private final InstanceLife life;
    private final InstanceStates states;
    private final RoleCredentials credentials;
    private final MetadataService metadata;
    private final Ec2 api;

    public Ec2Service(Platform platform) {
        this.platform = platform;
        tables = new Ec2Tables(platform.store());
        NetworkTables networks = new NetworkTables(platform.store());
        Compute compute = platform.compute();
        Images images = new Images(compute, platform.pages());
        Ec2Events events = new Ec2Events(platform.events());
        Firewalls firewalls = new Firewalls(tables, networks, platform.store(), compute);
        InstanceHost host = new InstanceHost(compute, images, firewalls, platform.endpoint());
        cloudInit = new CloudInit(tables, host);
        life = new InstanceLife(tables, host, events, cloudInit, platform.workflows());
        Instances instances = new Instances(tables, platform.pages(), compute, firewalls);
        states = new InstanceStates(tables, instances, life, platform.workflows(), events, platform.clock());
        credentials = new RoleCredentials(platform.clients(), platform.clock());
        metadata = new MetadataService(
                tables, new MetadataTree(tables, credentials), platform.clock(), platform.masterKey());
        api = new Ec2(platform, tables, networks, images, instances, states, life, firewalls, events);
    }

    @Override
    public String name() {
        return "ec2";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return Ec2Client.class;
    }

    @Override
    public Ec2Client implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(life, cloudInit);
    }

    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return type.equals("launch-template")
                ? tables.templateNamed(scope, name)
                        .map(template -> Arn.of(
                                        "ec2", scope.region(), scope.account(), "launch-template/" + template.id())
                                .toString())
                : Optional.empty();
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .map(arn -> tables.tags(new Scope(arn.account(), arn.region()), arn.name()))
                .orElse(Map.of());
    }

    /** Serves metadata, follows workloads that end, and starts again what ran when the server ended. */
    @Override
    public void start() {
        Compute compute = platform.compute();
        if (compute.network().isEmpty()) {
            return;
        }
        compute.listen(METADATA, metadata::serve);
        compute.onEnd(this::ended);
        tables.everyInstance((scope, record) -> {
            if (record.is(InstanceStateName.RUNNING)
                    && compute.find(record.id()).filter(Workload::running).isEmpty()) {
                life.nudge(platform.workflows(), record.id(), InstanceLife.BOOT);
            }
        });
    }

    private void ended(Workload workload) {
        if (!workload.spec().kind().equals(InstanceHost.KIND)
                || platform.threads().isEnding()) {
            return;
        }
        credentials.forget(workload.id());
        tables.place(workload.id())
                .ifPresent(scope -> Call.internal(
                                scope,
                                new Principal.Service(scope.account(), PRINCIPAL),
                                Ids.uuid(),
                                platform.clock().instant())
                        .run(() -> platform.store().transact(() -> states.ended(workload.id()))));
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return Ec2Resources.ALL;
    }
}
