package dev.terrane.sts;

import dev.terrane.kernel.saml.SamlXml;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.w3c.dom.Element;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;

/** An assertion, read as STS needs it ("Configure SAML assertions for the authentication response" in the IAM user guide). */
final class SamlAssertion {
    /** Where AWS is signed in to, everywhere or in a region. */
    private static final Pattern SIGN_IN =
            Pattern.compile("https://([a-z0-9-]+\\.)?signin\\.aws\\.amazon\\.com/saml(/acs/[A-Z0-9]+)?");

    private static final String BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    private static final String FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
    private static final Duration REDEEMED_WITHIN = Duration.ofMinutes(5);

    /** How far the provider's clock may be ahead. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Element assertion;
    private final Map<String, List<String>> attributes = new LinkedHashMap<>();

    SamlAssertion(Element assertion) {
        this.assertion = assertion;
        for (Element statement : SamlXml.children(assertion, SamlXml.ASSERTION, "AttributeStatement")) {
            for (Element attribute : SamlXml.children(statement, SamlXml.ASSERTION, "Attribute")) {
                attributes
                        .computeIfAbsent(attribute.getAttribute("Name"), name -> new ArrayList<>())
                        .addAll(SamlXml.children(attribute, SamlXml.ASSERTION, "AttributeValue").stream()
                                .map(SamlXml::text)
                                .toList());
            }
        }
    }

    /** The values of an attribute. */
    List<String> values(String name) {
        return List.copyOf(attributes.getOrDefault(name, List.of()));
    }

    Map<String, List<String>> attributes() {
        return Map.copyOf(attributes);
    }

    String issuer() {
        return SamlXml.child(assertion, SamlXml.ASSERTION, "Issuer")
                .map(SamlXml::text)
                .orElse("");
    }

    private Element nameId() {
        return SamlXml.child(assertion, SamlXml.ASSERTION, "Subject")
                .flatMap(subject -> SamlXml.child(subject, SamlXml.ASSERTION, "NameID"))
                .filter(name -> !SamlXml.text(name).isEmpty())
                .orElseThrow(() -> Refusals.invalidToken("Response must contain a NameID"));
    }

    String subject() {
        return SamlXml.text(nameId());
    }

    /** The format of the name, without the prefix that SAML's own have. */
    String subjectType() {
        String format = nameId().getAttribute("Format");
        return format.startsWith(FORMAT) ? format.substring(FORMAT.length()) : format;
    }

    /**
     * The endpoint that the assertion is for, of the confirmation that holds now.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when none does
     */
    String recipient(Instant now) {
        List<Element> confirmations = SamlXml.child(assertion, SamlXml.ASSERTION, "Subject").stream()
                .flatMap(subject -> SamlXml.children(subject, SamlXml.ASSERTION, "SubjectConfirmation").stream())
                .filter(confirmation -> confirmation.getAttribute("Method").equals(BEARER))
                .flatMap(confirmation ->
                        SamlXml.child(confirmation, SamlXml.ASSERTION, "SubjectConfirmationData").stream())
                .filter(data -> SIGN_IN.matcher(data.getAttribute("Recipient")).matches())
                .toList();
        if (confirmations.isEmpty()) {
            throw Refusals.invalidToken("Response doesn't contain the required recipient");
        }
        return confirmations.stream()
                .filter(data -> time(data, "NotOnOrAfter").map(now::isBefore).orElse(false))
                .map(data -> data.getAttribute("Recipient"))
                .findFirst()
                .orElseThrow(() -> expired("Response is expired"));
    }

    /** Holds times and audience against the assertion.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException ExpiredToken or InvalidIdentityToken
     */
    void checkConditions(Instant now) {
        Instant issued = time(assertion, "IssueInstant")
                .orElseThrow(() -> Refusals.invalidToken("Assertion must contain an IssueInstant"));
        if (now.isAfter(issued.plus(REDEEMED_WITHIN))) {
            throw expired("Token must be redeemed within 5 minutes of issuance");
        }
        Element conditions = SamlXml.child(assertion, SamlXml.ASSERTION, "Conditions")
                .orElseThrow(() -> Refusals.invalidToken("Assertion must contain Conditions"));
        Instant latest = now.plus(SKEW);
        if (issued.isAfter(latest)
                || time(conditions, "NotBefore").map(latest::isBefore).orElse(false)) {
            throw Refusals.invalidToken("Assertion is not valid yet");
        }
        if (time(conditions, "NotOnOrAfter").map(ends -> !now.isBefore(ends)).orElse(false)) {
            throw expired("Response is expired");
        }
        List<Element> restrictions = SamlXml.children(conditions, SamlXml.ASSERTION, "AudienceRestriction");
        if (restrictions.isEmpty() || !restrictions.stream().allMatch(SamlAssertion::isForAws)) {
            throw Refusals.invalidToken("Response doesn't contain the required audience");
        }
    }

    private static boolean isForAws(Element restriction) {
        return SamlXml.children(restriction, SamlXml.ASSERTION, "Audience").stream()
                .map(SamlXml::text)
                .anyMatch(audience -> audience.equals("urn:amazon:webservices")
                        || SIGN_IN.matcher(audience).matches());
    }

    /** When the provider ends the session, if it says so. */
    Optional<Instant> sessionEnds() {
        return SamlXml.children(assertion, SamlXml.ASSERTION, "AuthnStatement").stream()
                .flatMap(statement -> time(statement, "SessionNotOnOrAfter").stream())
                .min(Instant::compareTo);
    }

    private static Optional<Instant> time(Element element, String attribute) {
        try {
            return SamlXml.attribute(element, attribute)
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            throw Refusals.invalidToken(attribute + " of the response is not a time");
        }
    }

    private static RuntimeException expired(String message) {
        return ExpiredTokenException.builder().message(message).build();
    }
}
