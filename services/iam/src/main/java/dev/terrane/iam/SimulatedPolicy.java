package dev.terrane.iam;

import dev.terrane.kernel.policy.Condition;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.model.PolicySourceType;

/**
 * A policy that takes part in a simulation.
 *
 * @param id how the results name it
 * @param source where it comes from
 */
record SimulatedPolicy(String id, PolicySourceType source, PolicyDocument document) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^},]+:[^},]+)(?:,[^}]*)?\\}");

    /** A matched statement as results show it. */
    software.amazon.awssdk.services.iam.model.Statement shown(Statement statement) {
        StatementPositions.Span span = StatementPositions.of(document.text()).get(statement.index());
        return software.amazon.awssdk.services.iam.model.Statement.builder()
                .sourcePolicyId(id)
                .sourcePolicyType(source)
                .startPosition(span.start())
                .endPosition(span.end())
                .build();
    }

    /** The context keys that conditions and variables of these policies ask for. */
    static Set<String> contextKeys(List<SimulatedPolicy> policies) {
        Set<String> keys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (SimulatedPolicy policy : policies) {
            for (Statement statement : policy.document().statements()) {
                statement.conditions().stream().map(Condition::key).forEach(keys::add);
            }
            Matcher variables = VARIABLE.matcher(policy.document().text());
            while (variables.find()) {
                keys.add(variables.group(1).trim());
            }
        }
        return keys;
    }
}
