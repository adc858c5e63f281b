package dev.terrane.codecommit;

/**
 * A reference.
 *
 * @param name in full: {@code refs/heads/main}
 * @param objectId what it names, in hexadecimal
 * @param peeled what an annotated tag names in the end; empty for all else
 */
record RefRecord(String repositoryId, String name, String objectId, String peeled) {
    static final String HEADS = "refs/heads/";
    static final String TAGS = "refs/tags/";

    static String key(String repositoryId, String name) {
        return repositoryId + "/" + name;
    }
}
