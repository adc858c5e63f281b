package dev.terrane.kernel.audit;

/** Who wants events beside the history: CloudTrail for its trails. Asked at every call, so it answers at once. */
public interface AuditFollower {
    /** Nobody does. */
    AuditFollower NONE = new AuditFollower() {
        @Override
        public boolean followsData(String account) {
            return false;
        }

        @Override
        public void follow(AuditRecord event, boolean data) {}
    };

    /** Whether anybody wants data events of an account. */
    boolean followsData(String account);

    /**
     * Keeps an event for whoever wants it, in the transaction that records it.
     *
     * @param data whether it is a data event, which the history holds only when it was denied
     */
    void follow(AuditRecord event, boolean data);
}
