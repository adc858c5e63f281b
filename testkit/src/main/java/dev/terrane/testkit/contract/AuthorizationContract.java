package dev.terrane.testkit.contract;

import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.authorization.OperationAuthorization;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.testkit.TestServer;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;

/**
 * Deny unless allowed: a caller without permission is told the action and the resource, and nothing changes; whoever is allowed just these
 * is let in; an explicit denial goes before any allowance.
 */
final class AuthorizationContract {
    private static final int MOST = 12;

    private final Subject subject;

    AuthorizationContract(Subject subject) {
        this.subject = subject;
    }

    void check(Names names) {
        for (BoundOperation operation : subject.operations()) {
            OperationAuthorization required = Authorizations.of(
                    operation.service().name(), operation.operation().name());
            if (!required.unrestricted()) {
                check(operation, required, names);
            }
        }
    }

    private void check(BoundOperation operation, OperationAuthorization required, Names shared) {
        String name = operation.operation().name();
        Names names = subject.reads(operation) ? shared : subject.fresh().get();
        SdkRequest request = new Requests(names).minimal(operation);
        Allowance allowance = Allowance.nothing();
        Answer answer = call(operation, request, allowance.policy());
        if (!answer.denied()) {
            subject.findings().add("denied", name, "one without permission got " + answer.told());
            return;
        }
        for (int i = 0; i < MOST && answer.denied(); i++) {
            Optional<Denial.Grant> lacking = answer.lacking();
            if (lacking.isEmpty() || allowance.grants().contains(lacking.get())) {
                subject.findings().add("denied", name, "what is lacking is not told, or not enough: " + answer.told());
                return;
            }
            Denial.Grant grant = lacking.get();
            checkGrant(name, required, grant);
            allowance = allowance.and(grant);
            if (i == 0) {
                Answer refused = call(operation, request, allowance.policyOfDenial());
                if (!refused.denied() || !refused.message().contains("explicit deny")) {
                    subject.findings().add("explicit-deny", name, refused.told());
                }
                if (subject.changes(
                        () -> call(operation, request, Allowance.nothing().policy()))) {
                    subject.findings().add("denied", name, "a denied call changed something");
                }
            }
            answer = call(operation, request, allowance.policy());
        }
        if (answer.denied()) {
            subject.findings().add("allowed", name, answer.told());
        }
    }

    /** The action is declared, and where AWS checks a resource, that is a real one and no pattern. */
    private void checkGrant(String operation, OperationAuthorization required, Denial.Grant grant) {
        if (!required.actions().contains(grant.action())) {
            return;
        }
        boolean pattern = grant.resource().contains("*") || grant.resource().contains("?");
        if (pattern && required.requiresResource()) {
            subject.findings().add("resource", operation, grant.action() + " on " + grant.resource());
        }
    }

    private Answer call(BoundOperation operation, SdkRequest request, String policy) {
        Principal user = subject.user(TestServer.ACCOUNT, policy);
        return subject.probe().call(operation, request, user, TestServer.REGION);
    }
}
