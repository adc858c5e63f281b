package dev.terrane.cloudformation;

import dev.terrane.cloudformation.RefactorRecord.Move;
import dev.terrane.cloudformation.RefactorRecord.Part;
import dev.terrane.cloudformation.RefactorRecord.Place;
import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.kernel.service.Platform;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The tags of resources that a refactor moves: those of their stack, and those by which a stack marks what is its own. */
final class Retagging {
    /** What a resource without tags is tagged with for a moment, so that its stack can mark it. */
    private static final Map<String, String> MOMENTARY = Map.of("moving", "");

    private final Platform platform;
    private final CloudFormationTables tables;
    private final Resolver resolver;

    Retagging(Platform platform, CloudFormationTables tables, Resolver resolver) {
        this.platform = platform;
        this.tables = tables;
        this.resolver = resolver;
    }

    /** What a handler is told of a resource. */
    private record Change(Physical wanted, Physical given) {}

    /** The tags that a moved resource is given. */
    static Map<String, String> tags(RefactorRecord refactor, Move move) {
        ResourceSchema schema = ResourceSchema.of(move.type()).orElseThrow();
        Part to = refactor.part(move.to().stack());
        Map<String, String> tags = new TreeMap<>();
        if (!schema.tagProperty().isEmpty()) {
            tags.putAll(to.after().tags());
        }
        if (schema.systemTags()) {
            tags.put("aws:cloudformation:stack-name", to.name());
            tags.put("aws:cloudformation:stack-id", to.arn());
            tags.put("aws:cloudformation:logical-id", move.to().logicalId());
        }
        return tags;
    }

    /** The keys of the tags that it loses. */
    static List<String> untagged(RefactorRecord refactor, Move move) {
        ResourceSchema schema = ResourceSchema.of(move.type()).orElseThrow();
        Set<String> kept = refactor.part(move.to().stack()).after().tags().keySet();
        return schema.tagProperty().isEmpty()
                ? List.of()
                : refactor.part(move.from().stack()).before().tags().keySet().stream()
                        .filter(key -> !kept.contains(key))
                        .sorted()
                        .toList();
    }

    /** How many changes it takes to tag a resource as its new place's, or back. */
    int count(RefactorRecord refactor, int move, boolean back) {
        return changes(refactor, refactor.moves().get(move), back).size();
    }

    /** Begins one of the changes.
     *
     * @return whether it is over */
    boolean begin(RefactorRecord refactor, int move, boolean back, int number) {
        Tagged tagged = tagged(refactor, move, back, number);
        tagged.type().update(tagged.work(), tagged.id());
        return tagged.settled();
    }

    /** Whether it is over. */
    boolean settled(RefactorRecord refactor, int move, boolean back, int number) {
        return tagged(refactor, move, back, number).settled();
    }

    /** What handlers' calls answered is not needed any more. */
    void forget(RefactorRecord refactor) {
        for (int move = 0; move < refactor.moves().size(); move++) {
            for (boolean back : new boolean[] {true, false}) {
                for (int number = 0; number < 2; number++) {
                    platform.clients().forget(token(refactor, move, back, number));
                }
            }
        }
    }

    private static String token(RefactorRecord refactor, int move, boolean back, int number) {
        String seed = refactor.id() + "/" + move + (back ? "/back/" : "/") + number;
        return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** A resource's handler with its work. */
    private record Tagged(ResourceType type, Work work, String id) {
        boolean settled() {
            return type.settled(work, id, ResourceType.Change.UPDATE);
        }
    }

    private Tagged tagged(RefactorRecord refactor, int number, boolean back, int step) {
        Move move = refactor.moves().get(number);
        Change change = changes(refactor, move, back).get(step);
        Place place = back ? move.from() : move.to();
        Part part = refactor.part(place.stack());
        Scope scope = Call.current().scope();
        String role = (back ? part.before() : part.after()).role();
        Work work = new Work(
                platform.clients(),
                resolver,
                role.isEmpty()
                        ? new Actor.Delegated(refactor.caller().orElseThrow(), scope, CloudFormationService.PRINCIPAL)
                        : new Actor.Role(role, CloudFormationService.PRINCIPAL, "AWSCloudFormation"),
                scope,
                token(refactor, number, back, step),
                ResourceSchema.of(move.type()).orElseThrow(),
                new ResourceWork.InStack(part.arn(), part.name(), place.logicalId(), move.type()),
                change.wanted(),
                change.given(),
                Work.Hearing.NOBODY);
        return new Tagged(
                platform.resourceTypes().find(move.type()).orElseThrow(),
                work,
                change.wanted().id());
    }

    private List<Change> changes(RefactorRecord refactor, Move move, boolean back) {
        Scope scope = Call.current().scope();
        ResourceSchema schema = ResourceSchema.of(move.type()).orElseThrow();
        Physical is = tables.resource(scope, move.from().stack(), move.from().logicalId())
                .orElseThrow()
                .physical();
        Map<String, String> to = refactor.part(move.to().stack()).after().tags();
        return back ? changes(schema, tagged(is, to), is.tags()) : changes(schema, is, to);
    }

    private static Physical tagged(Physical physical, Map<String, String> tags) {
        return physical.changed(physical.properties(), tags, physical.attributes());
    }

    /** Whatever tags a resource marks it as its stack's: so it is given again all the tags that it is to have. */
    private static List<Change> changes(ResourceSchema schema, Physical is, Map<String, String> to) {
        if (schema.tagProperty().isEmpty() || (!schema.systemTags() && is.tags().equals(to))) {
            return List.of();
        }
        Physical wanted = tagged(is, to);
        if (!schema.systemTags()) {
            return List.of(new Change(wanted, is));
        }
        Properties properties = Properties.parse(is.properties());
        Set<String> own = properties.tags(schema.tagProperty()).keySet();
        if (to.isEmpty() && own.isEmpty()) {
            Physical marked = tagged(is, MOMENTARY);
            return List.of(new Change(marked, is), new Change(wanted, marked));
        }
        Map<String, String> gone = new HashMap<>(is.tags());
        gone.keySet().removeAll(to.keySet());
        gone.keySet().removeAll(own);
        Physical given = is.changed(properties.without(schema.tagProperty()).toString(), gone, is.attributes());
        return List.of(new Change(wanted, given));
    }
}
