package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.identity.AccessKeyIds;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.services.iam.model.*;

/** The long-term access keys of users. */
final class AccessKeys {
    private static final int MOST = 2;

    private final IamTables tables;
    private final KeyUses uses;
    private final Markers markers;

    AccessKeys(IamTables tables, KeyUses uses, Markers markers) {
        this.tables = tables;
        this.uses = uses;
        this.markers = markers;
    }

    CreateAccessKeyResponse create(CreateAccessKeyRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        if (user.accessKeys().size() >= MOST) {
            throw Refusals.quota("AccessKeysPerUser", MOST);
        }
        AccessKeyRecord key = new AccessKeyRecord(
                AccessKeyIds.make(AccessKeyIds.LONG_TERM, scope.account()),
                Base64.getEncoder().encodeToString(Ids.bytes(30)),
                scope.account(),
                user.name(),
                Moments.now(),
                true);
        tables.accessKeys().put(Scope.INSTALLATION, key);
        tables.users().put(scope, user.withAccessKeys(UserRecord.and(user.accessKeys(), key.id())));
        return CreateAccessKeyResponse.builder()
                .accessKey(AccessKey.builder()
                        .userName(user.name())
                        .accessKeyId(key.id())
                        .secretAccessKey(key.secret())
                        .status(StatusType.ACTIVE)
                        .createDate(key.created())
                        .build())
                .build();
    }

    UpdateAccessKeyResponse update(UpdateAccessKeyRequest request) {
        Scope scope = Call.current().globalScope();
        if (request.status() == StatusType.EXPIRED) {
            throw Refusals.validation("Status must be Active or Inactive.");
        }
        AccessKeyRecord key = require(tables.user(scope, Users.named(request.userName())), request.accessKeyId());
        tables.accessKeys().put(Scope.INSTALLATION, key.activated(request.status() == StatusType.ACTIVE));
        return UpdateAccessKeyResponse.builder().build();
    }

    DeleteAccessKeyResponse delete(DeleteAccessKeyRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        AccessKeyRecord key = require(user, request.accessKeyId());
        tables.accessKeys().delete(Scope.INSTALLATION, key.id());
        tables.accessKeyUses().delete(Scope.INSTALLATION, key.id());
        tables.users().put(scope, user.withAccessKeys(UserRecord.without(user.accessKeys(), key.id())));
        return DeleteAccessKeyResponse.builder().build();
    }

    private AccessKeyRecord require(UserRecord user, String id) {
        return tables.accessKeys()
                .get(Scope.INSTALLATION, id)
                .filter(key -> user.accessKeys().contains(key.id()))
                .orElseThrow(() -> Refusals.noSuchEntity("The Access Key with id " + id + " cannot be found."));
    }

    ListAccessKeysResponse list(ListAccessKeysRequest request) {
        UserRecord user = tables.user(Call.current().globalScope(), Users.named(request.userName()));
        List<AccessKeyMetadata> keys = user.accessKeys().stream()
                .flatMap(id -> tables.accessKeys().peek(Scope.INSTALLATION, id).stream())
                .map(key -> AccessKeyMetadata.builder()
                        .userName(user.name())
                        .accessKeyId(key.id())
                        .status(key.active() ? StatusType.ACTIVE : StatusType.INACTIVE)
                        .createDate(key.created())
                        .build())
                .toList();
        var page = markers.page(
                "access-keys|" + user.id(), keys, AccessKeyMetadata::accessKeyId, request.maxItems(), request.marker());
        return ListAccessKeysResponse.builder()
                .accessKeyMetadata(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    GetAccessKeyLastUsedResponse lastUsed(GetAccessKeyLastUsedRequest request) {
        AccessKeyRecord key = tables.accessKeys()
                .get(Scope.INSTALLATION, request.accessKeyId())
                .filter(k -> k.account().equals(Call.current().account()))
                .orElseThrow(() ->
                        Refusals.noSuchEntity("The Access Key with id " + request.accessKeyId() + " cannot be found."));
        AccessKeyLastUsed used = uses.last(key.id())
                .map(use -> AccessKeyLastUsed.builder()
                        .lastUsedDate(use.time())
                        .serviceName(use.service())
                        .region(use.region())
                        .build())
                .orElseGet(() -> AccessKeyLastUsed.builder()
                        .serviceName("N/A")
                        .region("N/A")
                        .build());
        return GetAccessKeyLastUsedResponse.builder()
                .userName(key.user())
                .accessKeyLastUsed(used)
                .build();
    }
}
