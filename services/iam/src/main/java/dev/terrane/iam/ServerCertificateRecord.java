package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A certificate of a server, with its private key, which nobody is told.
 *
 * @param id {@code ASCA…}
 * @param body in PEM
 * @param chain those that signed it, in PEM
 * @param privateKey in PEM
 * @param expires when the certificate ends
 */
record ServerCertificateRecord(
        String account,
        String name,
        String path,
        String id,
        String body,
        Optional<String> chain,
        String privateKey,
        Instant uploaded,
        Instant expires,
        Map<String, String> tags)
        implements Tagged {
    ServerCertificateRecord {
        tags = Tagging.ordered(tags);
    }

    String key() {
        return Names.key(name);
    }

    String arn() {
        return Arn.iam(account, "server-certificate" + path + name).toString();
    }

    ServerCertificateRecord named(String newName, String newPath) {
        return new ServerCertificateRecord(
                account, newName, newPath, id, body, chain, privateKey, uploaded, expires, tags);
    }

    ServerCertificateRecord withTags(Map<String, String> changed) {
        return new ServerCertificateRecord(
                account, name, path, id, body, chain, privateKey, uploaded, expires, changed);
    }

    @Override
    public String toString() {
        return "ServerCertificateRecord[" + arn() + "]";
    }
}
