package dev.terrane.kernel.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * The 64-bit cyclic redundancy check of the NVM Express specification: reflected, preset and finally inverted. Eight bytes a
 * step through eight tables.
 */
final class Crc64Nvme implements Checksum {
    /** x^64 is left out; reflected form of 0xAD93D23594C93659. */
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long[][] TABLES = tables();

    private long state = -1;

    private static long[][] tables() {
        long[][] tables = new long[8][256];
        for (int i = 0; i < 256; i++) {
            long value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
            }
            tables[0][i] = value;
        }
        for (int i = 0; i < 256; i++) {
            for (int table = 1; table < 8; table++) {
                long before = tables[table - 1][i];
                tables[table][i] = before >>> 8 ^ tables[0][(int) (before & 0xff)];
            }
        }
        return tables;
    }

    @Override
    public void update(int b) {
        state = state >>> 8 ^ TABLES[0][(int) ((state ^ b) & 0xff)];
    }

    @Override
    public void update(byte[] bytes, int offset, int count) {
        long crc = state;
        int end = offset + count;
        int at = offset;
        for (; at + 8 <= end; at += 8) {
            long mixed = crc ^ (long) LITTLE_ENDIAN.get(bytes, at);
            crc = TABLES[7][(int) (mixed & 0xff)]
                    ^ TABLES[6][(int) (mixed >>> 8 & 0xff)]
                    ^ TABLES[5][(int) (mixed >>> 16 & 0xff)]
                    ^ TABLES[4][(int) (mixed >>> 24 & 0xff)]
                    ^ TABLES[3][(int) (mixed >>> 32 & 0xff)]
                    ^ TABLES[2][(int) (mixed >>> 40 & 0xff)]
                    ^ TABLES[1][(int) (mixed >>> 48 & 0xff)]
                    ^ TABLES[0][(int) (mixed >>> 56)];
        }
        for (; at < end; at++) {
            crc = crc >>> 8 ^ TABLES[0][(int) ((crc ^ bytes[at]) & 0xff)];
        }
        state = crc;
    }

    @Override
    public long getValue() {
        return ~state;
    }

    @Override
    public void reset() {
        state = -1;
    }
}
