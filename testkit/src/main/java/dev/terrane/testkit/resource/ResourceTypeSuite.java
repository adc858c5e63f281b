package dev.terrane.testkit.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceSchema.Property;
import dev.terrane.kernel.resource.ResourceSchema.ValueType;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceType.Change;
import dev.terrane.kernel.resource.ResourceTypes;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every resource type is held to: made, read, changed and deleted it is as its properties say; work that is run again after a crash does nothing twice;
 * deleting twice is no error; and what it says of its schema is so. A service's test says which examples there are; each of its types needs one.
 */
public abstract class ResourceTypeSuite {
    private static final AtomicInteger TOKENS = new AtomicInteger();

    private final TestServer server = start();

    /** A new server with the services that the examples need. */
    protected abstract TestServer start();

    /** The examples, at least one for each type. Called on a running server, on which it may make what they refer to. */
    protected abstract List<ResourceExample> examples(TestServer on);

    /** The prefixes of the types that the examples are of: {@code AWS::SQS::}. */
    protected abstract List<String> spaces();

    /** The caller, who may do everything. */
    protected Principal principal() {
        return server.administrator().principal();
    }

    @AfterEach
    final void close() {
        server.close();
    }

    @Test
    final void everyTypeHasAnExample() {
        Set<String> tried = new TreeSet<>();
        examples(server).forEach(example -> tried.add(example.type));
        assertThat(tried).containsAll(types().map(ResourceType::name).toList());
    }

    @Test
    final void whatIsSaidToBeSupportedIsInTheSchema() {
        types().forEach(type -> {
            ResourceSchema schema = schema(type);
            Stream.concat(type.supported().stream(), type.lacking().stream())
                    .forEach(path -> assertThat(isProperty(schema, path))
                            .as(type.name() + " has a property " + path)
                            .isTrue());
        });
    }

    @TestFactory
    final Stream<DynamicTest> resourcesAreMadeReadChangedAndDeleted() {
        return examples(server).stream()
                .map(example -> DynamicTest.dynamicTest(example.type, () -> new Trial(example).run()));
    }

    /** The server of the running test. */
    protected final TestServer server() {
        return server;
    }

    /** Makes a resource, for a test of what it then does; single quotes stand for double ones in its properties. */
    protected final String made(String type, String json) {
        Trial trial = new Trial(ResourceExample.of(type, json));
        return trial.made();
    }

    private Stream<ResourceType> types() {
        return server.platform().resourceTypes().all().stream()
                .filter(type -> spaces().stream().anyMatch(type.name()::startsWith));
    }

    private static ResourceSchema schema(ResourceType type) {
        return ResourceSchema.of(type.name())
                .orElseThrow(() -> new AssertionError(type.name() + " is no resource type"));
    }

    private static boolean isProperty(ResourceSchema schema, String path) {
        Map<String, Property> properties = schema.properties();
        for (String step : path.split("/")) {
            Property property = properties.get(step);
            if (property == null) {
                return false;
            }
            properties = below(schema, property.type());
        }
        return true;
    }

    private static Map<String, Property> below(ResourceSchema schema, ValueType type) {
        return switch (type) {
            case ValueType.Defined(String name) -> schema.definitions().getOrDefault(name, Map.of());
            case ValueType.ListOf(ValueType element) -> below(schema, element);
            case ValueType.MapOf(ValueType element) -> below(schema, element);
            case ValueType.Scalar scalar -> Map.of();
            case ValueType.OneOf(List<ValueType> types) ->
                types.stream()
                        .map(one -> below(schema, one))
                        .filter(found -> !found.isEmpty())
                        .findFirst()
                        .orElse(Map.of());
        };
    }

    /** The life of one example. */
    private final class Trial {
        private final ResourceExample example;
        private final ResourceType type;
        private final ResourceSchema schema;

        Trial(ResourceExample example) {
            this.example = example;
            this.type = server.platform()
                    .resourceTypes()
                    .find(example.type)
                    .orElseThrow(() -> new AssertionError("There is no handler of " + example.type));
            this.schema = schema(type);
        }

        String made() {
            TestWork making = work(token(), example.first, Properties.NONE);
            String id = type.create(making);
            settle(making, id, Change.CREATE);
            return id;
        }

