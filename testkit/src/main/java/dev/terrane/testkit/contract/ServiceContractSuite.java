package dev.terrane.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkClient;

/**
 * What holds for every service: a service's test module inherits this with one class which says how examples are made and named. Operations
 * are found by reflection and their requests filled from the model, so that an operation that is added is tested without a new line.
 *
 * <p>Every call of the suite is also held against what is true of every call ({@link Probe}): one record in the trail with the right
 * fields and no secrets, errors that are documented and the caller's, ARNs that say where a resource is. All tests share a server. What
 * a service does otherwise stands in {@link #exceptions}, with its reason.
 *
 * @param <C> the SDK's interface of the service
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class ServiceContractSuite<C extends SdkClient> {
    private static final int EXAMPLES = 3;

    private final Class<C> api;
    private final Exceptions exceptions = new Exceptions();
    private final Findings findings = new Findings(exceptions);
    private TestServer server;
    private List<BoundOperation> operations = List.of();
    private Names names = Names.none();
    private Subject subject;
    private int tests;

    /** @param api the SDK's interface of the service */
    @SuppressWarnings("NullAway.Init") // begun before all tests
    protected ServiceContractSuite(Class<C> api) {
        this.api = api;
    }

    /** Starts a server with the service, and those that its examples need. */
    protected abstract TestServer start();

    /**
     * Makes one of each kind of resource, tagged {@code made=here} where the service takes tags at creation.
     *
     * @param name distinguishes this example from others; letters and digits, beginning with a letter
     * @return how requests name what was made
     */
    protected abstract Names example(C client, String name);

    /** Names of what is not there. */
    protected Missing missing() {
        return Missing.none();
    }

    /** Error codes that the service documents elsewhere than at each operation of its model. */
    protected Set<String> codes() {
        return Set.of();
    }

    /** Whether resources belong to a region. */
    protected boolean regional() {
        return true;
    }

    /** How its resources are tagged: by TagResource, UntagResource and ListTagsForResource where it has these. */
    protected List<Tagging> tagging() {
        return has("TagResource") && has("ListTagsForResource")
                ? List.of(new Tagging("TagResource", "UntagResource", "ListTagsForResource"))
                : List.of();
    }

    /** Names what the service does otherwise, and why. */
    protected void exceptions(Exceptions except) {}

    /** The server under test. */
    protected final TestServer server() {
        return server;
    }

    /** Whether an operation is built. */
    protected final boolean has(String operation) {
        return operations.stream().anyMatch(o -> o.operation().name().equals(operation));
    }

    @BeforeAll
    final void begin() {
        server = start();
        exceptions(exceptions);
        Service service = server.services().stream()
                .filter(s -> s.api().equals(api))
                .findFirst()
                .orElseThrow();
        // Who calls the others without a signature is known by what an identity provider issued, not by a principal of
        // the suite's.
        operations = Built.operations(service).stream()
                .filter(operation -> !operation.operation().anonymous())
                .toList();
        Probe probe = new Probe(server, api, findings, codes());
        for (int i = EXAMPLES; i >= 1; i--) {
            names = example(client(), "example" + i);
        }
        subject = new Subject(server, probe, findings, operations, this::fresh, exceptions);
    }

    @BeforeEach
    final void forget() {
        findings.clear();
    }

    @AfterAll
    final void end() {
        server.close();
    }

    private C client() {
        return server.client(api);
    }

    private int examples = EXAMPLES;

    private Names fresh() {
        examples++;
        return example(client(), "example" + examples);
    }

    private void report() {
        tests++;
        findings.report();
    }

    @Test
    @Order(1)
    final void whatIsNotAllowedIsDeniedAndWhatIsAllowedIsNot() {
        new AuthorizationContract(subject).check(names);
        report();
    }

    @Test
    @Order(2)
    final void listsArePagedByTokens() {
        new PagingContract(subject).check(names);
        report();
    }

    @Test
    @Order(3)
    final void whatIsMissingIsNotFound() {
        new MissingContract(subject, missing()).check(names);
        report();
    }

    @Test
    @Order(4)
    final void otherAccountsAndRegionsSeeNothing() {
        new IsolationContract(subject, regional()).check(names);
        report();
    }

    @Test
    @Order(5)
    final void whatWasAnsweredSurvivesARestart() {
        Map<String, Answer> before = read();
        server.restart();
        Map<String, Answer> after = read();
        before.forEach((operation, answer) -> {
            Answer then = Optional.ofNullable(after.get(operation)).orElseThrow();
            if (!answer.sameAs(then)) {
                findings.add("durability", operation, Answer.difference(answer, then));
            }
        });
        if (before.values().stream().noneMatch(Answer::succeeded)) {
            findings.add("durability", "read", "No reading operation succeeded: " + before);
        }
        report();
    }

    private Map<String, Answer> read() {
        Map<String, Answer> answers = new LinkedHashMap<>();
        Requests requests = new Requests(names);
        for (BoundOperation operation : operations) {
            if (subject.reads(operation)) {
                answers.put(operation.operation().name(), subject.probe().call(operation, requests.minimal(operation)));
            }
        }
        return answers;
    }

    @Test
    @Order(6)
    final void whatTheModelForbidsIsRefusedAndChangesNothing() {
        new InputContract(subject).checkForbidden(names);
        report();
    }

    @Test
    @Order(7)
    final void tagsAreKept() {
        TagContract contract = new TagContract(subject);
        tagging().forEach(contract::check);
        report();
    }

    @Test
    @Order(8)
    final void whatIsThereIsNotMadeAgain() {
        new RepetitionContract(subject).check();
        report();
    }

    @Test
    @Order(9)
    final void noInputIsTheServersFault() {
        new InputContract(subject).checkHostile(names);
        server.faults().stream().findFirst().ifPresent(fault -> findings.add("fault", "background", Probe.told(fault)));
        report();
    }

    @Test
    @Order(10)
    final void noExceptionIsMoreThanNeeded() {
        if (tests == 9) {
            assertThat(exceptions.unused()).isEmpty();
        }
    }
}
