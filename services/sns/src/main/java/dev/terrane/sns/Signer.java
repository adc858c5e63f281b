package dev.terrane.sns;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs messages ("Verifying the signatures of Amazon SNS messages"): RSA with SHA-1 in version 1, with SHA-256 in version 2, under a key that
 * this installation made for itself and whose certificate it serves.
 */
final class Signer {
    private static final int BITS = 2048;
    private static final Duration VALID = Duration.ofDays(3650);

    private final SnsTables tables;
    private final Clock clock;

    private record Key(PrivateKey secret, String certificate) {}

    private volatile Optional<Key> known = Optional.empty();

    Signer(SnsTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /** The certificate as PEM. */
    String certificate() {
        return key().certificate();
    }

    /** The signature of a text, in Base64.
     *
     * @param version 1 or 2 */
    String sign(String text, String version) {
        try {
            Signature signature = Signature.getInstance(version.equals("2") ? "SHA256withRSA" : "SHA1withRSA");
            signature.initSign(key().secret());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Key key() {
        return known.orElseGet(() -> {
            Key key = read(tables.transact(() -> tables.signingKey().orElseGet(() -> {
                SigningKeyRecord made = make();
                tables.put(made);
                return made;
            })));
            known = Optional.of(key);
            return key;
        });
    }

    private static Key read(SigningKeyRecord row) {
        try {
            PrivateKey secret = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(row.privateKey())));
            return new Key(secret, row.certificate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The signing key can't be read", e);
        }
    }

    private SigningKeyRecord make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            Instant now = clock.instant();
            X500Name name = new X500Name("CN=sns.terrane.internal");
            X509CertificateHolder certificate = new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(1, Ids.bytes(16)),
                            Date.from(now.minus(Duration.ofDays(1))),
                            Date.from(now.plus(VALID)),
                            name,
                            pair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()));
            StringWriter pem = new StringWriter();
            try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
                writer.writeObject(certificate);
            }
            return new SigningKeyRecord(
                    SigningKeyRecord.ONLY,
                    Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()),
                    pem.toString());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("No signing key could be made", e);
        }
    }
}
