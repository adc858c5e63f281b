package dev.terrane.sts;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates an issuer may have: those of the authorities that the JDK trusts, and else one whose chain has a certificate with one of the provider's
 * thumbprints, up to which it is verified. The name in the certificate is verified either way.
 */
final class IssuerTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager usual;
    private final Set<String> thumbprints;

    private IssuerTrust(X509ExtendedTrustManager usual, Set<String> thumbprints) {
        this.usual = usual;
        this.thumbprints = thumbprints;
    }

    /** @param thumbprints SHA-1 of certificates, in hexadecimal digits of any case */
    static SSLContext context(Set<String> thumbprints) {
        try {
            Set<String> folded = thumbprints.stream()
                    .map(text -> text.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new IssuerTrust(manager(null), folded)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore anchors) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("No trust manager for X.509"));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            usual.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            anchored(chain, e).checkServerTrusted(chain, authType, engine);
        }
    }

    /** Trusts the certificate of the chain that has a thumbprint. */
    private X509ExtendedTrustManager anchored(X509Certificate[] chain, CertificateException otherwise)
            throws CertificateException {
        try {
            Optional<X509Certificate> pinned = Optional.empty();
            for (X509Certificate certificate : chain) {
                if (thumbprints.contains(thumbprint(certificate))) {
                    pinned = Optional.of(certificate);
                }
            }
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            anchors.setCertificateEntry("pinned", pinned.orElseThrow(() -> otherwise));
            // The JDK does not look at the dates of a certificate that is trusted itself.
            chain[0].checkValidity();
            return manager(anchors);
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException(e);
        }
    }

    private static String thumbprint(X509Certificate certificate) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return usual.getAcceptedIssuers();
    }

    // What follows is for other uses of TLS than this one.

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        usual.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("The name in the certificate could not be verified");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("Issuers are servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("Issuers are servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("Issuers are servers");
    }
}
