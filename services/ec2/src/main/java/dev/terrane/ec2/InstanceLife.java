package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * An instance's life: does what its stored state asks for, then waits until that changes. The API changes the state, so that the answer to a
 * caller never waits for a machine; this follows.
 */
final class InstanceLife implements Workflow<InstanceLife.Input> {
    /** What a nudge says: look at the state; the server is back; reboot. */
    static final String STATE = "state";

    static final String BOOT = "boot";
    static final String REBOOT = "reboot";

    private static final String SIGNAL = "nudge";
    private static final String GONE = "gone";
    private static final Duration ANY_TIME = Duration.ofDays(3650);

    /** How long a terminated instance is still described ("roughly one hour"). */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    /** Whose life. */
    record Input(String instanceId) {}

    private final Ec2Tables tables;
    private final InstanceHost host;
    private final Ec2Events events;
    private final CloudInit cloudInit;
    private final Workflows workflows;

    InstanceLife(Ec2Tables tables, InstanceHost host, Ec2Events events, CloudInit cloudInit, Workflows workflows) {
        this.tables = tables;
        this.host = host;
        this.events = events;
        this.cloudInit = cloudInit;
        this.workflows = workflows;
    }

    @Override
    public String name() {
        return "ec2.instance";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return "ec2.amazonaws.com";
    }

    void begin(Workflows flows, String instanceId) {
        flows.start(this, Call.current().scope(), instanceId, new Input(instanceId));
    }

    void nudge(Workflows flows, String instanceId, String what) {
        flows.signal(this, instanceId, SIGNAL, what);
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        String id = input.instanceId();
        String state = steps.commit(
                "look",
                String.class,
                () -> tables.instance(id).map(r -> r.state().toString()).orElse(GONE));
        switch (state) {
            case "pending" -> start(steps, id);
            case "running" -> watch(steps, id);
            case "stopping" -> stop(steps, id);
            case "shutting-down" -> terminate(steps, id);
            case "stopped" -> steps.await("wait", SIGNAL, String.class, ANY_TIME);
            case "terminated" -> {
                steps.sleep("remember", REMEMBERED);
                steps.commit("forget", () -> tables.forget(id));
                return;
            }
            default -> {
                return;
            }
        }
        steps.beginAnew(input);
    }

    private void start(Steps steps, String id) throws InterruptedException {
        try {
            InstanceHost.Boot boot = steps.step("start", InstanceHost.Boot.class, () -> host.start(require(id)));
            steps.commit("running", () -> running(id, boot));
        } catch (Steps.StepFailed e) {
            steps.commit("failed", () -> notStarted(id, String.valueOf(e.getMessage())));
        }
    }

    private void watch(Steps steps, String id) throws InterruptedException {
        Optional<String> what = steps.await("wait", SIGNAL, String.class, ANY_TIME);
        try {
            switch (what.orElse(STATE)) {
                case BOOT -> steps.step("boot", () -> host.start(require(id)));
                case REBOOT ->
                    steps.step("reboot", () -> {
                        host.stop(id, false);
                        host.start(require(id));
                    });
                default -> {
                    // The state tells what is to be done.
                }
            }
        } catch (Steps.StepFailed e) {
            steps.commit("failed", () -> notStarted(id, String.valueOf(e.getMessage())));
        }
    }

    private void stop(Steps steps, String id) throws InterruptedException {
        steps.step("stop", () -> host.stop(id, true));
        steps.commit(
                "stopped",
                () -> tables.instance(id)
                        .filter(record -> record.is(InstanceStateName.STOPPING))
                        .ifPresent(record -> enter(
                                record,
                                InstanceStateName.STOPPED,
                                record.instance().stateTransitionReason(),
                                record.instance().stateReason())));
    }

    private void terminate(Steps steps, String id) throws InterruptedException {
        steps.step("remove", () -> host.remove(id));
        steps.commit("terminated", () -> {
            InstanceRecord record = require(id);
            enter(
                    record.with(record.instance().toBuilder()
                            .networkInterfaces(List.of())
                            .securityGroups(List.of())
                            .privateIpAddress(null)
                            .privateDnsName("")
                            .subnetId(null)
                            .vpcId(null)
                            .build()),
                    InstanceStateName.TERMINATED,
                    record.instance().stateTransitionReason(),
                    record.instance().stateReason());
        });
    }

    private InstanceRecord require(String id) {
        return tables.instance(id).orElseThrow(() -> Refusals.noInstance(id));
    }

    private void enter(InstanceRecord record, InstanceStateName state, String transition, StateReason reason) {
        tables.put(record.in(
                state,
                transition == null ? "" : transition,
                reason == null ? "" : reason.code(),
                reason == null ? "" : reason.message()));
        events.stateChanged(record.id(), state);
    }

    private void running(String id, InstanceHost.Boot boot) {
        InstanceRecord record = require(id);
        if (!record.is(InstanceStateName.PENDING)) {
            return;
        }
        Instance instance = addressed(record, boot.address());
        tables.put(record.with(instance).asInitialized().in(InstanceStateName.RUNNING, "", "", ""));
        events.stateChanged(id, InstanceStateName.RUNNING);
        if (!record.initialized()) {
            workflows.start(cloudInit, Call.current().scope(), id, new CloudInit.Input(id));
        }
    }

    private static Instance addressed(InstanceRecord record, String address) {
        Instance instance = record.instance();
        String region = Call.current().region();
        String dns = "ip-" + address.replace('.', '-') + "."
                + (region.equals("us-east-1") ? "ec2.internal" : region + ".compute.internal");
        String digits = record.id().substring(record.id().length() - 10);
        String mac = "02:" + digits.replaceAll("(..)(?=.)", "$1:");
        InstanceNetworkInterface face = InstanceNetworkInterface.builder()
                .networkInterfaceId("eni-" + record.id().substring(2))
                .attachment(a -> a.attachmentId("eni-attach-" + record.id().substring(2))
                        .deviceIndex(0)
                        .deleteOnTermination(true)
                        .attachTime(instance.launchTime())
                        .status(AttachmentStatus.ATTACHED))
                .groups(instance.securityGroups())
                .interfaceType("interface")
                .macAddress(mac)
                .ownerId(record.owner())
                .privateIpAddress(address)
                .privateDnsName(dns)
                .privateIpAddresses(InstancePrivateIpAddress.builder()
                        .primary(true)
                        .privateIpAddress(address)
                        .privateDnsName(dns)
                        .build())
                .sourceDestCheck(true)
                .status(NetworkInterfaceStatus.IN_USE)
                .subnetId(instance.subnetId())
                .vpcId(instance.vpcId())
                .build();
        return instance.toBuilder()
                .privateIpAddress(address)
                .privateDnsName(dns)
                .networkInterfaces(face)
                .build();
    }

    /** The driver could not start it: a new instance is terminated, one that was there before is stopped. */
    private void notStarted(String id, String why) {
        InstanceRecord record = require(id);
        if (!record.is(InstanceStateName.PENDING) && !record.is(InstanceStateName.RUNNING)) {
            return;
        }
        StateReason reason = StateReason.builder()
                .code("Server.InternalError")
                .message("Server.InternalError: " + why)
                .build();
        enter(
                record,
                record.initialized() ? InstanceStateName.STOPPING : InstanceStateName.SHUTTING_DOWN,
                "Server.InternalError",
                reason);
    }
}
