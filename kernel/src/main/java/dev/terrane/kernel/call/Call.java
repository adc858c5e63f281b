package dev.terrane.kernel.call;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The call that is being served. It is bound for the time of one operation, or of one step of a workflow, and is the only
 * ambient thing that a service may read.
 *
 * @param account the account that the call acts in
 * @param region the region that the call was signed for
 * @param principal who calls
 * @param accessKeyId the access key that signed it, empty for calls from inside
 * @param requestId the id that the answer carries
 * @param sourceAddress the caller's IP address, or the name of the service that calls from inside
 * @param userAgent the client's own name
 * @param secure whether it came over TLS, or from inside
 * @param mfa whether the credentials were issued with a second factor, or the call itself brought one
 * @param tokenIssued when the credentials were issued, for temporary ones
 * @param time when it arrived
 * @param sourceArn the resource on whose behalf a service calls from inside, such as a rule of EventBridge, or empty
 * @param systemTags tags that a resource gets from this call beside those that it names: where the handler of a stack's resource calls, those that tell of the
 *     stack. Nobody from outside can set them.
 */
public record Call(
        String account,
        String region,
        Principal principal,
        String accessKeyId,
        String requestId,
        String sourceAddress,
        String userAgent,
        boolean secure,
        boolean mfa,
        Optional<Instant> tokenIssued,
        Instant time,
        String sourceArn,
        Map<String, String> systemTags) {
    private static final ScopedValue<Call> CURRENT = ScopedValue.newInstance();

    public Call {
        systemTags = Map.copyOf(systemTags);
    }

    /** A call that sets no tags of AWS's own. */
    public Call(
            String account,
            String region,
            Principal principal,
            String accessKeyId,
            String requestId,
            String sourceAddress,
            String userAgent,
            boolean secure,
            boolean mfa,
            Optional<Instant> tokenIssued,
            Instant time,
            String sourceArn) {
        this(
                account,
                region,
                principal,
                accessKeyId,
                requestId,
                sourceAddress,
                userAgent,
                secure,
                mfa,
                tokenIssued,
                time,
                sourceArn,
                Map.of());
    }

    /** A call on behalf of no resource. */
    public Call(
            String account,
            String region,
            Principal principal,
            String accessKeyId,
            String requestId,
            String sourceAddress,
            String userAgent,
            boolean secure,
            boolean mfa,
            Optional<Instant> tokenIssued,
            Instant time) {
        this(
                account,
                region,
                principal,
                accessKeyId,
                requestId,
                sourceAddress,
                userAgent,
                secure,
                mfa,
                tokenIssued,
                time,
                "");
    }

    /** The call being served on this thread.
     *
     * @throws IllegalStateException outside any call, which is a fault in the caller
     */
    public static Call current() {
        if (!CURRENT.isBound()) {
            throw new IllegalStateException("No call is being served on this thread");
        }
        return CURRENT.get();
    }

    /** Whether a call is being served on this thread. */
    public static boolean isServed() {
        return CURRENT.isBound();
    }

    /** Serves this call: {@link #current()} answers it within the work. */
    public <T> T serve(Supplier<T> work) {
        return ScopedValue.where(CURRENT, this).call(work::get);
    }

    /** Serves this call, for work without a result. */
    public void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    /** The same call with tags of AWS's own. */
    public Call tagging(Map<String, String> tags) {
        return tags.isEmpty()
                ? this
                : new Call(
                        account,
                        region,
                        principal,
                        accessKeyId,
                        requestId,
                        sourceAddress,
                        userAgent,
                        secure,
                        mfa,
                        tokenIssued,
                        time,
                        sourceArn,
                        tags);
    }

    /** The same call, made with a second factor. */
    public Call withSecondFactor() {
        return proved(account, principal, accessKeyId, true, tokenIssued);
    }

    /** The same call by another principal, in another account: one that the call itself proved. */
    public Call by(Principal proved, String provedAccount) {
        return proved(provedAccount, proved, "", false, Optional.empty());
    }

    private Call proved(String of, Principal by, String key, boolean secondFactor, Optional<Instant> issued) {
        return new Call(
                of,
                region,
                by,
                key,
                requestId,
                sourceAddress,
                userAgent,
                secure,
                secondFactor,
                issued,
                time,
                sourceArn,
                systemTags);
    }

    /** The account and region of the call. */
    public Scope scope() {
        return new Scope(account, region);
    }

    /** The account of the call, for records that belong to no region. */
    public Scope globalScope() {
        return Scope.global(account);
    }

    /** A call that the platform makes on its own behalf, such as a step of a workflow. */
    public static Call internal(Scope scope, Principal principal, String requestId, Instant time) {
        return new Call(
                scope.account(),
                scope.region(),
                principal,
                "",
                requestId,
                principal instanceof Principal.Service s ? s.name() : "terrane.internal",
                principal instanceof Principal.Service s ? s.name() : "terrane.internal",
                true,
                false,
                Optional.empty(),
                time);
    }
}
