package dev.terrane.codedeploy;

/** How much a bundle unpacks to: bounded as such, and by what its packed size makes plausible. */
final class BundleSize {
    private static final long MOST = 4L << 30;
    private static final long ALWAYS = 64L << 20;
    private static final int RATIO = 120;

    private final long packed;
    private long unpacked;

    BundleSize(long packed) {
        this.packed = packed;
    }

    void add(long bytes) throws BundleException {
        unpacked += bytes;
        if (bytes < 0 || unpacked > MOST || (unpacked > ALWAYS && unpacked / RATIO > packed)) {
            throw new BundleException(
                    "The bundle unpacks to more than is permitted: " + unpacked + " bytes of " + packed);
        }
    }
}
