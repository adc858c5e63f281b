package dev.terrane.secretsmanager;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.Optional;

/** Finding secrets by name, ARN, or an ARN without the six characters at its end. */
final class Lookup {
    private static final int SUFFIX = 7;

    private final SecretTables tables;

    Lookup(SecretTables tables) {
        this.tables = tables;
    }

    Optional<SecretTables.Placed> find(Scope caller, String id) {
        Optional<Arn> arn = Arn.find(id);
        if (arn.isEmpty()) {
            return placed(caller, id);
        }
        String resource = arn.get().resource();
        if (!resource.startsWith("secret:")) {
            return Optional.empty();
        }
        Scope scope = new Scope(arn.get().account(), arn.get().region());
        String name = resource.substring("secret:".length());
        Optional<SecretTables.Placed> whole = name.length() > SUFFIX
                ? placed(scope, name.substring(0, name.length() - SUFFIX))
                        .filter(found -> found.secret().arn().equals(id))
                : Optional.empty();
        return whole.isPresent() ? whole : placed(scope, name);
    }

    private Optional<SecretTables.Placed> placed(Scope scope, String name) {
        return tables.secret(scope, name).map(secret -> new SecretTables.Placed(scope, secret));
    }

    /** The secret that a request means, whether or not it is marked for deletion. */
    SecretTables.Placed any(String id) {
        return find(Call.current().scope(), id)
                .filter(found -> found.scope().region().equals(Call.current().region()))
                .orElseThrow(Refusals::missing);
    }

    /** The secret that a request means, which is not marked for deletion. */
    SecretTables.Placed live(String id) {
        SecretTables.Placed found = any(id);
        if (found.secret().isDeleted()) {
            throw Refusals.markedForDeletion();
        }
        return found;
    }
}
