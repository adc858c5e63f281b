package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operations of a REST service by method and URI. Of several that fit, the one that asks for more is meant:
 * literals first, then query parameters and headers.
 */
final class RestTable {

    private record Entry(Operation operation, UriTemplate template) {
        int demands() {
            return 2 * template.query.size()
                    + operation.http().requiredQuery().size()
                    + operation.http().requiredHeaders().size();
        }

        boolean fits(WireRequest request, Map<String, String> query) {
            for (Map.Entry<String, String> fixed : template.query.entrySet()) {
                String value = query.get(fixed.getKey());
                if (value == null
                        || (!fixed.getValue().isEmpty() && !fixed.getValue().equals(value))) {
                    return false;
                }
            }
            return query.keySet().containsAll(operation.http().requiredQuery())
                    && operation.http().requiredHeaders().stream().allMatch(request.headers()::contains)
                    && template.match(request.path()) != null;
        }
    }

    private final Map<String, List<Entry>> byMethod = new HashMap<>();

    RestTable(ServiceContract service) {
        service.operations()
                .values()
                .forEach(operation -> byMethod.computeIfAbsent(operation.http().method(), method -> new ArrayList<>())
                        .add(new Entry(
                                operation, UriTemplate.of(operation.http().uri()))));
        Comparator<Entry> closest = Comparator.comparingInt(
                        (Entry entry) -> -entry.template().literals())
                .thenComparing(entry -> entry.template().greedy())
                .thenComparingInt(entry -> -entry.demands())
                .thenComparing(entry -> entry.operation().name());
        byMethod.values().forEach(entries -> entries.sort(closest));
    }

    Optional<Operation> find(WireRequest request, Map<String, String> query) {
        for (Entry entry : byMethod.getOrDefault(request.method(), List.of())) {
            if (entry.fits(request, query)) {
                return Optional.of(entry.operation());
            }
        }
        return Optional.empty();
    }
}
