package dev.terrane.testkit.contract;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkRequest;

/** What one account has in one region is not seen in another account, or another region. */
final class IsolationContract {
    private static final String ELSEWHERE = "eu-west-1";
    private static final String STRANGER = "210987654321";

    private final Subject subject;
    private final boolean regional;

    IsolationContract(Subject subject, boolean regional) {
        this.subject = subject;
        this.regional = regional;
    }

    void check(Names names) {
        Set<String> own = names.texts().filter(text -> text.contains("example")).collect(Collectors.toSet());
        Principal stranger = subject.user(STRANGER, TestIdentities.EVERYTHING);
        Requests requests = new Requests(names);
        for (BoundOperation operation : subject.operations()) {
            if (subject.reads(operation)) {
                SdkRequest request = requests.minimal(operation);
                check("account", subject.probe().call(operation, request, stranger, TestServer.REGION), own);
                if (regional) {
                    Principal user = subject.server().administrator().principal();
                    check("region", subject.probe().call(operation, request, user, ELSEWHERE), own);
                }
            }
        }
    }

    private void check(String where, Answer answer, Set<String> own) {
        if (!answer.succeeded()) {
            return;
        }
        Set<String> seen = answer.found().map(Probe::texts).orElse(Set.of());
        Set<String> asked = Probe.texts(answer.request());
        for (String text : own) {
            if (seen.contains(text) && !asked.contains(text)) {
                subject.findings()
                        .add(
                                where,
                                answer.operation().operation().name(),
                                "another sees " + text + ": " + answer.told());
            }
        }
        if (asked.stream().anyMatch(own::contains) && !seen.isEmpty() && !asked.containsAll(seen)) {
            subject.findings().add(where, answer.operation().operation().name(), "another gets " + answer.told());
        }
    }
}
