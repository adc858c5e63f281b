package dev.terrane.testkit.contract;

import dev.terrane.gateway.DataEvents;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ModeledError;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;

/**
 * Makes calls, and holds each against what is true of every call: its one record in the trail, errors that are the caller's and
 * documented, ARNs that say where a resource is. A millisecond passes before each call, so that records have an order.
 */
final class Probe {
    /** What any operation may answer, as the services' pages "Common errors" say. */
    private static final Set<String> COMMON = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "ValidationException",
            "ValidationError",
            "InvalidParameterValue",
            "InvalidParameterCombination",
            "MissingParameter");

    private final TestServer server;
    private final Class<? extends SdkClient> api;
    private final Findings findings;
    private final Set<String> codes;
    private int calls;

    /** @param codes errors of the service that its model does not have for each operation */
    Probe(TestServer server, Class<? extends SdkClient> api, Findings findings, Set<String> codes) {
        this.server = server;
        this.api = api;
        this.findings = findings;
        this.codes = codes;
    }

    /** A call by an administrator, in the region of the test. */
    Answer call(BoundOperation operation, SdkRequest request) {
        return call(operation, request, server.administrator().principal(), TestServer.REGION);
    }

    Answer call(BoundOperation operation, SdkRequest request, Principal principal, String region) {
        calls++;
        server.advance(Duration.ofMillis(1));
        Instant time = server.clock().instant();
        Answer answer = perform(operation, request, principal, region);
        Scope scope = new Scope(principal.account(), region);
        List<AuditRecord> records = server.trail(scope, time).stream()
                .filter(record -> record.userAgent().equals("terrane.internal"))
                .filter(record -> record.principal().equals(principal))
                .toList();
        checkRecord(answer, principal, region, records);
        checkError(answer);
        answer.found().ifPresent(response -> checkArns(answer, response, region));
        return answer;
    }

    /** How many calls were made. */
    int calls() {
        return calls;
    }

    private Answer perform(BoundOperation operation, SdkRequest request, Principal principal, String region) {
        try {
            SdkResponse response = Denial.invoke(operation, server.client(api, principal, region), request);
            return new Answer(operation, request, response, null);
        } catch (AwsServiceException e) {
            return new Answer(operation, request, null, e);
        }
    }

    private void checkRecord(Answer answer, Principal principal, String region, List<AuditRecord> records) {
        BoundOperation operation = answer.operation();
        String name = operation.operation().name();
        boolean always = answer.denied() || !DataEvents.contains(operation);
        if (records.size() != 1) {
            if (always || !records.isEmpty()) {
                findings.add("audit", name, records.size() + " records in the trail of " + answer.told());
            }
            return;
        }
        AuditRecord record = records.getFirst();
        check(name, "eventSource", record.eventSource(), operation.service().endpointPrefix() + ".amazonaws.com");
        check(name, "eventName", record.eventName(), name);
        check(name, "errorCode", Objects.requireNonNullElse(record.errorCode(), ""), answer.code());
        check(name, "awsRegion", record.region(), region);
        check(name, "userIdentity", record.principal().arn(), principal.arn());
        boolean reads = Authorizations.of(operation.service().name(), name).readOnly();
        check(name, "readOnly", record.readOnly(), reads);
        String shown = record.requestParameters() + " " + record.responseElements();
        if (shown.contains(Texts.SECRET)) {
            findings.add("audit", name, "a secret stands in the trail: " + shown);
        }
    }

    private void check(String operation, String field, Object is, Object expected) {
        if (!is.equals(expected)) {
            findings.add("audit", operation, field + " is " + is + ", not " + expected);
        }
    }

    private void checkError(Answer answer) {
        if (answer.succeeded() || answer.status() == 501 || answer.status() == 304) {
            // A part that is not built is refused as such, and what is not modified is no fault of anyone.
            return;
        }
        String name = answer.operation().operation().name();
        if (answer.status() < 400 || answer.status() >= 500) {
            findings.add("error", name, answer.told());
            server.faults().stream()
                    .reduce((first, last) -> last)
                    .ifPresent(fault -> findings.add("fault", name, told(fault)));
            return;
        }
        if (answer.message().isBlank()) {
            findings.add("message", name, answer.told());
        }
        List<ModeledError> documented = answer.operation().operation().errors();
        boolean known = documented.isEmpty()
                || COMMON.contains(answer.code())
                || codes.contains(answer.code())
                || documented.stream()
                        .anyMatch(error -> error.shape().equals(answer.code())
                                || error.code().equals(answer.code()));
        if (!known) {
            findings.add("code", name + " " + answer.code(), answer.told());
        }
    }

    /** A fault of ours, and where it comes from. */
    static String told(Throwable fault) {
        return fault + " at "
                + Stream.of(fault.getStackTrace())
                        .filter(frame -> frame.getClassName().startsWith("dev.terrane"))
                        .limit(3)
                        .toList();
    }

    /** ARNs of the service in a response parse, and say partition, account and region. */
    private void checkArns(Answer answer, SdkResponse response, String region) {
        BoundOperation operation = answer.operation();
        Set<String> asked = texts(answer.request());
        for (String text : texts(response)) {
            if (!text.split(":", 2)[0].equals("arn")
                    || text.indexOf(' ') >= 0
                    || asked.contains(text)
                    || Texts.HOSTILE.contains(text)) {
                continue;
            }
            Arn arn = Arn.find(text).orElse(null);
            String name = operation.operation().name();
            if (arn == null) {
                findings.add("arn", name, text + " is no ARN");
                continue;
            }
            boolean own = arn.service()
                    .equals(Authorizations.prefix(operation.service().name()));
            boolean rightRegion = arn.region().isEmpty() || arn.region().equals(region);
            boolean rightAccount = arn.account().isEmpty() || arn.account().matches("[0-9]{12}|aws|amazon");
            if (!arn.partition().equals(Arn.AWS) || (own && !(rightRegion && rightAccount))) {
                findings.add("arn", name, text + " in " + region);
            }
        }
    }

    /** All texts in a response. */
    static Set<String> texts(SdkPojo pojo) {
        Set<String> texts = new TreeSet<>();
        collect(pojo, texts);
        return texts;
    }

    private static void collect(@Nullable Object value, Set<String> into) {
        switch (value) {
            case String text -> into.add(text);
            case SdkPojo pojo -> {
                for (SdkField<?> field : pojo.sdkFields()) {
                    collect(field.getValueOrDefault(pojo), into);
                }
            }
            case Collection<?> many -> many.forEach(one -> collect(one, into));
            case Map<?, ?> map ->
                map.forEach((key, one) -> {
                    collect(key, into);
                    collect(one, into);
                });
            case null, default -> {
                // No text.
            }
        }
    }
}