        void run() {
            String token = token();
            TestWork making = work(token, example.first, Properties.NONE);
            String id = type.create(making);
            assertThat(making.identifier()).as("identifier told").isEqualTo(id);
            assertThat(type.create(work(token, example.first, Properties.NONE)))
                    .as("identifier, when it is made again after a crash")
                    .isEqualTo(id);
            settle(making, id, Change.CREATE);
            holds(id, example.first);
            if (example.listed) {
                isListed(id);
            }
            isFoundByItsIdentifierAlone(id);
            if (example.alone) {
                assertThatThrownBy(() -> type.create(work(token(), example.first, Properties.NONE)))
                        .as("made by somebody else, where it is there already")
                        .hasMessageContaining("already exists");
            }
            assertThat(type.ref(id, read(id, example.first))).isNotEmpty();
            Properties previous = example.first;
            for (Properties desired : example.changes) {
                assertReplacesNothing(previous, desired);
                String change = token();
                TestWork changing = work(change, desired, previous);
                type.update(changing, id);
                type.update(work(change, desired, previous), id);
                settle(changing, id, Change.UPDATE);
                holds(id, desired);
                previous = desired;
            }
            Properties last = previous;
            TestWork deleting = work(token(), last, last);
            type.delete(deleting, id);
            settle(deleting, id, Change.DELETE);
            assertThat(type.read(work(token(), last, last), id))
                    .as("read after deletion")
                    .isEmpty();
            type.delete(work(token(), last, last), id);
        }

        /** As Cloud Control API reads a resource of which it knows nothing else. */
        private void isFoundByItsIdentifierAlone(String id) {
            if (type.provisionable()) {
                assertThat(type.read(work(token(), Properties.NONE, Properties.NONE), id))
                        .as("read by its identifier alone")
                        .isPresent();
            }
        }

        /** Types whose resources no service lists say so by not overriding it. */
        private void isListed(String id) {
            if (ResourceTypes.lists(type)) {
                assertThat(type.list(work(token(), example.first, example.first)))
                        .as("identifiers that are listed")
                        .contains(id);
            }
        }

        private void assertReplacesNothing(Properties before, Properties after) {
            schema.properties().forEach((name, property) -> {
                if (property.replacement() == ResourceSchema.Replacement.YES) {
                    assertThat(after.node().get(name))
                            .as(name + ", which cannot be changed in place")
                            .isEqualTo(before.node().get(name));
                }
            });
        }

        private void settle(TestWork work, String id, Change change) {
            TestServer.await(() -> {
                boolean settled = type.settled(work, id, change);
                if (!settled) {
                    server.advance(Duration.ofSeconds(5));
                }
                return settled;
            });
        }

        private Properties read(String id, Properties desired) {
            return type.read(work(token(), desired, desired), id)
                    .orElseThrow(() -> new AssertionError(example.type + " " + id + " cannot be read"));
        }

        /** It has what was desired, its identifier, and every attribute of the schema that it says to have. */
        private void holds(String id, Properties desired) {
            Properties found = read(id, desired);
            List<String> wrong = new ArrayList<>();
            desired.node().properties().forEach(e -> {
                if (!example.unreadable.contains(e.getKey())
                        && !Likeness.holds(found.node().get(e.getKey()), e.getValue())) {
                    wrong.add(e.getKey() + ": " + found.node().get(e.getKey()) + " instead of " + e.getValue());
                }
            });
            if (found.toString().contains("aws:cloudformation:")) {
                wrong.add("tags that its stack set");
            }
            found.node().properties().forEach(e -> {
                if (!schema.properties().containsKey(e.getKey())
                        && !schema.attributes().containsKey(e.getKey())
                        && !schema.attributes().keySet().stream().anyMatch(a -> a.startsWith(e.getKey() + "."))) {
                    wrong.add(e.getKey() + " is in no schema");
                }
            });
            assertThat(wrong).as(example.type + " " + id).isEmpty();
        }

        private TestWork work(String token, Properties desired, Properties previous) {
            return new TestWork(server, principal(), schema, token, desired, previous);
        }

        private static String token() {
            return "trial-" + TOKENS.incrementAndGet();
        }
    }
}
