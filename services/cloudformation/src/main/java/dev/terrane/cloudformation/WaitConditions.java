package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.kernel.service.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Wait conditions, and the handles to which they are told. */
final class WaitConditions implements AnswerUrls.Hearer {
    /** The kind of its {@link AnswerUrls}. */
    static final String KIND = "waitcondition";

    private static final int MOST_SECONDS = 43_200;

    private final Platform platform;
    private final CloudFormationTables tables;

    WaitConditions(Platform platform, CloudFormationTables tables) {
        this.platform = platform;
        this.tables = tables;
    }

    List<ResourceType> types() {
        return List.of(new Handle(), new Condition());
    }

    @Override
    public int hear(Scope scope, String handle, byte[] body) {
        if (body.length > AnswerUrls.LONGEST) {
            return 413;
        }
        try {
            JsonNode signal = JsonMapper.shared().readTree(body);
            String status = signal.path("Status").asString("");
            String id = signal.path("UniqueId").asString("");
            if (id.isEmpty() || !(status.equals("SUCCESS") || status.equals("FAILURE"))) {
                return 400;
            }
            tables.put(
                    scope,
                    new SignalRecord(
                            handle + "/" + id,
                            status,
                            signal.path("Reason").asString(""),
                            signal.path("Data").asString(""),
                            platform.clock().instant()));
            return 200;
        } catch (JacksonException e) {
            return 400;
        }
    }

    /** A handle: nothing but a URL. */
    private final class Handle implements ResourceType {
        @Override
        public String name() {
            return "AWS::CloudFormation::WaitConditionHandle";
        }

        @Override
        public boolean provisionable() {
            return false;
        }

        @Override
        public Set<String> supported() {
            return Set.of();
        }

        @Override
        public String create(ResourceWork work) {
            String url = AnswerUrls.url(platform, KIND, work.scope(), work.token());
            work.made(url);
            return url;
        }

        @Override
        public void update(ResourceWork work, String id) {}

        @Override
        public void delete(ResourceWork work, String id) {
            tables.deleteSignals(work.scope(), handleId(id));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return Optional.of(Properties.builder().put("Id", id).build());
        }
    }

    private static String handleId(String url) {
        String path = url.replaceFirst("\\?.*", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Waits for its handle to be told often enough. */
    private final class Condition implements ResourceType {
        @Override
        public String name() {
            return "AWS::CloudFormation::WaitCondition";
        }

        @Override
        public boolean provisionable() {
            return false;
        }

        @Override
        public Set<String> supported() {
            return Set.of("Count", "Handle", "Timeout");
        }

        @Override
        public String create(ResourceWork work) {
            Properties desired = work.desired();
            String handle = desired.text("Handle")
                    .orElseThrow(
                            () -> Refusals.invalid(
                                    "A WaitCondition without Handle is signaled by CreationPolicy, which is to be put on the resource that it waits for here"));
            int seconds = desired.integer("Timeout")
                    .orElseThrow(() -> Refusals.invalid("Timeout must be specified with Handle"));
            if (seconds < 1 || seconds > MOST_SECONDS) {
                throw Refusals.invalid("WaitCondition Timeout must be between 1 and 43200 seconds");
            }
            String id = handleId(handle) + "/" + work.token();
            work.made(id);
            tables.putIfAbsent(
                    work.scope(),
                    new SignalRecord(
                            "waiting/" + id, "WAITING", "", "", platform.clock().instant()));
            return id;
        }

        @Override
        public boolean settled(ResourceWork work, String id, Change change) {
            if (change != Change.CREATE) {
                return true;
            }
            int count = work.desired().integer("Count").orElse(1);
            Map<String, SignalRecord> signals = signals(work.scope(), id);
            for (Map.Entry<String, SignalRecord> signal : signals.entrySet()) {
                if (signal.getValue().status().equals("FAILURE")) {
                    throw Refusals.failed("WaitCondition received failed message: '"
                            + signal.getValue().reason() + "' for uniqueId: " + signal.getKey());
                }
            }
            if (signals.size() >= count) {
                return true;
            }
            Instant begun = tables.signal(work.scope(), "waiting/" + id)
                    .map(SignalRecord::time)
                    .orElseThrow();
            Duration limit =
                    Duration.ofSeconds(work.desired().integer("Timeout").orElse(MOST_SECONDS));
            if (platform.clock().instant().isAfter(begun.plus(limit))) {
                throw Refusals.failed(
                        "WaitCondition timed out. Received " + signals.size() + " conditions when expecting " + count);
            }
            return false;
        }

        private Map<String, SignalRecord> signals(Scope scope, String id) {
            String handle = id.substring(0, id.indexOf('/'));
            Map<String, SignalRecord> signals = new TreeMap<>();
            tables.signals(scope, handle)
                    .forEach(signal -> signals.put(signal.key().substring(handle.length() + 1), signal));
            return signals;
        }

        @Override
        public void update(ResourceWork work, String id) {
            throw Refusals.invalid("Update of WaitCondition is not supported: change its logical id to wait again");
        }

        @Override
        public void delete(ResourceWork work, String id) {
            tables.deleteSignal(work.scope(), "waiting/" + id);
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return tables.signal(work.scope(), "waiting/" + id).map(waiting -> {
                Map<String, String> data = new TreeMap<>();
                signals(work.scope(), id).forEach((unique, signal) -> data.put(unique, signal.data()));
                return Properties.builder()
                        .put("Id", id)
                        .put("Count", work.desired().node().get("Count"))
                        .put("Handle", work.desired().text("Handle"))
                        .put("Timeout", work.desired().text("Timeout"))
                        .put("Data", new String(JsonMapper.shared().writeValueAsBytes(data), StandardCharsets.UTF_8))
                        .build();
            });
        }
    }
}
