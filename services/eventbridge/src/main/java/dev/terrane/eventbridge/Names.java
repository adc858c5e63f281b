package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import org.jspecify.annotations.Nullable;

/** ARNs and names of buses and rules. */
final class Names {
    private Names() {}

    static String busArn(Scope scope, String bus) {
        return Arn.of("events", scope.region(), scope.account(), "event-bus/" + bus)
                .toString();
    }

    /** A rule's ARN holds its bus unless that is the default one. */
    static String ruleArn(Scope scope, String bus, String rule) {
        String resource = bus.equals(BusRecord.DEFAULT) ? "rule/" + rule : "rule/" + bus + "/" + rule;
        return Arn.of("events", scope.region(), scope.account(), resource).toString();
    }

    /** The bus that a request names by its name or ARN; the default one where it names none. A bus of another account is not found. */
    static String bus(@Nullable String nameOrArn) {
        if (nameOrArn == null || nameOrArn.isEmpty()) {
            return BusRecord.DEFAULT;
        }
        if (!Arn.isArn(nameOrArn)) {
            return nameOrArn;
        }
        Arn arn = Arn.parse(nameOrArn);
        Call call = Call.current();
        if (!arn.account().equals(call.account()) || !arn.region().equals(call.region())) {
            throw Errors.notFound("Event bus " + nameOrArn + " does not exist.");
        }
        return busOf(arn);
    }

    /** The bus that an ARN names. */
    static String busOf(Arn arn) {
        return arn.resource().substring(arn.resource().indexOf('/') + 1);
    }
}
