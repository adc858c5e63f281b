package dev.terrane.sts;

import dev.terrane.kernel.saml.SamlXml;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * An authentication response with one assertion. Against signatures that are wrapped, so that another assertion is read than was signed: there is one
 * assertion in the whole document, no id is there twice, and the one reference of the signature must be that of the element that holds it, the assertion
 * or the response around it.
 */
final class SamlResponse {
    private static final String SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
    private static final String ID = "ID";

    /** What may be done to what is signed before it is digested: nothing that selects a part of it. */
    private static final Set<String> TRANSFORMS = Set.of(Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE);

    private final Element response;
    private final Element assertion;

    private SamlResponse(Element response, Element assertion) {
        this.response = response;
        this.assertion = assertion;
    }

    /**
     * Reads a response.
     *
     * @param base64 as STS is given it
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException InvalidIdentityToken when it is none, or tells of a failure
     */
    static SamlResponse read(String base64) {
        Document document = SamlXml.read(new String(decoded(base64), StandardCharsets.UTF_8))
                .orElseThrow(() -> Refusals.invalidToken("Invalid base64 SAMLResponse"));
        Element root = document.getDocumentElement();
        if (!SamlXml.is(root, SamlXml.PROTOCOL, "Response")) {
            throw Refusals.invalidToken("Response could not be parsed");
        }
        boolean succeeded = SamlXml.child(root, SamlXml.PROTOCOL, "Status")
                .flatMap(status -> SamlXml.child(status, SamlXml.PROTOCOL, "StatusCode"))
                .map(code -> code.getAttribute("Value").equals(SUCCESS))
                .orElse(false);
        if (!succeeded) {
            throw Refusals.rejected("The identity provider reported that authentication failed");
        }
        if (!SamlXml.children(root, SamlXml.ASSERTION, "EncryptedAssertion").isEmpty()) {
            throw Refusals.invalidToken("Encrypted assertions are not supported here");
        }
        List<Element> assertions = SamlXml.children(root, SamlXml.ASSERTION, "Assertion");
        NodeList anywhere = document.getElementsByTagNameNS("*", "Assertion");
        if (assertions.size() != 1 || anywhere.getLength() != 1 || !hasUniqueIds(document)) {
            throw Refusals.invalidToken("Response must contain exactly one assertion");
        }
        return new SamlResponse(root, assertions.getFirst());
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Refusals.invalidToken("Invalid base64 SAMLResponse");
        }
    }

    private static boolean hasUniqueIds(Document document) {
        Set<String> seen = new HashSet<>();
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            for (String name : List.of(ID, "Id", "id", "AssertionID")) {
                String id = element.getAttribute(name);
                if (!id.isEmpty() && !seen.add(id)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether one of the keys signed the assertion, or the response that holds it. */
    boolean isSignedBy(List<PublicKey> keys) {
        Optional<Element> own = signature(assertion);
        Element signed = own.isPresent() ? assertion : response;
        Optional<Element> signature = own.isPresent() ? own : signature(response);
        return signature.isPresent() && keys.stream().anyMatch(key -> validates(signed, signature.get(), key));
    }

    private static Optional<Element> signature(Element parent) {
        List<Element> signatures = SamlXml.children(parent, SamlXml.SIGNATURE, "Signature");
        return signatures.size() == 1 ? Optional.of(signatures.getFirst()) : Optional.empty();
    }

    private static boolean validates(Element signed, Element element, PublicKey key) {
        String id = signed.getAttribute(ID);
        if (id.isEmpty()) {
            return false;
        }
        DOMValidateContext context = new DOMValidateContext(KeySelector.singletonKeySelector(key), element);
        context.setProperty("org.jcp.xml.dsig.secureValidation", true);
        context.setIdAttributeNS(signed, null, ID);
        try {
            XMLSignature signature = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            List<Reference> references = signature.getSignedInfo().getReferences();
            return references.size() == 1
                    && ("#" + id).equals(references.getFirst().getURI())
                    && signature.getObjects().isEmpty()
                    && references.getFirst().getTransforms().stream()
                            .allMatch(transform -> TRANSFORMS.contains(transform.getAlgorithm()))
                    && signature.validate(context);
        } catch (MarshalException | XMLSignatureException | RuntimeException e) {
            // The JDK refuses some malformed signatures by exceptions of other kinds.
            return false;
        }
    }

    /** What it asserts; worth something once {@link #isSignedBy} says so. */
    SamlAssertion assertion() {
        return new SamlAssertion(assertion);
    }
}
