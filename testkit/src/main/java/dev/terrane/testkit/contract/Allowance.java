package dev.terrane.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a caller is allowed, action by action on one resource each, as denials have named them. */
record Allowance(List<Denial.Grant> grants) {
    /** Nothing. */
    static Allowance nothing() {
        return new Allowance(List.of());
    }

    Allowance and(Denial.Grant grant) {
        List<Denial.Grant> more = new ArrayList<>(grants);
        more.add(grant);
        return new Allowance(List.copyOf(more));
    }

    /** The policy that allows this and nothing else. */
    String policy() {
        String statements = grants.isEmpty()
                ? "{\"Effect\":\"Allow\",\"Action\":\"none:Nothing\",\"Resource\":\"*\"}"
                : grants.stream().map(grant -> grant.statement("Allow")).collect(Collectors.joining(","));
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
    }

    /** The policy that allows everything but the first of these. */
    String policyOfDenial() {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},"
                + grants.getFirst().statement("Deny") + "]}";
    }
}
