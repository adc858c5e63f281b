package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.TlsCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A listener's certificates, one of which is chosen by the name that the client asks for. */
final class ServerTls {
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private final SSLContext context;

    /** @throws IllegalArgumentException when a certificate or key can't be read, or they don't belong together */
    ServerTls(List<TlsCertificate> certificates) {
        List<Identity> identities = certificates.stream().map(Identity::read).toList();
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new ByServerName(identities)}, null, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK has no TLS", e);
        }
    }

    SSLSocket socket(SocketChannel channel) throws IOException {
        Socket plain = channel.socket();
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    private record Identity(X509Certificate[] chain, PrivateKey key, List<Wildcard> names) {
        static Identity read(TlsCertificate certificate) {
            try {
                CertificateFactory factory = CertificateFactory.getInstance("X.509");
                X509Certificate[] chain = factory
                        .generateCertificates(
                                new ByteArrayInputStream(certificate.chain().getBytes(StandardCharsets.US_ASCII)))
                        .stream()
                        .map(X509Certificate.class::cast)
                        .toArray(X509Certificate[]::new);
                if (chain.length == 0) {
                    throw new IllegalArgumentException("The chain holds no certificate");
                }
                return new Identity(chain, key(certificate.privateKey(), chain[0]), names(chain[0]));
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("Not a certificate chain in PEM", e);
            }
        }

        private static PrivateKey key(String pem, X509Certificate certificate) {
            byte[] encoded;
            try {
                encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Not a private key in PEM", e);
            }
            String wanted = certificate.getPublicKey().getAlgorithm();
            for (String algorithm : KEY_ALGORITHMS) {
                try {
                    PrivateKey key =
                            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
                    if (key.getAlgorithm().equals(wanted)) {
                        return key;
                    }
                } catch (GeneralSecurityException e) {
                    // Of another algorithm, perhaps.
                }
            }
            throw new IllegalArgumentException("Not an unencrypted PKCS #8 key that belongs to the certificate");
        }

        private static List<Wildcard> names(X509Certificate certificate) throws GeneralSecurityException {
            List<Wildcard> names = new ArrayList<>();
            if (certificate.getSubjectAlternativeNames() != null) {
                for (List<?> name : certificate.getSubjectAlternativeNames()) {
                    if (name.get(1) instanceof String text) {
                        names.add(new Wildcard(text, true));
                    }
                }
            }
            return names;
        }

        boolean isFor(String name) {
            return names.stream().anyMatch(pattern -> pattern.matches(name));
        }
    }

    /** Aliases are {@code TYPE.INDEX} of a certificate. */
    private static final class ByServerName extends X509ExtendedKeyManager {
        private final List<Identity> identities;

        ByServerName(List<Identity> identities) {
            this.identities = identities;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            String asked = socket instanceof SSLSocket tls
                            && tls.getHandshakeSession() instanceof ExtendedSSLSession session
                    ? session.getRequestedServerNames().stream()
                            .filter(SNIHostName.class::isInstance)
                            .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
                            .findFirst()
                            .orElse("")
                    : "";
            String fallback = null;
            for (int i = 0; i < identities.size(); i++) {
                if (!identities.get(i).key().getAlgorithm().equals(keyType)) {
                    continue;
                }
                if (identities.get(i).isFor(asked)) {
                    return Integer.toString(i);
                }
                fallback = fallback == null ? Integer.toString(i) : fallback;
            }
            return fallback;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identities.get(Integer.parseInt(alias)).chain().clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identities.get(Integer.parseInt(alias)).key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[0];
        }

        @Override
        public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
