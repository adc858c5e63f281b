package dev.terrane.iam;

import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of tests, valid about the time at which a test's clock starts. */
final class TestAuthority {
    static final Instant FROM = TestServer.START.minus(Duration.ofDays(1));
    static final Instant UNTIL = TestServer.START.plus(Duration.ofDays(365));
    private static final AtomicLong SERIAL = new AtomicLong();

    private final String name;
    private final KeyPair pair;
    private final String certificate;

    private TestAuthority(String name, KeyPair pair, String certificate) {
        this.name = name;
        this.pair = pair;
        this.certificate = certificate;
    }

    /** One that nobody signed but itself. */
    static TestAuthority root(String name) {
        KeyPair pair = pair("EC", 256);
        return new TestAuthority(name, pair, sign(name, pair, name, pair.getPrivate(), FROM, UNTIL));
    }

    /** One that this one signed. */
    TestAuthority below(String subject) {
        KeyPair below = pair("EC", 256);
        return new TestAuthority(subject, below, issue(subject, below));
    }

    String certificate() {
        return certificate;
    }

    /** A certificate for somebody's key. */
    String issue(String subject, KeyPair key) {
        return issue(subject, key, FROM, UNTIL);
    }

    String issue(String subject, KeyPair key, Instant from, Instant until) {
        return sign(subject, key, name, pair.getPrivate(), from, until);
    }

    static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String sign(String subject, KeyPair key, String issuer, PrivateKey by, Instant from, Instant until) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(from),
                    Date.from(until),
                    new X500Name("CN=" + subject),
                    key.getPublic());
            return pem(new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by))));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** PEM as OpenSSL writes it: of a private key, in the form of its algorithm. */
    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    /** The private key in PKCS #8. */
    static String pkcs8(KeyPair pair) {
        try {
            return pem(new JcaPKCS8Generator(pair.getPrivate(), null));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
