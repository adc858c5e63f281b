package dev.terrane.sts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which attributes of an assertion are condition keys ("Available keys for SAML-based AWS STS federation" in the IAM user guide). */
final class SamlAttributes {
    private static final String EDU_PERSON = "urn:oid:1.3.6.1.4.1.5923.1.1.1.";
    private static final String EDU_ORG = "urn:oid:1.3.6.1.4.1.5923.1.2.1.";

    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry(EDU_PERSON + "1", "saml:edupersonaffiliation"),
            Map.entry(EDU_PERSON + "2", "saml:edupersonnickname"),
            Map.entry(EDU_PERSON + "3", "saml:edupersonorgdn"),
            Map.entry(EDU_PERSON + "4", "saml:edupersonorgunitdn"),
            Map.entry(EDU_PERSON + "5", "saml:edupersonprimaryaffiliation"),
            Map.entry(EDU_PERSON + "6", "saml:edupersonprincipalname"),
            Map.entry(EDU_PERSON + "7", "saml:edupersonentitlement"),
            Map.entry(EDU_PERSON + "8", "saml:edupersonprimaryorgunitdn"),
            Map.entry(EDU_PERSON + "9", "saml:edupersonscopedaffiliation"),
            Map.entry(EDU_PERSON + "10", "saml:edupersontargetedid"),
            Map.entry(EDU_PERSON + "11", "saml:edupersonassurance"),
            Map.entry(EDU_ORG + "2", "saml:eduorghomepageuri"),
            Map.entry(EDU_ORG + "3", "saml:eduorgidentityauthnpolicyuri"),
            Map.entry(EDU_ORG + "4", "saml:eduorglegalname"),
            Map.entry(EDU_ORG + "5", "saml:eduorgsuperioruri"),
            Map.entry(EDU_ORG + "6", "saml:eduorgwhitepagesuri"),
            Map.entry("urn:oid:2.5.4.3", "saml:cn"));

    private SamlAttributes() {}

    static Map<String, List<String>> conditionKeys(SamlAssertion assertion) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        assertion.attributes().forEach((name, values) -> {
            String key = KEYS.get(name);
            if (key != null && !values.isEmpty()) {
                found.put(key, values);
            }
        });
        return found;
    }
}
