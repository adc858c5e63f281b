package dev.terrane.app;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "terrane",
        description = "AWS's DevOps services as one program that you run yourself.",
        mixinStandardHelpOptions = true,
        version = "terrane 0.1.0",
        subcommands = {
            UpCommand.class,
            EnvCommand.class,
            DownCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            WhyCommand.class,
            DemoCommand.class,
            TrainCommand.class
        },
        footer = {
            "",
            "Further commands of the launcher: test, bench. Each command has --help.",
        })
public final class Main {
    private Main() {}

    /** Runs a command; the exit status is 0 on success, 1 where the command failed, 2 where it was called wrongly. */
    public static void main(String[] arguments) {
        // Libraries log through java.util.logging; what they find worth a warning is worth a line.
        Logger.getLogger("").setLevel(Level.WARNING);
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("terrane: " + e.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }
}
