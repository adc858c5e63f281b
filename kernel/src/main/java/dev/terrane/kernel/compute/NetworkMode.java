package dev.terrane.kernel.compute;

/** What network a workload has. */
public enum NetworkMode {
    /** An address of its own; reaches other workloads and, where the machine can translate addresses, the outside. */
    ISOLATED,
    /**
     * The server machine's own network. Weaker: its processes reach whatever listens on the machine's loopback interface and
     * share its ports. Meant for builds on machines where {@link ComputeFeatures#outbound} is false.
     */
    HOST,
    /** Only a loopback interface. */
    NONE
}
