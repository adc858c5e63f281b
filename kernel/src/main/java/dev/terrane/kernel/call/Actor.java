package dev.terrane.kernel.call;

/** As whom a service calls another one from inside. Every such call is authorized and recorded like one from outside. */
public sealed interface Actor {
    /**
     * A role of the customer, assumed by a service: the role's trust policy must allow the service, the role's permissions
     * decide.
     *
     * @param roleArn the role
     * @param service the service principal that assumes it, such as {@code codebuild.amazonaws.com}
     * @param sessionName as it will stand in the trail
     * @param sourceArn the resource on whose behalf the service assumes it ({@code aws:SourceArn} to the trust policy), or empty
     */
    record Role(String roleArn, String service, String sessionName, String sourceArn) implements Actor {
        /** On behalf of no resource. */
        public Role(String roleArn, String service, String sessionName) {
            this(roleArn, service, sessionName, "");
        }
    }

    /**
     * A role of the customer that another role assumes: that role's permissions and this one's trust policy must allow it, as when anybody assumes a role.
     *
     * @param by the role that assumes it
     * @param roleArn the role whose permissions decide
     */
    record ChainedRole(Role by, String roleArn) implements Actor {}

    /** A service principal itself: the resource's policy, or the service's own right, decides.
     *
     * @param scope the account and region that it acts for
     * @param sourceArn the resource on whose behalf it acts ({@code aws:SourceArn}), or empty
     */
    record Service(String name, Scope scope, String sourceArn) implements Actor {}

    /** The same principal as the call now being served: what AWS calls forward access sessions. */
    record Forwarded(String service) implements Actor {}

    /**
     * Whoever asked for work that goes on after the call: the same principal, with the rights that it has at the time of each call.
     *
     * @param service the service that does the work, such as {@code cloudformation.amazonaws.com}
     */
    record Delegated(Principal principal, Scope scope, String service) implements Actor {}

    /** The platform's own upkeep, which is neither authorized nor recorded: never on behalf of a customer's request. */
    record Platform(Scope scope) implements Actor {}
}
