package dev.terrane.app;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import java.util.function.Function;

/** Which services this server has. */
final class Wiring {
    /** Every service, by its constructor. */
    static final List<Function<Platform, Service>> SERVICES = List.of();

    private Wiring() {}
}
