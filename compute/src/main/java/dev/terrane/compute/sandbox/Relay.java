package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import java.io.IOException;
import java.net.Socket;

/** Hands bytes on between two connections, both ways. */
final class Relay {
    private Relay() {}

    /** Returns when both sides have ended what they send. */
    static void between(Socket one, Socket other, Threads threads) throws InterruptedException {
        Thread back = threads.start("compute-relay", () -> copy(other, one));
        copy(one, other);
        back.join();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone: let the other one see it.
            try {
                from.close();
                to.close();
            } catch (IOException ignored) {
                // Closed already.
            }
        }
    }
}
