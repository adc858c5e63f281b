package dev.terrane.cloudformation;

import dev.terrane.cloudformation.RefactorRecord.Move;
import dev.terrane.cloudformation.RefactorRecord.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds out where each resource of the stacks of a refactor is to stand. */
final class RefactorMatch {
    private final Map<Place, ResourceRecord> left;
    private final Map<Place, String> open;
    private final Map<Place, ResourceRecord> placed = new LinkedHashMap<>();
    private final List<Move> moves = new ArrayList<>();

    /** Begins with what there is and the types of what is to be. */
    RefactorMatch(Map<Place, ResourceRecord> there, Map<Place, String> wanted) {
        this.left = new LinkedHashMap<>(there);
        this.open = new LinkedHashMap<>(wanted);
    }

    /** Puts a resource where the request says. */
    void put(Place from, Place to) {
        ResourceRecord resource = Optional.ofNullable(left.get(from))
                .orElseThrow(() -> Refusals.invalid("The source " + from.logicalId() + " of a resource mapping does not"
                        + " exist, or is mapped twice"));
        String type = Optional.ofNullable(open.get(to))
                .orElseThrow(() -> Refusals.invalid("The destination " + to.logicalId() + " of a resource mapping is in"
                        + " no template, or is mapped twice"));
        if (!type.equals(resource.type())) {
            throw Refusals.invalid("Resource " + from.logicalId() + " of type " + resource.type()
                    + " cannot be mapped to " + to.logicalId() + " of type " + type);
        }
        move(from, to, true);
    }

    /**
     * Finds the places of all others: where they are, under the same logical id in another stack, or the only place of their type.
     *
     * @param name of a stack, by its id
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when a resource would be left without a place, or a place without a resource
     */
    void finish(Function<String, String> name) {
        matching(Place::equals);
        matching((from, to) -> from.logicalId().equals(to.logicalId()));
        matching((from, to) -> true);
        if (!left.isEmpty()) {
            throw Refusals.invalid("A stack refactor deletes no resources, and has no unambiguous place for "
                    + shown(left.keySet().stream().toList(), name) + ": give their resource mappings");
        }
        if (!open.isEmpty()) {
            throw Refusals.invalid("A stack refactor makes no resources, and has none unambiguously for "
                    + shown(open.keySet().stream().toList(), name) + ": give their resource mappings");
        }
    }

    private static String shown(List<Place> places, Function<String, String> name) {
        return places.stream()
                .map(place -> name.apply(place.stack()) + "." + place.logicalId())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Moves what fits one place only that nothing else fits. */
    private void matching(BiPredicate<Place, Place> fits) {
        for (Place from : List.copyOf(left.keySet())) {
            List<Place> places = fitting(from, fits);
            if (places.size() == 1
                    && left.keySet().stream()
                                    .filter(other -> fitting(other, fits).contains(places.getFirst()))
                                    .count()
                            == 1) {
                move(from, places.getFirst(), false);
            }
        }
    }

    private List<Place> fitting(Place from, BiPredicate<Place, Place> fits) {
        String type = Optional.ofNullable(left.get(from)).orElseThrow().type();
        return open.entrySet().stream()
                .filter(e -> e.getValue().equals(type) && fits.test(from, e.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void move(Place from, Place to, boolean manual) {
        ResourceRecord resource = Optional.ofNullable(left.remove(from)).orElseThrow();
        open.remove(to);
        placed.put(to, resource);
        if (!from.equals(to)) {
            moves.add(new Move(from, to, resource.type(), resource.physical().reference(), manual));
        }
    }

    /** What stands where in the end. */
    Map<Place, ResourceRecord> placed() {
        return placed;
    }

    List<Move> moves() {
        return moves;
    }
}
