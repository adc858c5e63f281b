package dev.terrane.sts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.terrane.gateway.http.Certificates;
import dev.terrane.kernel.store.RecordCodec;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An OpenID Connect issuer on this machine, with a certificate of an authority of its own. */
final class LocalIssuer implements AutoCloseable {
    private static final char[] PASSWORD = "terrane".toCharArray();
    private static final KeyPair RSA = pair("RSA", 2_048);

    private final HttpsServer server;
    private final String thumbprint;
    private final Map<String, String> published = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile int status = 200;

    LocalIssuer(Path folder, Instant now) {
        try {
            KeyStore store = new Certificates(folder, List.of("127.0.0.1", "localhost")).server(now);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(keys.getKeyManagers(), null, null);
            thumbprint = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1")
                            .digest(store.getCertificateChain("server")[1].getEncoded()));
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        publish("/.well-known/openid-configuration", Map.of("issuer", url(), "jwks_uri", url() + "/keys"));
        keys("first", RSA);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            reads.incrementAndGet();
            byte[] body = published
                    .getOrDefault(exchange.getRequestURI().getPath(), "")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", url() + "/moved");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    /** The thumbprint of its authority. */
    String thumbprint() {
        return thumbprint;
    }

    /** How often something was read. */
    int reads() {
        return reads.get();
    }

    void answersWith(int changed) {
        status = changed;
    }

    void publish(String path, Object document) {
        published.put(path, RecordCodec.json().writeValueAsString(document));
    }

    /** Publishes one key. */
    void keys(String id, KeyPair pair) {
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("kid", id);
        key.put("use", "sig");
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            key.put("kty", "RSA");
            key.put("n", base64(bytes(rsa.getModulus(), 0)));
            key.put("e", base64(bytes(rsa.getPublicExponent(), 0)));
        } else if (pair.getPublic() instanceof ECPublicKey ec) {
            int size = (ec.getParams().getOrder().bitLength() + 7) / 8;
            key.put("kty", "EC");
            key.put("crv", size == 32 ? "P-256" : size == 48 ? "P-384" : "P-521");
            key.put("x", base64(bytes(ec.getW().getAffineX(), size)));
            key.put("y", base64(bytes(ec.getW().getAffineY(), size)));
        }
        publish("/keys", Map.of("keys", List.of(key)));
    }

    private static byte[] bytes(BigInteger number, int size) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        byte[] padded = new byte[Math.max(size, bytes.length - from)];
        System.arraycopy(bytes, from, padded, padded.length - bytes.length + from, bytes.length - from);
        return padded;
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A token of the first key. */
    String token(Map<String, Object> claims) {
        return token("first", "RS256", "SHA256withRSA", RSA.getPrivate(), claims);
    }

    static String token(String keyId, String algorithm, String signature, PrivateKey key, Map<String, Object> claims) {
        String head = base64(RecordCodec.json().writeValueAsBytes(Map.of("alg", algorithm, "kid", keyId)));
        String body = base64(RecordCodec.json().writeValueAsBytes(claims));
        try {
            Signature signer = Signature.getInstance(signature);
            signer.initSign(key);
            signer.update((head + "." + body).getBytes(StandardCharsets.US_ASCII));
            return head + "." + body + "." + base64(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
