package dev.terrane.app;

import dev.terrane.app.demo.Demo;
import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkException;

/** {@code terrane demo}. */
@Command(
        name = "demo",
        description =
                "Shows the whole chain on a server of its own: push, pipeline, build, tests, rolling deployment, rollback.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--keep", description = "Leaves the chain in place at the end, and a server of its own running.")
    private boolean keep;

    @Option(
            names = "--server",
            description =
                    "Shows it on the server that the environment names (as terrane env prints it), and counts what held.")
    private boolean server;

    @Override
    public Integer call() throws IOException, InterruptedException {
        return server ? onServerOfTheEnvironment() : onServerOfItsOwn();
    }

    private static Demo demo(URI endpoint, String region, String accessKeyId, String secretAccessKey, Path folder)
            throws IOException {
        return new Demo(
                endpoint,
                region,
                accessKeyId,
                secretAccessKey,
                Path.of(System.getProperty("terrane.home", ".")).resolve("examples"),
                Files.createDirectory(folder.resolve("hello")),
                System.out);
    }

    private int onServerOfTheEnvironment() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("terrane-demo");
        Demo demo = demo(
                URI.create(environment("AWS_ENDPOINT_URL")),
                environment("AWS_REGION"),
                environment("AWS_ACCESS_KEY_ID"),
                environment("AWS_SECRET_ACCESS_KEY"),
                folder);
        int failed = 0;
        try {
            demo.run(keep);
        } catch (IllegalStateException | IOException | SdkException e) {
            System.err.println("terrane: the demo went wrong: " + e.getMessage());
            failed = 1;
        } finally {
            delete(folder);
        }
        System.out.printf("%d passed, %d failed%n", demo.claims(), failed);
        return failed;
    }

    private static String environment(String name) {
        return Optional.ofNullable(System.getenv(name))
                .orElseThrow(() -> new IllegalStateException(name + " is not set; try: eval \"$(./terrane env)\""));
    }

    private int onServerOfItsOwn() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("terrane-demo");
        Installation installation = new Installation(folder.resolve("installation"));
        Server own;
        try (var log = new java.io.PrintStream(Files.newOutputStream(folder.resolve("server.log")), true)) {
            own = new Server(installation, "127.0.0.1", 0, "us-east-1", new Log(Clock.system(), log, false));
            Installation.Administrator administrator =
                    installation.administrator().orElseThrow();
            System.out.printf("Terrane runs on %s, its data and log in %s%n", own.url(), folder);
            boolean shown = false;
            try {
                demo(
                                URI.create(own.url()),
                                administrator.region(),
                                administrator.accessKeyId(),
                                administrator.secretAccessKey(),
                                folder)
                        .run(keep);
                shown = true;
            } catch (IllegalStateException e) {
                System.err.println("terrane: the demo went wrong: " + e.getMessage());
                System.err.println("terrane: what happened stands in " + folder.resolve("server.log"));
            }
            if (keep) {
                stay(installation, own);
            } else {
                own.close();
                if (shown) {
                    delete(folder);
                }
                System.out.println();
                System.out.println(
                        "To look around: ./terrane demo --keep leaves the server running; ./terrane up starts one of your own.");
            }
            return shown ? 0 : 1;
        }
    }

    private static void stay(Installation installation, Server server) throws InterruptedException {
        System.out.printf("""

                The server goes on at %s until you press Ctrl-C. In another terminal:
                  eval "$(./terrane env --data %s)"
                  aws codepipeline get-pipeline-state --name hello
                  aws deploy list-deployments
                  aws logs tail /aws/codebuild/hello
                  aws cloudtrail lookup-events --max-items 5
                """, server.url(), installation.folder());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
        new java.util.concurrent.CountDownLatch(1).await();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }
}
