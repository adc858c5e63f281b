package dev.terrane.kernel.saml;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * What an identity provider says of itself ("Metadata for the OASIS Security Assertion Markup Language").
 *
 * @param entityId by which its assertions name their issuer
 * @param validUntil until when it says so, if it sets an end
 * @param certificates with whose keys it signs
 */
public record SamlMetadata(String entityId, Optional<Instant> validUntil, List<X509Certificate> certificates) {
    public SamlMetadata {
        certificates = List.copyOf(certificates);
    }

    /** Reads a metadata document; empty when it is not one of an identity provider with a certificate that signs. */
    public static Optional<SamlMetadata> read(String text) {
        Optional<Element> entity = SamlXml.read(text)
                .map(Document::getDocumentElement)
                .filter(root -> SamlXml.is(root, SamlXml.METADATA, "EntityDescriptor"));
        Optional<String> entityId = entity.flatMap(root -> SamlXml.attribute(root, "entityID"));
        Optional<Element> provider = entity.flatMap(root -> SamlXml.child(root, SamlXml.METADATA, "IDPSSODescriptor"));
        if (entityId.isEmpty() || provider.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<X509Certificate> certificates = certificates(provider.get());
            return certificates.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SamlMetadata(
                            entityId.get(),
                            SamlXml.attribute(entity.orElseThrow(), "validUntil")
                                    .map(Instant::parse),
                            certificates));
        } catch (CertificateException | IllegalArgumentException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static List<X509Certificate> certificates(Element provider) throws CertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Element key : SamlXml.children(provider, SamlXml.METADATA, "KeyDescriptor")) {
            if (!key.getAttribute("use").equals("encryption")) {
                for (Element info : SamlXml.children(key, SamlXml.SIGNATURE, "KeyInfo")) {
                    for (Element data : SamlXml.children(info, SamlXml.SIGNATURE, "X509Data")) {
                        for (Element each : SamlXml.children(data, SamlXml.SIGNATURE, "X509Certificate")) {
                            certificates.add(certificate(SamlXml.text(each)));
                        }
                    }
                }
            }
        }
        return certificates;
    }

    private static X509Certificate certificate(String base64) throws CertificateException {
        byte[] bytes = Base64.getMimeDecoder().decode(base64);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }
}
