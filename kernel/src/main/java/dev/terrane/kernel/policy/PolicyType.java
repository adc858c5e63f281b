package dev.terrane.kernel.policy;

/**
 * The kinds of policy that take part in a decision, worded as access denied messages word them ("Troubleshoot access
 * denied error messages" in the IAM user guide).
 */
public enum PolicyType {
    SERVICE_CONTROL("service control policy", "a service control policy"),
    RESOURCE_CONTROL("resource control policy", "a resource control policy"),
    RESOURCE("resource-based policy", "a resource-based policy"),
    TRUST("role trust policy", "the role trust policy"),
    IDENTITY("identity-based policy", "an identity-based policy"),
    BOUNDARY("permissions boundary", "a permissions boundary"),
    SESSION("session policy", "a session policy");

    private final String words;
    private final String wordsWithArticle;

    PolicyType(String words, String wordsWithArticle) {
        this.words = words;
        this.wordsWithArticle = wordsWithArticle;
    }

    /** As in "because no … allows the action". */
    public String words() {
        return words;
    }

    String wordsWithArticle() {
        return wordsWithArticle;
    }

    /** Whether a document of this kind says whom it is about. */
    boolean namesPrincipals() {
        return this == RESOURCE || this == TRUST || this == RESOURCE_CONTROL;
    }
}
