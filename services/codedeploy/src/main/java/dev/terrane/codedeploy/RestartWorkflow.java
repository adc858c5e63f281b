package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.TargetStatus;

/**
 * Starts the application of an instance that was started anew, by ApplicationStart of the last deployment that succeeded there:
 * instances of the platform have no init system that would.
 */
final class RestartWorkflow implements Workflow<RestartWorkflow.Restart> {
    private static final System.Logger LOG = System.getLogger(RestartWorkflow.class.getName());
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Platform platform;
    private final CodeDeployTables tables;
    private final Agent agent;

    RestartWorkflow(Platform platform, Parts parts) {
        this.platform = platform;
        this.tables = parts.tables();
        this.agent = parts.agent();
    }

    /** Which instance, and for which group. */
    record Restart(String groupId, String instanceId) {}

    @Override
    public String name() {
        return "codedeploy.restart";
    }

    @Override
    public Class<Restart> input() {
        return Restart.class;
    }

    @Override
    public String principal() {
        return ServiceRole.PRINCIPAL;
    }

    @Override
    public void run(Steps steps, Restart restart) throws InterruptedException {
        steps.step("start", () -> start(restart));
    }

    private void start(Restart restart) throws InterruptedException {
        Scope scope = Call.current().scope();
        if (!awaitRunning(restart.instanceId()) || isBeingDeployedTo(scope, restart)) {
            return;
        }
        InstanceRecord instance = tables.instance(scope, restart.groupId(), restart.instanceId());
        Optional<GroupRecord> group = tables.groupById(scope, restart.groupId());
        Optional<DeploymentRecord> last = tables.glance(scope, instance.deploymentId());
        if (group.isEmpty() || last.isEmpty()) {
            return;
        }
        Outcome outcome = agent.perform(
                new Agent.Task(
                        last.get(),
                        group.get(),
                        restart.instanceId(),
                        Optional.of(last.get().id())),
                Lifecycle.APPLICATION_START);
        if (!outcome.succeeded()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The application of {0} was not started anew: {1}",
                    restart.instanceId(),
                    outcome.diagnostics().message());
        }
        tables.transact(() -> {
            InstanceRecord now = tables.instance(scope, restart.groupId(), restart.instanceId());
            if (now.deployed()) {
                tables.put(scope, now.startedAt(platform.clock().instant()));
            }
        });
    }

    /** A deployment in progress starts the application itself. */
    private boolean isBeingDeployedTo(Scope scope, Restart restart) {
        return tables.active(scope, restart.groupId()).stream()
                .flatMap(deployment -> tables.target(scope, deployment.id(), restart.instanceId()).stream())
                .anyMatch(target -> target.status() == TargetStatus.IN_PROGRESS);
    }

    private boolean awaitRunning(String instanceId) throws InterruptedException {
        Clock clock = platform.clock();
        Instant end = clock.instant().plus(PATIENCE);
        while (!platform.compute().find(instanceId).map(Workload::running).orElse(false)) {
            if (clock.instant().isAfter(end)) {
                return false;
            }
            clock.sleep(PERIOD);
        }
        return true;
    }
}
