package dev.terrane.codedeploy;

import java.io.IOException;

/** A bundle is broken, or holds what must not be unpacked. */
final class BundleException extends IOException {
    BundleException(String message) {
        super(message);
    }
}
