package dev.terrane.iam;

import dev.terrane.iam.UserCredentialsRecord.SshKey;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import software.amazon.awssdk.services.iam.model.*;

/** The SSH public keys of users, by which Git over SSH would know them. */
final class SshKeys {
    private static final int MOST = 5;

    private final IamTables tables;
    private final Markers markers;

    SshKeys(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    UploadSshPublicKeyResponse upload(UploadSshPublicKeyRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        SshPublicKey parsed = SshPublicKey.parse(request.sshPublicKeyBody());
        UserCredentialsRecord credentials = tables.credentials(scope, user);
        if (credentials.sshKeys().stream().anyMatch(known -> known.fingerprint().equals(parsed.fingerprint()))) {
            throw DuplicateSshPublicKeyException.builder()
                    .message("The SSH public key is already associated with the specified IAM user.")
                    .build();
        }
        if (credentials.sshKeys().size() >= MOST) {
            throw Refusals.quota("PublicKeysPerUser", MOST);
        }
        SshKey key = new SshKey(Ids.iam("APKA"), parsed.line(), parsed.fingerprint(), true, Moments.now());
        tables.userCredentials().put(scope, credentials.with(key));
        return UploadSshPublicKeyResponse.builder()
                .sshPublicKey(sdk(user, key, request.sshPublicKeyBody()))
                .build();
    }

    GetSshPublicKeyResponse get(GetSshPublicKeyRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        SshKey key = require(tables.credentials(scope, user), request.sshPublicKeyId());
        String body = switch (request.encoding()) {
            case SSH -> key.line();
            case PEM -> SshPublicKey.parse(key.line()).pem();
            case UNKNOWN_TO_SDK_VERSION ->
                throw UnrecognizedPublicKeyEncodingException.builder()
                        .message("The public key encoding format is unsupported or unrecognized.")
                        .build();
        };
        return GetSshPublicKeyResponse.builder()
                .sshPublicKey(sdk(user, key, body))
                .build();
    }

    ListSshPublicKeysResponse list(ListSshPublicKeysRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        var page = markers.page(
                "ssh-keys|" + user.id(),
                tables.credentials(scope, user).sshKeys(),
                SshKey::id,
                request.maxItems(),
                request.marker());
        return ListSshPublicKeysResponse.builder()
                .sshPublicKeys(page.items().stream()
                        .map(key -> SSHPublicKeyMetadata.builder()
                                .userName(user.name())
                                .sshPublicKeyId(key.id())
                                .status(status(key))
                                .uploadDate(key.uploaded())
                                .build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateSshPublicKeyResponse update(UpdateSshPublicKeyRequest request) {
        if (request.status() == StatusType.EXPIRED) {
            throw Refusals.invalid("Status must be Active or Inactive.");
        }
        Scope scope = Call.current().globalScope();
        UserCredentialsRecord credentials = tables.credentials(scope, tables.user(scope, request.userName()));
        SshKey key = require(credentials, request.sshPublicKeyId());
        tables.userCredentials().put(scope, credentials.with(key.activated(request.status() == StatusType.ACTIVE)));
        return UpdateSshPublicKeyResponse.builder().build();
    }

    DeleteSshPublicKeyResponse delete(DeleteSshPublicKeyRequest request) {
        Scope scope = Call.current().globalScope();
        UserCredentialsRecord credentials = tables.credentials(scope, tables.user(scope, request.userName()));
        SshKey key = require(credentials, request.sshPublicKeyId());
        tables.userCredentials().put(scope, credentials.withoutSshKey(key.id()));
        return DeleteSshPublicKeyResponse.builder().build();
    }

    private static SshKey require(UserCredentialsRecord credentials, String id) {
        return credentials
                .sshKey(id)
                .orElseThrow(() -> Refusals.noSuchEntity("The Public Key with id " + id + " cannot be found."));
    }

    private static StatusType status(SshKey key) {
        return key.active() ? StatusType.ACTIVE : StatusType.INACTIVE;
    }

    private static SSHPublicKey sdk(UserRecord user, SshKey key, String body) {
        return SSHPublicKey.builder()
                .userName(user.name())
                .sshPublicKeyId(key.id())
                .fingerprint(key.fingerprint())
                .sshPublicKeyBody(body)
                .status(status(key))
                .uploadDate(key.uploaded())
                .build();
    }
}
