package dev.terrane.codebuild;

import dev.terrane.kernel.arn.Arn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Where a build specification stands: in the project, in an object of S3, or in a file of the source. */
final class BuildspecText {
    private static final int LONGEST = 1 << 20;

    private final BuildShell shell;
    private final S3Client s3;
    private final BuildLog log;

    BuildspecText(BuildShell shell, S3Client s3, BuildLog log) {
        this.shell = shell;
        this.s3 = s3;
        this.log = log;
    }

    /** @throws BuildFailure when there is no such file */
    String read(ProjectSource source, String folder) throws InterruptedException, IOException {
        String given = source.buildspec() == null ? "" : source.buildspec();
        if (given.contains("\n") || given.strip().startsWith("{") || given.contains("version:")) {
            log.say("YAML location is inline");
            return given;
        }
        if (Arn.isArn(given)) {
            String[] at = BuildLog.bucketAndPath(given);
            log.say("YAML location is " + given);
            return s3.getObjectAsBytes(r -> r.bucket(at[0]).key(at[1])).asUtf8String();
        }
        String path = folder + "/" + (given.isEmpty() ? "buildspec.yml" : given);
        log.say("YAML location is " + path);
        try {
            return new String(shell.compute().read(shell.workload(), path, LONGEST), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw BuildFailure.yaml("stat " + path + ": no such file or directory");
        }
    }
}
