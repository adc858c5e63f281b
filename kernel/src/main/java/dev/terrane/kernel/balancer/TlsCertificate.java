package dev.terrane.kernel.balancer;

/**
 * A server certificate with its key.
 *
 * @param chain X.509 certificates in PEM, the server's own first
 * @param privateKey an unencrypted PKCS #8 key in PEM
 */
public record TlsCertificate(String chain, String privateKey) {
    /** Leaves the key out, so that it can't end in a log. */
    @Override
    public String toString() {
        return "TlsCertificate[chain=" + chain + "]";
    }
}
