package dev.terrane.ssm;

import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ssm.model.InvalidFilterKeyException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterOptionException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterValueException;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;
import software.amazon.awssdk.services.ssm.model.ParametersFilter;

/** What listings select by ({@code ParameterStringFilter}): all filters must hold, each for one of its values. */
final class ParameterFilters {
    private ParameterFilters() {}

    static Predicate<ParameterRecord> describing(List<ParameterStringFilter> filters) {
        return all(filters, List.of("Name", "Type", "KeyId", "Path", "Tier", "DataType"));
    }

    static Predicate<ParameterRecord> byPath(List<ParameterStringFilter> filters) {
        return all(filters, List.of("Type", "KeyId", "Label"));
    }

    /** The filters that {@code DescribeParameters} had before: names and key ids by their beginning. */
    static Predicate<ParameterRecord> older(List<ParametersFilter> filters) {
        Predicate<ParameterRecord> all = parameter -> true;
        for (ParametersFilter filter : filters) {
            all = all.and(
                    switch (filter.key()) {
                        case NAME -> anyOf(filter.values(), ParameterRecord::name, String::startsWith);
                        case TYPE -> anyOf(filter.values(), p -> p.current().type(), String::equals);
                        case KEY_ID -> anyOf(filter.values(), p -> p.current().keyId(), String::startsWith);
                        case UNKNOWN_TO_SDK_VERSION -> throw noKey(filter.keyAsString());
                    });
        }
        return all;
    }

    private static Predicate<ParameterRecord> all(List<ParameterStringFilter> filters, List<String> keys) {
        Predicate<ParameterRecord> all = parameter -> true;
        for (ParameterStringFilter filter : filters) {
            boolean tag = filter.key().startsWith("tag:") && keys.contains("Name");
            if (!tag && !keys.contains(filter.key())) {
                throw noKey(filter.key());
            }
            all = all.and(tag ? tagged(filter) : one(filter));
        }
        return all;
    }

    private static Predicate<ParameterRecord> tagged(ParameterStringFilter filter) {
        String key = filter.key().substring("tag:".length());
        option(filter, "Equals");
        return parameter -> parameter.tags().containsKey(key)
                && (filter.values().isEmpty()
                        || filter.values().contains(parameter.tags().get(key)));
    }

    private static Predicate<ParameterRecord> one(ParameterStringFilter filter) {
        if (filter.values().isEmpty()) {
            throw InvalidFilterValueException.builder()
                    .message("The filter value is missing for filter key " + filter.key())
                    .build();
        }
        List<String> values = filter.values();
        return switch (filter.key()) {
            case "Name" -> name(values, option(filter, "Equals", "BeginsWith", "Contains"));
            case "Path" -> path(values, option(filter, "OneLevel", "Recursive"));
            case "Label" -> {
                option(filter, "Equals");
                yield parameter -> parameter.labelsOf(parameter.current().version()).stream()
                        .anyMatch(values::contains);
            }
            case "KeyId" -> {
                boolean beginning = option(filter, "Equals", "BeginsWith").equals("BeginsWith");
                yield anyOf(values, p -> p.current().keyId(), beginning ? String::startsWith : String::equals);
            }
            case "Type" -> equal(filter, p -> p.current().type());
            case "Tier" -> equal(filter, p -> p.current().tier());
            default -> equal(filter, p -> p.current().dataType());
        };
    }

    private static Predicate<ParameterRecord> equal(
            ParameterStringFilter filter, Function<ParameterRecord, String> field) {
        option(filter, "Equals");
        return anyOf(filter.values(), field, String::equals);
    }

    /** Names are compared without the slash that they may begin with. */
    private static Predicate<ParameterRecord> name(List<String> values, String option) {
        List<String> bare = values.stream().map(ParameterFilters::bare).toList();
        return switch (option) {
            case "BeginsWith" -> anyOf(bare, p -> bare(p.name()), String::startsWith);
            case "Contains" ->
                anyOf(
                        values.stream().map(v -> v.toLowerCase(Locale.ROOT)).toList(),
                        p -> p.name().toLowerCase(Locale.ROOT),
                        String::contains);
            default -> anyOf(bare, p -> bare(p.name()), String::equals);
        };
    }

    private static String bare(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static Predicate<ParameterRecord> path(List<String> values, String option) {
        List<String> below = values.stream()
                .map(value -> value.endsWith("/") ? value : value + "/")
                .toList();
        boolean recursive = option.equals("Recursive");
        return parameter -> below.stream()
                .anyMatch(path -> parameter.name().startsWith(path)
                        && (recursive || parameter.name().indexOf('/', path.length()) < 0));
    }

    private static Predicate<ParameterRecord> anyOf(
            List<String> values, Function<ParameterRecord, String> field, BiPredicate<String, String> matching) {
        return parameter -> values.stream().anyMatch(value -> matching.test(field.apply(parameter), value));
    }

    /** The option of a filter, the first of those that it may have being the one that is meant without. */
    private static String option(ParameterStringFilter filter, String... allowed) {
        String option = filter.option() == null ? allowed[0] : filter.option();
        if (!List.of(allowed).contains(option)) {
            throw InvalidFilterOptionException.builder()
                    .message("The following filter option is not valid: " + option + ". Valid options include: "
                            + List.of(allowed))
                    .build();
        }
        return option;
    }

    private static RuntimeException noKey(String key) {
        return InvalidFilterKeyException.builder()
                .message("The following filter key is not valid: " + key)
                .build();
    }
}
