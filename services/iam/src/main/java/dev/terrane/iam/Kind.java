package dev.terrane.iam;

/** The kinds of identity that policies are attached to. */
enum Kind {
    USER("user", "User", 2_048),
    GROUP("group", "Group", 5_120),
    ROLE("role", "Role", 10_240);

    private final String word;
    private final String title;
    private final int inlineLimit;

    Kind(String word, String title, int inlineLimit) {
        this.word = word;
        this.title = title;
        this.inlineLimit = inlineLimit;
    }

    /** As in ARNs and in messages. */
    String word() {
        return word;
    }

    String title() {
        return title;
    }

    /** How many characters, without white space, all inline policies of one have together ("IAM and AWS STS quotas"). */
    int inlineLimit() {
        return inlineLimit;
    }
}
