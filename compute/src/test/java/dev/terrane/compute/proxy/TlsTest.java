package dev.terrane.compute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.Listener;
import dev.terrane.kernel.balancer.Listener.ListenerProtocol;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TlsCertificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS to clients and to targets. */
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Fixture fixture = new Fixture();

    @TempDir
    private Path folder = Path.of(".");

    @AfterEach
    void close() {
        fixture.close();
    }

    private TlsCertificate certificate(String name, String algorithm) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new TlsCertificate(
                pem("CERTIFICATE", keys.getCertificate("x").getEncoded()),
                pem("PRIVATE KEY", keys.getKey("x", PASSWORD).getEncoded()));
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + kind
                + "-----\n";
    }

    private static Listener https(Action action, TlsCertificate... certificates) {
        return new Listener("https", Fixture.PORT, ListenerProtocol.HTTPS, List.of(certificates), action, List.of());
    }

    private SSLSocket connect(String name) throws IOException {
        Socket plain = fixture.connect();
        SSLSocket socket = TrustingTls.connect(plain, fixture.address, Fixture.PORT);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private String served(String name) throws IOException {
        try (SSLSocket socket = connect(name)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void servesHttpsByTheNameThatIsAskedFor() throws Exception {
        TlsCertificate one = certificate("one.example", "EC");
        TlsCertificate two = certificate("two.example", "RSA");
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            fixture.apply(https(Action.Forward.to(Fixture.GROUP), one, two), Fixture.group(origin.target()));
            assertThat(served("one.example")).isEqualTo("CN=one.example");
            try (SSLSocket socket = connect("one.example")) {
                RawOrigin.send(socket, "GET /headers HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("X-forwarded-proto: https\n");
            }
            fixture.apply(https(Action.Forward.to(Fixture.GROUP), two), Fixture.group(origin.target()));
            assertThat(served("one.example")).isEqualTo("CN=two.example");
            assertThatThrownBy(() -> fixture.apply(
                            https(Action.Forward.to(Fixture.GROUP), new TlsCertificate(one.chain(), two.privateKey())),
                            Fixture.group(origin.target())))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(served("two.example")).isEqualTo("CN=two.example");
        }
    }

    @Test
    void countsClientsThatSpeakNoTls() throws Exception {
        fixture.apply(https(new Action.FixedResponse(200, "", ""), certificate("one.example", "EC")));
        fixture.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Fixture.await(() -> fixture.proxy.stats("balancer").orElseThrow().tlsNegotiationErrors() == 1);
    }

    @Test
    void speaksHttpsToTargetsWhateverTheirCertificate() throws Exception {
        // One balancer is the other's target.
        try (Origin origin = new Origin("a");
                Fixture inner = new Fixture()) {
            inner.serve(origin.target());
            inner.apply(
                    https(Action.Forward.to(Fixture.GROUP), certificate("self.signed", "EC")),
                    Fixture.group(origin.target()));
            TargetGroup secure = new TargetGroup(
                    "secure",
                    TargetGroup.TargetProtocol.HTTPS,
                    Fixture.check(),
                    TargetGroup.Algorithm.ROUND_ROBIN,
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    Optional.empty(),
                    List.of(new Target("inner", inner.address, Fixture.PORT)));
            fixture.apply(Action.Forward.to("secure"), secure);
            fixture.awaitHealthy("secure", 1);
            for (int i = 0; i < 5; i++) {
                assertThat(fixture.get("/").body()).isEqualTo("a");
            }
        }
    }
}
