package dev.terrane.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code terrane status}. */
@Command(name = "status", description = "Tells whether the server runs, and where.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    /** @return 0 when it runs, 3 when it does not, as service managers expect */
    @Override
    public Integer call() {
        Installation installation = data.installation();
        Optional<Installation.Running> running = installation.running();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("running", running.isPresent());
        status.put("data", installation.folder().toString());
        running.ifPresent(server -> {
            status.put("url", server.url());
            status.put("pid", server.pid());
            status.put("startedAt", server.startedAt());
        });
        installation.administrator().ifPresent(administrator -> {
            status.put("account", administrator.account());
            status.put("region", administrator.region());
        });
        if (json) {
            System.out.println(JsonMapper.builder()
                    .build()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(status));
        } else {
            status.forEach((name, value) -> System.out.printf("%-10s %s%n", name, value));
        }
        return running.isPresent() ? 0 : 3;
    }
}
