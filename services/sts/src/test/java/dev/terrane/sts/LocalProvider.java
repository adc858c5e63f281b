package dev.terrane.sts;

import dev.terrane.gateway.http.Certificates;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A SAML identity provider that signs what a test has it assert. */
final class LocalProvider {
    static final String ENTITY = "https://idp.example/saml";
    static final String ATTRIBUTE = "https://aws.amazon.com/SAML/Attributes/";
    private static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

    private final KeyStore keys;

    LocalProvider(Path folder) {
        // The key pair that certificates of servers have does for signatures too.
        keys = new Certificates(folder, List.of("localhost"))
                .server(dev.terrane.kernel.clock.Clock.system().instant());
    }

    String metadata() {
        try {
            return metadata(Base64.getMimeEncoder()
                    .encodeToString(keys.getCertificate("server").getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String metadata(String certificate) {
        return """
                <?xml version="1.0"?>
                <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">
                  <!-- %s -->
                  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
                      <ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
                    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="%s/sso"/>
                  </md:IDPSSODescriptor>
                </md:EntityDescriptor>""".formatted(ENTITY, "long enough ".repeat(60), certificate, ENTITY);
    }

    /** What an assertion says, to be changed by a test before it is signed. */
    static final class Draft {
        String issuer = ENTITY;
        String recipient = "https://signin.aws.amazon.com/saml";
        String audience = "https://signin.aws.amazon.com/saml";
        String subject = "ann@example.com";
        String status = "urn:oasis:names:tc:SAML:2.0:status:Success";
        Instant issued;
        Instant ends;
        String session = "";
        final Map<String, List<String>> attributes = new LinkedHashMap<>();

        Draft(Instant now) {
            issued = now;
            ends = now.plusSeconds(300);
            attributes.put(ATTRIBUTE + "RoleSessionName", List.of("ann"));
        }

        String xml() {
            StringBuilder statements = new StringBuilder();
            attributes.forEach((name, values) -> {
                statements.append("<saml:Attribute Name=\"").append(name).append("\">");
                values.forEach(value ->
                        statements.append("<saml:AttributeValue>").append(value).append("</saml:AttributeValue>"));
                statements.append("</saml:Attribute>");
            });
            return """
                    <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" \
                    ID="_response" Version="2.0" IssueInstant="%1$s"><saml:Issuer>%2$s</saml:Issuer>\
                    <samlp:Status><samlp:StatusCode Value="%8$s"/></samlp:Status>\
                    <saml:Assertion ID="_assertion" Version="2.0" IssueInstant="%1$s"><saml:Issuer>%2$s</saml:Issuer>\
                    <saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">%3$s</saml:NameID>\
                    <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
                    <saml:SubjectConfirmationData Recipient="%4$s" NotOnOrAfter="%5$s"/></saml:SubjectConfirmation></saml:Subject>\
                    <saml:Conditions NotBefore="%1$s" NotOnOrAfter="%5$s"><saml:AudienceRestriction><saml:Audience>%6$s</saml:Audience>\
                    </saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="%1$s"%9$s/>\
                    <saml:AttributeStatement>%7$s</saml:AttributeStatement></saml:Assertion></samlp:Response>""".formatted(
                            issued,
                            issuer,
                            subject,
                            recipient,
                            ends,
                            audience,
                            statements,
                            status,
                            session.isEmpty() ? "" : " SessionNotOnOrAfter=\"" + session + "\"");
        }
    }

    /** A response whose assertion is signed. */
    Document signed(Draft draft) {
        Document document = dev.terrane.kernel.saml.SamlXml.read(draft.xml()).orElseThrow();
        sign((Element) document.getElementsByTagNameNS("*", "Assertion").item(0));
        return document;
    }

    /** A response that is signed as a whole. */
    Document signedAround(Draft draft) {
        Document document = dev.terrane.kernel.saml.SamlXml.read(draft.xml()).orElseThrow();
        sign(document.getDocumentElement());
        return document;
    }

    private void sign(Element element) {
        try {
            XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
            Reference reference = factory.newReference(
                    "#" + element.getAttribute("ID"),
                    factory.newDigestMethod(DigestMethod.SHA256, null),
                    List.of(
                            factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                            factory.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                    null,
                    null);
            SignedInfo info = factory.newSignedInfo(
                    factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                    factory.newSignatureMethod(ECDSA_SHA256, null),
                    List.of(reference));
            DOMSignContext context = new DOMSignContext(
                    (PrivateKey) keys.getKey("server", "terrane".toCharArray()),
                    element,
                    element.getFirstChild().getNextSibling());
            context.setIdAttributeNS(element, null, "ID");
            factory.newXMLSignature(info, null).sign(context);
        } catch (GeneralSecurityException | MarshalException | XMLSignatureException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(Document document) {
        try {
            StringWriter text = new StringWriter();
            TransformerFactory.newDefaultInstance()
                    .newTransformer()
                    .transform(new DOMSource(document), new StreamResult(text));
            return base64(text.toString());
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(String xml) {
        return Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
    }
}
