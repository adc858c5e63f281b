package dev.terrane.compute.sandbox;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** What connects the router to the machine and the outside. */
interface Uplink {
    Subnet subnet();

    /** Whether workloads reach the outside. */
    boolean outbound();

    /** What is missing and how to get it. */
    List<String> notes();

    /** From where the machine's connections to workloads come. */
    Set<InetAddress> serverAddresses();

    /** A workload is about to start: hides addresses that the machine has got meanwhile, where that is not for good already. */
    default void hideNewAddresses() {}

    /** Removes what it has left on the machine. */
    void close();
}
