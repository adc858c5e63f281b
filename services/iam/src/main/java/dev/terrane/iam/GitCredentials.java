package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/** Service-specific credentials: the user name and password that Git sends to CodeCommit. The password is shown once and kept as a hash. */
final class GitCredentials {
    private static final String CODECOMMIT = "codecommit.amazonaws.com";
    private static final int MOST = 2;

    private final IamTables tables;
    private final Markers markers;

    GitCredentials(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    CreateServiceSpecificCredentialResponse create(CreateServiceSpecificCredentialRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        if (!request.serviceName().equals(CODECOMMIT)) {
            throw ServiceNotSupportedException.builder()
                    .message(
                            "Service " + request.serviceName() + " does not support service-specific credentials here.")
                    .build();
        }
        if (request.credentialAgeDays() != null) {
            throw Refusals.invalid("CredentialAgeDays is not supported for " + CODECOMMIT + ".");
        }
        if (user.gitCredentials().size() >= MOST) {
            throw Refusals.quota("ServiceSpecificCredentialsPerUser", MOST);
        }
        String password = newPassword();
        GitCredentialRecord credential = new GitCredentialRecord(
                freeName(user),
                Ids.iam("ACCA"),
                CODECOMMIT,
                scope.account(),
                user.name(),
                PasswordHash.of(password),
                Moments.now(),
                true);
        tables.gitCredentials().put(Scope.INSTALLATION, credential);
        tables.users()
                .put(
                        scope,
                        user.withGitCredentials(UserRecord.and(user.gitCredentials(), credential.serviceUserName())));
        return CreateServiceSpecificCredentialResponse.builder()
                .serviceSpecificCredential(sdk(credential, password))
                .build();
    }

    /** {@code alice-at-123456789012}, or {@code alice+1-at-123456789012} where that is taken. */
    private String freeName(UserRecord user) {
        for (int number = 0; ; number++) {
            String name = user.name() + (number == 0 ? "" : "+" + number) + "-at-" + user.account();
            if (tables.gitCredentials().get(Scope.INSTALLATION, name).isEmpty()) {
                return name;
            }
        }
    }

    private static String newPassword() {
        return Base64.getEncoder().encodeToString(Ids.bytes(32));
    }

    ResetServiceSpecificCredentialResponse reset(ResetServiceSpecificCredentialRequest request) {
        String password = newPassword();
        GitCredentialRecord changed = require(request.userName(), request.serviceSpecificCredentialId())
                .with(PasswordHash.of(password));
        tables.gitCredentials().put(Scope.INSTALLATION, changed);
        return ResetServiceSpecificCredentialResponse.builder()
                .serviceSpecificCredential(sdk(changed, password))
                .build();
    }

    UpdateServiceSpecificCredentialResponse update(UpdateServiceSpecificCredentialRequest request) {
        if (request.status() == StatusType.EXPIRED) {
            throw Refusals.validation("Status must be Active or Inactive.");
        }
        GitCredentialRecord credential = require(request.userName(), request.serviceSpecificCredentialId());
        tables.gitCredentials().put(Scope.INSTALLATION, credential.activated(request.status() == StatusType.ACTIVE));
        return UpdateServiceSpecificCredentialResponse.builder().build();
    }

    DeleteServiceSpecificCredentialResponse delete(DeleteServiceSpecificCredentialRequest request) {
        Scope scope = Call.current().globalScope();
        GitCredentialRecord credential = require(request.userName(), request.serviceSpecificCredentialId());
        UserRecord user = tables.user(scope, credential.user());
        tables.gitCredentials().delete(Scope.INSTALLATION, credential.serviceUserName());
        tables.users()
                .put(
                        scope,
                        user.withGitCredentials(
                                UserRecord.without(user.gitCredentials(), credential.serviceUserName())));
        return DeleteServiceSpecificCredentialResponse.builder().build();
    }

    private GitCredentialRecord require(@Nullable String userName, String id) {
        UserRecord user = tables.user(Call.current().globalScope(), Users.named(userName));
        return of(user).stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusals.noSuchEntity("No such credential " + id + " exists"));
    }

    private List<GitCredentialRecord> of(UserRecord user) {
        return user.gitCredentials().stream()
                .flatMap(name -> tables.gitCredentials().get(Scope.INSTALLATION, name).stream())
                .toList();
    }

    ListServiceSpecificCredentialsResponse list(ListServiceSpecificCredentialsRequest request) {
        Scope scope = Call.current().globalScope();
        boolean everyone = Boolean.TRUE.equals(request.allUsers());
        if (everyone && request.userName() != null) {
            throw Refusals.invalid("UserName and AllUsers must not be given together.");
        }
        List<GitCredentialRecord> found = new ArrayList<>();
        if (everyone) {
            tables.users().all(scope).forEach(user -> found.addAll(of(user)));
        } else {
            found.addAll(of(tables.user(scope, Users.named(request.userName()))));
        }
        found.removeIf(
                c -> request.serviceName() != null && !request.serviceName().equals(c.service()));
        var page = markers.page(
                "git-credentials|" + everyone + "|" + request.userName() + "|" + request.serviceName(),
                found,
                GitCredentialRecord::serviceUserName,
                request.maxItems(),
                request.marker());
        return ListServiceSpecificCredentialsResponse.builder()
                .serviceSpecificCredentials(page.items().stream()
                        .map(c -> ServiceSpecificCredentialMetadata.builder()
                                .userName(c.user())
                                .status(status(c))
                                .serviceUserName(c.serviceUserName())
                                .createDate(c.created())
                                .serviceSpecificCredentialId(c.id())
                                .serviceName(c.service())
                                .build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private static StatusType status(GitCredentialRecord credential) {
        return credential.active() ? StatusType.ACTIVE : StatusType.INACTIVE;
    }

    private static ServiceSpecificCredential sdk(GitCredentialRecord credential, String password) {
        return ServiceSpecificCredential.builder()
                .createDate(credential.created())
                .serviceName(credential.service())
                .serviceUserName(credential.serviceUserName())
                .servicePassword(password)
                .serviceSpecificCredentialId(credential.id())
                .userName(credential.user())
                .status(status(credential))
                .build();
    }
}
