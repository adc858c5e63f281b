package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.ComputeFeatures;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.Limits;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.compute.WorkloadSpec;
import dev.terrane.kernel.service.Platform.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Instances as workloads of the compute driver: one each, under the instance's id. */
final class InstanceHost {
    /** The label of instances among workloads. */
    static final String KIND = "ec2";

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int PROCESSES = 8192;
    private static final long MEBIBYTE = 1L << 20;
    private static final String SCRIPT = "/var/lib/cloud/instance/scripts/part-001";
    private static final String OUTPUT = "/var/log/cloud-init-output.log";

    /** At each start, what cloud-init would run at each start. */
    private static final String EACH_BOOT =
            "for script in /var/lib/cloud/scripts/per-boot/*; do [ -x \"$script\" ] && \"$script\" >>" + OUTPUT
                    + " 2>&1; done; :";

    private static final String TAKE_KEY = """
            home=$(getent passwd ec2-user | cut -d: -f6); owner=ec2-user
            [ -d "$home" ] || { home=/root; owner=root; }
            umask 077
            mkdir -p "$home/.ssh" && cat >>"$home/.ssh/authorized_keys" && chown -R "$owner" "$home/.ssh"
            """;

    /** What became of a start. */
    record Boot(String address) {}

    private final Compute compute;
    private final Images images;
    private final Firewalls firewalls;
    private final Endpoint endpoint;
    private volatile @Nullable ComputeFeatures features;

    InstanceHost(Compute compute, Images images, Firewalls firewalls, Endpoint endpoint) {
        this.compute = compute;
        this.images = images;
        this.firewalls = firewalls;
        this.endpoint = endpoint;
    }

    /** Starts an instance, on its kept disk where it has one; one that runs already is left as it is. */
    Boot start(InstanceRecord record) {
        firewalls.apply(record);
        String region = Call.current().region();
        Workload workload = compute.start(new WorkloadSpec(
                record.id(),
                KIND,
                images.workloadImage(record.instance().imageId()),
                record.hostName(),
                Map.of(
                        "AWS_ENDPOINT_URL", endpoint.workloadUrl(),
                        "AWS_REGION", region,
                        "AWS_DEFAULT_REGION", region),
                limits(record.instance().instanceTypeAsString()),
                NetworkMode.ISOLATED,
                List.of(),
                Optional.of(List.of("/bin/sh", "-c", EACH_BOOT)),
                true));
        return new Boot(workload.address()
                .orElseThrow(() -> new ComputeException("The driver gave " + record.id() + " no address"))
                .getHostAddress());
    }

    /** What the type gives, as far as the driver can hold an instance to it. */
    private Limits limits(String type) {
        InstanceTypes.Size size = InstanceTypes.size(type);
        ComputeFeatures known = features;
        if (known == null) {
            known = compute.describe();
            features = known;
        }
        return new Limits(
                known.memoryLimit() ? OptionalLong.of(size.memoryMebibytes() * MEBIBYTE) : OptionalLong.empty(),
                known.cpuLimit() ? OptionalDouble.of(size.processors()) : OptionalDouble.empty(),
                known.processLimit() ? OptionalInt.of(PROCESSES) : OptionalInt.empty());
    }

    /** Ends all processes of an instance, and keeps its disk. */
    void stop(String id, boolean gently) throws InterruptedException {
        compute.stop(id, gently ? GRACE : Duration.ofSeconds(1));
    }

    /** Ends an instance and deletes its disk. */
    void remove(String id) {
        compute.remove(id);
    }

    /**
     * Runs what is to be done once, at the first start. A failing script is the instance's own affair: its output stands in the log
     * that cloud-init uses.
     */
    void initialize(InstanceRecord record, Optional<String> publicKey) throws IOException, InterruptedException {
        start(record);
        if (publicKey.isPresent()) {
            byte[] line = (publicKey.get() + "\n").getBytes(StandardCharsets.UTF_8);
            Exit taken = compute.exec(
                    record.id(),
                    Command.shell(TAKE_KEY).reading(new java.io.ByteArrayInputStream(line)),
                    OutputSink.DISCARD);
            if (!taken.succeeded()) {
                System.getLogger(InstanceHost.class.getName())
                        .log(System.Logger.Level.INFO, "{0} did not take its public key", record.id());
            }
        }
        byte[] data = record.userData().isEmpty() ? new byte[0] : UserData.decode(record.userData());
        if (UserData.isScript(data)) {
            compute.write(record.id(), SCRIPT, UserData.unpacked(data), "root:root", 0700);
            compute.exec(
                    record.id(),
                    Command.shell("exec " + SCRIPT + " >>" + OUTPUT + " 2>&1").in("/"),
                    OutputSink.DISCARD);
        }
    }
}
