package dev.terrane.kernel.store;

import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param values the records in order
 * @param next the cursor to continue after, or empty at the end
 */
public record Page<R>(List<R> values, Optional<String> next) {
    public Page {
        values = List.copyOf(values);
    }
}
