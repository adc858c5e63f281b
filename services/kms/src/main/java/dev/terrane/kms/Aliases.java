package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Instant;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.kms.model.*;

/** Names for keys. */
final class Aliases {
    private static final Pattern FORM = Pattern.compile("alias/[a-zA-Z0-9/_-]+");
    private static final String RESERVED = "alias/aws/";

    private final KmsTables tables;
    private final Keys keys;
    private final Markers markers;

    Aliases(KmsTables tables, Keys keys, Markers markers) {
        this.tables = tables;
        this.keys = keys;
        this.markers = markers;
    }

    CreateAliasResponse create(CreateAliasRequest request) {
        String name = checked(request.aliasName());
        Scope scope = Call.current().scope();
        Keys.Found target = keys.changeable(keys.own(request.targetKeyId()));
        if (tables.alias(scope, name).isPresent()) {
            throw AlreadyExistsException.builder()
                    .message("An alias with the name " + Keys.aliasArn(scope, name) + " already exists")
                    .build();
        }
        Instant now = Call.current().time();
        tables.put(scope, new AliasRecord(name, target.key().keyId(), now, now));
        return CreateAliasResponse.builder().build();
    }

    UpdateAliasResponse update(UpdateAliasRequest request) {
        AliasRecord alias = require(checked(request.aliasName()));
        Keys.Found target = keys.changeable(keys.own(request.targetKeyId()));
        tables.key(target.scope(), alias.keyId())
                .filter(old -> !old.usage().equals(target.key().usage())
                        || old.symmetric() != target.key().symmetric())
                .ifPresent(old -> {
                    throw KmsErrors.usage("The alias's present and new keys must be of the same kind and usage.");
                });
        tables.put(
                target.scope(),
                new AliasRecord(
                        alias.name(),
                        target.key().keyId(),
                        alias.created(),
                        Call.current().time()));
        return UpdateAliasResponse.builder().build();
    }

    DeleteAliasResponse delete(DeleteAliasRequest request) {
        AliasRecord alias = require(checked(request.aliasName()));
        tables.deleteAlias(Call.current().scope(), alias.name());
        return DeleteAliasResponse.builder().build();
    }

    private AliasRecord require(String name) {
        Scope scope = Call.current().scope();
        return tables.alias(scope, name).orElseThrow(() -> KmsErrors.noAlias(Keys.aliasArn(scope, name)));
    }

    private static String checked(String name) {
        if (!name.startsWith("alias/")) {
            throw invalid("Alias must start with the prefix \"alias/\". Please see"
                    + " https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
        }
        if (!FORM.matcher(name).matches()) {
            throw invalid(
                    "Alias contains invalid characters: only letters, digits, slashes, underscores and hyphens may be"
                            + " used");
        }
        if (name.startsWith(RESERVED)) {
            throw invalid("Alias name cannot begin with " + RESERVED + ", which is reserved for AWS managed keys");
        }
        return name;
    }

    private static RuntimeException invalid(String message) {
        return InvalidAliasNameException.builder().message(message).build();
    }

    ListAliasesResponse list(ListAliasesRequest request) {
        Scope scope = Call.current().scope();
        String keyId =
                request.keyId() == null ? "" : keys.own(request.keyId()).key().keyId();
        String listing = "ListAliases|" + keyId;
        Query all = keyId.isEmpty() ? Query.all() : Query.equal("key", keyId);
        Page<AliasRecord> page = tables.aliases(
                scope,
                all.after(markers.cursor(listing, request.marker())).limit(KeyLifecycle.limit(request.limit(), 50)));
        return ListAliasesResponse.builder()
                .aliases(page.values().stream()
                        .map(alias -> AliasListEntry.builder()
                                .aliasName(alias.name())
                                .aliasArn(Keys.aliasArn(scope, alias.name()))
                                .targetKeyId(alias.keyId())
                                .creationDate(alias.created())
                                .lastUpdatedDate(alias.updated())
                                .build())
                        .toList())
                .nextMarker(markers.next(listing, page))
                .truncated(page.next().isPresent())
                .build();
    }
}
