package dev.terrane.secretsmanager;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.secretsmanager.model.Filter;

/** What listings select by: all filters must hold, each for one of its values; {@code !} turns a value round. */
final class SecretFilters {
    private SecretFilters() {}

    static Predicate<SecretRecord> of(List<Filter> filters) {
        Predicate<SecretRecord> all = secret -> true;
        for (Filter filter : filters) {
            List<Predicate<SecretRecord>> any =
                    filter.values().stream().map(value -> one(filter, value)).toList();
            all = all.and(secret -> any.stream().anyMatch(value -> value.test(secret)));
        }
        return all;
    }

    private static Predicate<SecretRecord> one(Filter filter, String value) {
        return value.startsWith("!") ? matching(filter, value.substring(1)).negate() : matching(filter, value);
    }

    private static Predicate<SecretRecord> matching(Filter filter, String value) {
        return switch (filter.key()) {
            case NAME -> secret -> secret.name().startsWith(value);
            case DESCRIPTION -> secret -> lower(secret.description()).startsWith(lower(value));
            case TAG_KEY -> secret -> secret.tags().keySet().stream().anyMatch(key -> key.startsWith(value));
            case TAG_VALUE -> secret -> secret.tags().values().stream().anyMatch(text -> text.startsWith(value));
            case ALL -> secret -> words(secret).anyMatch(word -> word.startsWith(lower(value)));
            case PRIMARY_REGION, OWNING_SERVICE -> secret -> false;
            case UNKNOWN_TO_SDK_VERSION ->
                throw Refusals.parameter("The filter key " + filter.keyAsString() + " is not valid.");
        };
    }

    private static Stream<String> words(SecretRecord secret) {
        return Stream.of(
                        Stream.of(secret.name(), secret.description()),
                        secret.tags().keySet().stream(),
                        secret.tags().values().stream())
                .flatMap(texts -> texts)
                .flatMap(text -> Stream.concat(Stream.of(text), Stream.of(text.split("[^A-Za-z0-9]+"))))
                .map(SecretFilters::lower);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
