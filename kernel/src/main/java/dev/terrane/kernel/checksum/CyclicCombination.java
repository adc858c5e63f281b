package dev.terrane.kernel.checksum;

/**
 * Puts cyclic redundancy checks together. To append n zero bytes multiplies a remainder by x^8n modulo the polynomial;
 * preset and final inversion cancel out between the pieces.
 */
final class CyclicCombination {
    private CyclicCombination() {}

    static long combine(long polynomial, long first, long second, long secondLength) {
        // In reflected form the topmost bit stands for x^0, and one step right multiplies by x.
        long one = Long.highestOneBit(polynomial);
        long power = step(polynomial, one);
        for (int i = 0; i < 3; i++) {
            power = multiply(polynomial, power, power, one);
        }
        long shift = one;
        for (long left = secondLength; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                shift = multiply(polynomial, shift, power, one);
            }
            power = multiply(polynomial, power, power, one);
        }
        return multiply(polynomial, first, shift, one) ^ second;
    }

    private static long step(long polynomial, long value) {
        return (value & 1) != 0 ? value >>> 1 ^ polynomial : value >>> 1;
    }

    private static long multiply(long polynomial, long a, long b, long one) {
        long product = 0;
        long shifted = b;
        for (long bit = one; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = step(polynomial, shifted);
        }
        return product;
    }
}
