package dev.terrane.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The installation's own certificate authority and the server's certificate under it, made on first start in a folder that its owner
 * alone can read. Clients trust {@code ca.pem} (the CLI and SDKs by {@code AWS_CA_BUNDLE}).
 */
public final class Certificates {
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final Duration SERVER_LIFE = Duration.ofDays(397);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final char[] NO_PASSWORD = "terrane".toCharArray();

    private final Path folder;
    private final List<String> names;

    /**
     * @param names DNS names and IP addresses under which the server is reached
     */
    public Certificates(Path folder, List<String> names) {
        this.folder = folder;
        this.names = List.copyOf(names);
    }

    /** The file that clients trust. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /** The server's key and certificate chain, made or renewed where needed.
     *
     * @throws UncheckedIOException when the folder cannot be used */
    public KeyStore server(Instant now) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Path file = folder.resolve("server.p12");
            if (Files.exists(file)) {
                KeyStore store = read(file);
                X509Certificate certificate = (X509Certificate) store.getCertificate("server");
                if (certificate.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE)) && covers(certificate)) {
                    return store;
                }
            }
            KeyStore store = issue(authority(now), now);
            write(store, file);
            return store;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("Cannot make a certificate", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean covers(X509Certificate certificate) throws GeneralSecurityException {
        var known = certificate.getSubjectAlternativeNames().stream()
                .map(entry -> String.valueOf(entry.get(1)))
                .toList();
        return names.stream().allMatch(name -> known.contains(name) || name.contains(":"));
    }

    private KeyStore authority(Instant now) throws GeneralSecurityException, OperatorCreationException, IOException {
        Path file = folder.resolve("ca.p12");
        if (Files.exists(file)) {
            return read(file);
        }
        KeyPair pair = keyPair();
        X500Name name = new X500Name("CN=Terrane local authority");
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(name, serial(), from(now), until(now, CA_LIFE), name, pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        X509Certificate certificate = sign(builder, pair.getPrivate());
        KeyStore store = empty();
        store.setKeyEntry("ca", pair.getPrivate(), NO_PASSWORD, new Certificate[] {certificate});
        write(store, file);
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(certificate);
        }
        Files.writeString(authority(), text.toString());
        return store;
    }

    private KeyStore issue(KeyStore authority, Instant now)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        PrivateKey caKey = (PrivateKey) authority.getKey("ca", NO_PASSWORD);
        X509Certificate ca = (X509Certificate) authority.getCertificate("ca");
        KeyPair pair = keyPair();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(ca.getSubjectX500Principal().getName()),
                serial(),
                from(now),
                until(now, SERVER_LIFE),
                new X500Name("CN=localhost"),
                pair.getPublic());
        GeneralName[] alternatives = names.stream()
                .map(name -> new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyAgreement));
        X509Certificate certificate = sign(builder, caKey);
        KeyStore store = empty();
        store.setKeyEntry("server", pair.getPrivate(), NO_PASSWORD, new Certificate[] {certificate, ca});
        return store;
    }

    static char[] password() {
        return NO_PASSWORD.clone();
    }

    private static boolean isAddress(String name) {
        return name.contains(":") || name.chars().allMatch(c -> c == '.' || Character.isDigit(c));
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static BigInteger serial() {
        return new BigInteger(1, dev.terrane.kernel.id.Ids.bytes(16));
    }

    private static Date from(Instant now) {
        return Date.from(now.minus(Duration.ofDays(1)));
    }

    private static Date until(Instant now, Duration life) {
        return Date.from(now.plus(life));
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static KeyStore read(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, NO_PASSWORD);
        }
        return store;
    }

    private static void write(KeyStore store, Path file) throws GeneralSecurityException, IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(fresh)) {
            store.store(out, NO_PASSWORD);
        }
        Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
