package dev.terrane.app;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code terrane env}. */
@Command(
        name = "env",
        description = "Prints export lines for the aws CLI and the SDKs: eval \"$(terrane env)\".",
        mixinStandardHelpOptions = true)
final class EnvCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--tls",
            description =
                    "With the HTTPS address, for resources whose policies refuse plain HTTP (CDK's bucket is one).")
    private boolean tls;

    @Override
    public Integer call() {
        Installation installation = data.installation();
        Optional<Installation.Administrator> administrator = installation.administrator();
        if (administrator.isEmpty()) {
            System.err.println("terrane: no installation in " + installation.folder() + "; start one with: terrane up");
            return 1;
        }
        Optional<Installation.Running> running = installation.running();
        if (running.isEmpty()) {
            System.err.println("terrane: no server runs on " + installation.folder() + "; start it with: terrane up");
        }
        String url = running.map(Installation.Running::url).orElse("http://127.0.0.1:4566");
        export("AWS_ENDPOINT_URL", tls ? url.replaceFirst("^http:", "https:") : url);
        export("AWS_ACCESS_KEY_ID", administrator.get().accessKeyId());
        export("AWS_SECRET_ACCESS_KEY", administrator.get().secretAccessKey());
        export("AWS_REGION", administrator.get().region());
        export("AWS_DEFAULT_REGION", administrator.get().region());
        export("AWS_CA_BUNDLE", installation.tls().resolve("ca.pem").toString());
        if (tls) {
            // Node does not look at AWS_CA_BUNDLE.
            export("NODE_EXTRA_CA_CERTS", installation.tls().resolve("ca.pem").toString());
        }
        return 0;
    }

    private static void export(String name, String value) {
        System.out.println("export " + name + "='" + value.replace("'", "'\\''") + "'");
    }
}
