package dev.terrane.ssm;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.event.Events;
import java.util.List;

/** {@code Parameter Store Change} events. */
final class SsmEvents {
    private final Events events;

    SsmEvents(Events events) {
        this.events = events;
    }

    private record Change(String operation, String name, String type, String description) {}

    /** @param operation {@code Create}, {@code Update}, {@code Delete} or {@code LabelParameterVersion} */
    void changed(String operation, VersionRecord version) {
        events.emit(
                "aws.ssm",
                "Parameter Store Change",
                List.of(ParameterName.arn(Call.current().scope(), version.name())),
                new Change(operation, version.name(), version.type(), version.description()));
    }
}
