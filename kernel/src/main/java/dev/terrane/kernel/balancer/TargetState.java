package dev.terrane.kernel.balancer;

/** AWS's states of a target, with their wire names. */
public enum TargetState {
    /** Registered, not yet checked. */
    INITIAL("initial"),
    HEALTHY("healthy"),
    UNHEALTHY("unhealthy"),
    /** Not registered, or its group is used by no listener. */
    UNUSED("unused"),
    /** Taken out; requests in flight may still finish. */
    DRAINING("draining"),
    /** Health checks are off for the group. */
    UNAVAILABLE("unavailable");

    private final String wireName;

    TargetState(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
