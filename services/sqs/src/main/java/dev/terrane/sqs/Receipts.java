package dev.terrane.sqs;

import dev.terrane.kernel.secret.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Receipt handles: sealed, so that none can be made up, nor used for another queue. They survive a restart. */
final class Receipts {
    private static final int SIZE = Long.BYTES + Integer.BYTES;
    private final MasterKey.Sealer sealer;

    Receipts(MasterKey key) {
        sealer = key.sealer("sqs-receipts");
    }

    /**
     * What a handle says.
     *
     * @param count the number of the receipt that it was given for
     */
    record Receipt(long sequence, int count) {}

    String handle(String queue, Receipt receipt) {
        byte[] plain = ByteBuffer.allocate(SIZE)
                .putLong(receipt.sequence())
                .putInt(receipt.count())
                .array();
        return Base64.getEncoder().encodeToString(sealer.seal(plain, queue.getBytes(StandardCharsets.UTF_8)));
    }

    /** Reads a handle of a queue; refuses any other text. */
    Receipt open(String queue, String handle) {
        try {
            ByteBuffer plain = ByteBuffer.wrap(
                    sealer.open(Base64.getDecoder().decode(handle), queue.getBytes(StandardCharsets.UTF_8)));
            return new Receipt(plain.getLong(), plain.getInt());
        } catch (IllegalArgumentException | MasterKey.SealBroken e) {
            throw Errors.receipt(handle);
        }
    }
}
