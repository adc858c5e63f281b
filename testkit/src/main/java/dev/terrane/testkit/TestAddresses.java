package dev.terrane.testkit;

import dev.terrane.gateway.http.Certificates;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.service.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a test's server is reached, also from workloads.
 *
 * @param folder of its certificates
 */
record TestAddresses(TestServer server, Compute compute, Path folder) implements Platform.Endpoint {
    @Override
    public String url() {
        return server.url().toString();
    }

    @Override
    public String workloadUrl() {
        URI url = server.url();
        if (compute.network().isEmpty()) {
            return url.toString();
        }
        InetSocketAddress inside = compute.serverAddress(NetworkMode.ISOLATED, url.getPort());
        return "http://" + inside.getHostString() + ":" + inside.getPort();
    }

    @Override
    public String authority() {
        // The certificates are made when the server begins to listen.
        url();
        try {
            return Files.readString(certificates().authority());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Certificates certificates() {
        List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1"));
        compute.network().ifPresent(own -> names.add(own.gateway().getHostAddress()));
        return new Certificates(folder, names);
    }
}
