package dev.terrane.sqs;

/**
 * What happened to a message since it was sent: a row of its own, so that receiving does not write bodies again.
 *
 * @param visible from when it may be received again, in milliseconds since 1970
 * @param count how often it was received
 * @param first when it was received first
 */
record ReceiptRecord(String queue, long sequence, long visible, int count, long first) {
    String key() {
        return MessageRecord.key(queue, sequence);
    }
}
