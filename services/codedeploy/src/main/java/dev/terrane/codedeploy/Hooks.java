package dev.terrane.codedeploy;

import dev.terrane.codedeploy.AppSpec.Script;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.OutputSink;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.codedeploy.model.LifecycleErrorCode;

/** Runs the scripts of a lifecycle event on an instance. See "AppSpec 'hooks' section". */
final class Hooks {
    private static final int MISSING = 44;
    private static final int NOT_EXECUTABLE = 45;

    private final Compute compute;
    private final String instanceId;

    Hooks(Compute compute, String instanceId) {
        this.compute = compute;
        this.instanceId = instanceId;
    }

    /** Runs an event's scripts in their order, until one fails.
     *
     * @param archive the folder of the revision whose scripts they are
     * @param logFile where on the instance what they write is kept
     * @throws LifecycleFailure when one fails
     */
    Outcome run(String event, AppSpec spec, String archive, String logFile, Map<String, String> environment)
            throws InterruptedException {
        if (spec.scripts(event).isEmpty()) {
            return Outcome.success();
        }
        ScriptLog log = new ScriptLog(event);
        try {
            for (Script script : spec.scripts(event)) {
                log.script(script.location());
                run(script, archive + "/" + script.location(), environment, log);
            }
            return Outcome.success(log.tail());
        } finally {
            keep(log, logFile);
        }
    }

    private void run(Script script, String path, Map<String, String> environment, ScriptLog log)
            throws InterruptedException {
        makeExecutable(script, path, log);
        Command command = Command.of("/bin/sh", "-c", "exec \"$0\"", path)
                .withEnvironment(environment)
                .in(Folders.AGENT)
                .within(script.timeout());
        Exit exit = compute.exec(instanceId, script.runAs().map(command::as).orElse(command), log);
        log.flush();
        if (exit.timedOut()) {
            throw new LifecycleFailure(
                    LifecycleErrorCode.SCRIPT_TIMED_OUT,
                    script.location(),
                    "Script at specified location: " + script.location() + runAs(script) + " failed to complete in "
                            + script.timeout().toSeconds() + " seconds",
                    log.tail());
        }
        if (exit.code() != 0) {
            throw new LifecycleFailure(
                    LifecycleErrorCode.SCRIPT_FAILED,
                    script.location(),
                    "Script at specified location: " + script.location() + runAs(script) + " failed with exit code "
                            + exit.code(),
                    log.tail());
        }
    }

    private static String runAs(Script script) {
        return script.runAs().map(user -> " run as user " + user).orElse("");
    }

    private void makeExecutable(Script script, String path, ScriptLog log) throws InterruptedException {
        Command check = Command.of(
                "/bin/sh",
                "-c",
                "[ -f \"$0\" ] || exit " + MISSING + "; [ -x \"$0\" ] || chmod +x -- \"$0\" || exit " + NOT_EXECUTABLE,
                path);
        int code = compute.exec(instanceId, check.in("/"), OutputSink.DISCARD).code();
        if (code == MISSING) {
            throw new LifecycleFailure(
                    LifecycleErrorCode.SCRIPT_MISSING,
                    script.location(),
                    "Script does not exist at specified location: " + path,
                    log.tail());
        }
        if (code != 0) {
            throw new LifecycleFailure(
                    LifecycleErrorCode.SCRIPT_NOT_EXECUTABLE,
                    script.location(),
                    "Unable to set script at specified location: " + script.location() + " as executable",
                    log.tail());
        }
    }

    private void keep(ScriptLog log, String logFile) throws InterruptedException {
        Command append = Command.of("/bin/sh", "-c", "mkdir -p -- \"$(dirname -- \"$0\")\" && cat >>\"$0\"", logFile)
                .in("/")
                .reading(new ByteArrayInputStream(log.all().getBytes(StandardCharsets.UTF_8)));
        var _ = compute.exec(instanceId, append, OutputSink.DISCARD);
    }
}
