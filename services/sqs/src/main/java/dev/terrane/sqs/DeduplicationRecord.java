package dev.terrane.sqs;

/**
 * That a message was sent under a deduplication id, for five minutes.
 *
 * @param scope the queue, and the message group where ids are unique to that
 * @param expires in milliseconds since 1970
 */
record DeduplicationRecord(String scope, String id, String messageId, long sequence, long expires) {
    String key() {
        return key(scope, id);
    }

    static String key(String scope, String id) {
        return scope + "/" + id;
    }
}
