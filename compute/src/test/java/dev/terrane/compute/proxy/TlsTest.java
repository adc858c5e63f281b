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
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTPS to clients and to targets. */
class TlsTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static TlsCertificate certificate(String name, String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
        KeyPair keys = generator.generateKeyPair();
        X500Name subject = new X500Name("CN=" + name);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.ONE,
                Date.from(Instant.parse("2026-01-01T00:00:00Z")),
                Date.from(Instant.parse("2126-01-01T00:00:00Z")),
                subject,
                keys.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
        String signature = algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] certificate = builder.build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))
                .getEncoded();
        return new TlsCertificate(
                pem("CERTIFICATE", certificate),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
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
