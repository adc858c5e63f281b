package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.iam.model.KeyPairMismatchException;
import software.amazon.awssdk.services.iam.model.MalformedCertificateException;

/** Certificates in PEM, with IAM's refusals of those that are not good. */
final class X509 {
    private static final byte[] PROBE = {1, 2, 3, 4};

    private X509() {}

    /** The one certificate of a text.
     *
     * @throws MalformedCertificateException when there is none or more than one, or it is not valid now
     */
    static X509Certificate one(String pem) {
        List<X509Certificate> found = all(pem);
        if (found.size() != 1) {
            throw malformed("Unable to parse certificate. Please ensure the certificate is in PEM format.");
        }
        X509Certificate certificate = found.getFirst();
        Instant now = Call.current().time();
        if (certificate.getNotAfter().toInstant().isBefore(now)) {
            throw malformed(
                    "Certificate is no longer valid. The 'Not After' date restriction on the certificate has passed.");
        }
        if (certificate.getNotBefore().toInstant().isAfter(now)) {
            throw malformed(
                    "Certificate is not yet valid. The 'Not Before' date restriction on the certificate has not been reached.");
        }
        return certificate;
    }

    private static List<X509Certificate> all(String pem) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> found = new java.util.ArrayList<>();
            for (Pem block : Pem.read(pem)) {
                if (!block.label().equals("CERTIFICATE")) {
                    throw malformed("Unable to parse certificate. Please ensure the certificate is in PEM format.");
                }
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
            return found;
        } catch (CertificateException | IllegalArgumentException e) {
            throw malformed("Unable to parse certificate. Please ensure the certificate is in PEM format.");
        }
    }

    /** Holds a chain against a certificate: each must have signed the one before it.
     *
     * @throws MalformedCertificateException when one has not
     */
    static void checkChain(X509Certificate certificate, String chainPem) {
        List<X509Certificate> chain = all(chainPem);
        if (chain.isEmpty()) {
            throw malformed("Unable to parse certificate. Please ensure the certificate is in PEM format.");
        }
        X509Certificate signed = certificate;
        for (int index = 0; index < chain.size(); index++) {
            X509Certificate signer = chain.get(index);
            if (!isSignedBy(signed, signer)) {
                throw malformed(
                        "Unable to validate certificate chain. The certificate chain must start with the immediate"
                                + " signing certificate, followed by any intermediaries in order. The index within the chain"
                                + " of the invalid certificate is: " + index);
            }
            signed = signer;
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate signer) {
        if (!certificate.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(signer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Holds a private key against the public one of a certificate.
     *
     * @throws MalformedCertificateException when it can't be read, or is encrypted
     * @throws KeyPairMismatchException when it is another's
     */
    static void checkKey(X509Certificate certificate, String keyPem) {
        Pem block = privateKey(keyPem);
        PublicKey publicKey = certificate.getPublicKey();
        String kind = switch (block.label()) {
            case "RSA PRIVATE KEY" -> "RSA";
            case "EC PRIVATE KEY" -> "EC";
            default -> publicKey.getAlgorithm();
        };
        if (!kind.equals(publicKey.getAlgorithm())) {
            throw mismatch();
        }
        byte[] der =
                block.label().equals("PRIVATE KEY") ? block.der() : Der.privateKey(block.der(), publicKey.getEncoded());
        try {
            PrivateKey key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
            if (!belong(key, publicKey)) {
                throw mismatch();
            }
        } catch (GeneralSecurityException e) {
            throw block.label().equals("PRIVATE KEY")
                    ? mismatch()
                    : malformed("Unable to parse key; the private key must be in PEM format and not encrypted.");
        }
    }

    private static Pem privateKey(String pem) {
        try {
            // openssl writes the parameters of a curve before the key.
            return Pem.read(pem).stream()
                    .filter(block -> block.label().endsWith("PRIVATE KEY")
                            && !block.label().startsWith("ENCRYPTED"))
                    .findFirst()
                    .orElseThrow(() ->
                            malformed("Unable to parse key; the private key must be in PEM format and not encrypted."));
        } catch (IllegalArgumentException e) {
            // The headers of an encrypted key of the old form are not base64 either.
            throw malformed("Unable to parse key; the private key must be in PEM format and not encrypted.");
        }
    }

    private static boolean belong(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> throw malformed("The key algorithm " + publicKey.getAlgorithm() + " is not supported.");
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(PROBE);
        return signature.verify(signed);
    }

    private static KeyPairMismatchException mismatch() {
        return KeyPairMismatchException.builder()
                .message("The public key of the certificate and the private key do not match.")
                .build();
    }

    private static MalformedCertificateException malformed(String message) {
        return MalformedCertificateException.builder().message(message).build();
    }
}
