package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policies that are embedded in users, groups and roles. */
final class InlinePolicies {
    private final IamTables tables;
    private final Markers markers;

    InlinePolicies(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    /** An inline policy with the name of its identity in its own case. */
    record Found(String identity, String name, String document) {}

    void put(Kind kind, String identityName, String name, String document) {
        Scope scope = Call.current().globalScope();
        Identity identity = modifiable(scope, kind, identityName);
        Documents.identity(document);
        Permissions changed = identity.permissions().withInline(name, document);
        int size = changed.inline().values().stream().mapToInt(Documents::size).sum();
        if (size > kind.inlineLimit()) {
            throw Refusals.limit("Maximum policy size of " + kind.inlineLimit() + " bytes exceeded for " + kind.word()
                    + " " + identity.name());
        }
        tables.put(scope, identity.with(changed));
    }

    private Identity modifiable(Scope scope, Kind kind, String name) {
        return kind == Kind.ROLE ? tables.modifiableRole(scope, name) : tables.identity(scope, kind, name);
    }

    Found get(Kind kind, String identityName, String name) {
        Identity identity = tables.identity(Call.current().globalScope(), kind, identityName);
        return new Found(identity.name(), name, Documents.encoded(require(identity, name)));
    }

    void delete(Kind kind, String identityName, String name) {
        Scope scope = Call.current().globalScope();
        Identity identity = modifiable(scope, kind, identityName);
        require(identity, name);
        tables.put(scope, identity.with(identity.permissions().withoutInline(name)));
    }

    Markers.Marked<String> list(Kind kind, String identityName, @Nullable Integer maxItems, @Nullable String marker) {
        Identity identity = tables.identity(Call.current().globalScope(), kind, identityName);
        return markers.page(
                "inline|" + identity.id(),
                List.copyOf(identity.permissions().inline().keySet()),
                name -> name,
                maxItems,
                marker);
    }

    private static String require(Identity identity, String name) {
        String document = identity.permissions().inline().get(name);
        if (document == null) {
            throw Refusals.noSuchEntity(
                    "The " + identity.kind().word() + " policy with name " + name + " cannot be found.");
        }
        return document;
    }
}
