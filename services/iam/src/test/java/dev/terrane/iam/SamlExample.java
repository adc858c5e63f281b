package dev.terrane.iam;

/** Metadata of a SAML provider. */
final class SamlExample {
    /** A certificate that lasts for a hundred years. */
    private static final String CERTIFICATE =
            "MIIBgjCCASmgAwIBAgIUN0FRyRfQZ4uEFnbNzdtYyn7LWMwwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUwIBcNMjYxMTIzMDYyMTI5WhgPMjEyNjEwMzAwNjIxMjlaMBYxFDASBgNVBAMMC2lkcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEValzx5J8AbdU/eEuFGRAs2B2bVYaSVYJl0UMMt06cF7LIsxAidgpaOPJTh2nfY35WZ39abzqhpYHtM5A8kUzlKNTMFEwHQYDVR0OBBYEFHOMF5VmWe/5e/FWxqZ0b63jqDWZMB8GA1UdIwQYMBaAFHOMF5VmWe/5e/FWxqZ0b63jqDWZMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgKVGJuYq4OkczRd2WxkeEVyFlmWDHK+lab4Mp2Se/DlQCIAd6xDeVRbooHHqdqhEJG1nNRK41v6eCTvbgoreRe+uQ";

    private SamlExample() {}

    static String metadata(String entity) {
        return metadata(entity, "", CERTIFICATE);
    }

    /** @param attributes more of the entity's */
    static String metadata(String entity, String attributes, String certificate) {
        return """
                <?xml version="1.0"?>
                <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://%s.example"%s>
                  <!-- %s -->
                  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
                      <ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
                  </md:IDPSSODescriptor>
                </md:EntityDescriptor>""".formatted(entity, attributes, "long enough ".repeat(60), certificate);
    }
}
