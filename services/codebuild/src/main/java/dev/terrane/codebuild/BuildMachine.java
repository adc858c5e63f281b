package dev.terrane.codebuild;

import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Images;
import dev.terrane.kernel.compute.Limits;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.compute.WorkloadSpec;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import software.amazon.awssdk.services.codebuild.model.ProjectEnvironment;

/** What a build runs in: the image, network and limits that its project asks for and this machine can give. */
final class BuildMachine {
    private static final int PROCESSES = 8192;
    private static final int HOST_NAME = 14;

    private BuildMachine() {}

    /** @throws BuildFailure when there is no such image */
    static WorkloadSpec of(String workload, ProjectEnvironment environment, Compute compute, BuildLog log) {
        boolean isolated = compute.network().isPresent();
        return WorkloadSpec.of(workload, "codebuild")
                .withImage(image(environment.image(), compute.images(), log))
                .withHostName(workload.substring(0, HOST_NAME))
                .withLimits(limits(environment.computeTypeAsString(), compute))
                .withNetwork(isolated ? NetworkMode.ISOLATED : NetworkMode.HOST);
    }

    /** AWS's own images stand for the machine's tool chains; any other must have been imported. */
    private static String image(String name, Images images, BuildLog log) {
        boolean curated = name.startsWith("aws/codebuild/") || name.startsWith("public.ecr.aws/codebuild/");
        if (curated || name.equals(Images.HOST)) {
            log.say("Image " + name + " runs in a sandbox on this machine's own tool chains");
            return Images.HOST;
        }
        if (!images.exists(name)) {
            throw new BuildFailure(
                    "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
                    "Unable to pull customer's container image. The driver of this machine runs AWS's curated images "
                            + "(aws/codebuild/…) on the machine's tool chains, and images imported by name; it cannot run "
                            + name);
        }
        return name;
    }

    /** The memory of AWS's compute types, where the machine limits memory. */
    private static Limits limits(String computeType, Compute compute) {
        if (!compute.describe().memoryLimit()) {
            return Limits.NONE;
        }
        long gigabytes = switch (computeType) {
            case "BUILD_GENERAL1_MEDIUM" -> 8;
            case "BUILD_GENERAL1_LARGE" -> 16;
            case "BUILD_GENERAL1_XLARGE", "BUILD_GENERAL1_2XLARGE" -> 64;
            default -> 4;
        };
        return new Limits(OptionalLong.of(gigabytes << 30), OptionalDouble.empty(), OptionalInt.of(PROCESSES));
    }
}
