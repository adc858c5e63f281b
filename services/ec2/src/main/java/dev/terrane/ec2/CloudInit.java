package dev.terrane.ec2;

import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/**
 * What an instance does once, at its first start: takes its public key in, and runs its user data. Apart from the instance's life, since a
 * script may take long, and the instance may be stopped meanwhile.
 */
final class CloudInit implements Workflow<CloudInit.Input> {
    /** Of which instance. */
    record Input(String instanceId) {}

    private final Ec2Tables tables;
    private final InstanceHost host;

    CloudInit(Ec2Tables tables, InstanceHost host) {
        this.tables = tables;
        this.host = host;
    }

    @Override
    public String name() {
        return "ec2.cloud-init";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return "ec2.amazonaws.com";
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        try {
            steps.step("initialize", () -> {
                Optional<InstanceRecord> record = tables.instance(input.instanceId());
                if (record.isPresent() && record.get().is(InstanceStateName.RUNNING)) {
                    Optional<String> key = Optional.ofNullable(
                                    record.get().instance().keyName())
                            .flatMap(tables::keyPair)
                            .map(KeyPairRecord::publicKey);
                    host.initialize(record.get(), key);
                }
            });
        } catch (Steps.StepFailed e) {
            // It was stopped, or ended, under its script: like a machine that loses power.
            System.getLogger(CloudInit.class.getName())
                    .log(System.Logger.Level.INFO, "User data of {0}: {1}", input.instanceId(), e.getMessage());
        }
    }
}
