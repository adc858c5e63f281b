package dev.terrane.sns;

/** That a message was published under a deduplication id, for five minutes.
 *
 * @param expires in milliseconds since 1970 */
record DeduplicationRecord(String scope, String id, String messageId, long sequence, long expires) {
    String key() {
        return key(scope, id);
    }

    static String key(String scope, String id) {
        return scope + "/" + id;
    }
}
