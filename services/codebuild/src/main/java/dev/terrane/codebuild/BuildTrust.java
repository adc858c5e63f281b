package dev.terrane.codebuild;

import dev.terrane.kernel.compute.Command;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;

/**
 * Makes the programs of a build trust this server's HTTPS, as those of AWS's images trust AWS: its authority is added to the certificates of
 * the build's own file system, and to those of its JDKs, of which each has a store of its own.
 */
final class BuildTrust {
    /** All that a build trusts, for programs that are told by a variable what to trust. */
    private static final String BUNDLE = "/codebuild/ca-bundle.pem";

    private static final String AUTHORITY = "/codebuild/authority.pem";
    private static final String ALIAS = "terrane";
    private static final char[] USUAL_PASSWORD = "changeit".toCharArray();
    private static final int LARGEST_STORE = 8 << 20;

    /** The files that libraries read by themselves, and those that the machine's variables name. */
    private static final String ADD = """
            for file in "$SSL_CERT_FILE" "$CURL_CA_BUNDLE" "$REQUESTS_CA_BUNDLE" "$PIP_CERT" "$GIT_SSL_CAINFO" "$NIX_SSL_CERT_FILE" \
                "$NODE_EXTRA_CA_CERTS" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem \
                /etc/ssl/cert.pem; do
                [ -s "$file" ] && readlink -f "$file"
            done | sort -u >/codebuild/trusted
            while read -r file; do cat "$file"; echo; done </codebuild/trusted >%1$s
            cat %2$s >>%1$s
            while read -r file; do
                cat "$file" >"$file.new" && { echo; cat %2$s; } >>"$file.new" && mv -f "$file.new" "$file"
            done </codebuild/trusted
            for home in "$JAVA_HOME" "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")" /usr/lib/jvm/* /opt/java/*; do
                for store in "$home/lib/security/cacerts" "$home/jre/lib/security/cacerts"; do
                    [ -s "$store" ] && readlink -f "$store"
                done
            done | sort -u
            """.formatted(BUNDLE, AUTHORITY);

    private BuildTrust() {}

    /** The variables for programs that do not look at the system's certificates: SDKs and Node. */
    static Map<String, String> environment() {
        return Map.of("AWS_CA_BUNDLE", BUNDLE, "NODE_EXTRA_CA_CERTS", BUNDLE);
    }

    /** @param authority a certificate in PEM */
    static void add(String authority, BuildShell shell, BuildLog log) throws InterruptedException, IOException {
        shell.write(AUTHORITY, authority, 0644);
        String stores = shell.ask(Command.shell(ADD));
        for (String store : stores.lines().toList()) {
            byte[] before = shell.compute().read(shell.workload(), store, LARGEST_STORE);
            try {
                shell.compute().write(shell.workload(), store, withAuthority(before, authority), "root:root", 0644);
            } catch (GeneralSecurityException | IOException e) {
                log.say("The certificates in " + store + " stay as they are: " + e.getMessage());
            }
        }
    }

    private static byte[] withAuthority(byte[] before, String authority) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("JKS");
        trusted.load(new ByteArrayInputStream(before), null);
        try (InputStream pem = new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            trusted.setCertificateEntry(ALIAS, certificate);
        }
        ByteArrayOutputStream after = new ByteArrayOutputStream();
        trusted.store(after, USUAL_PASSWORD);
        return after.toByteArray();
    }
}
