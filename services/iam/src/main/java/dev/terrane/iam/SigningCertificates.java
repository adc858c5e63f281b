package dev.terrane.iam;

import dev.terrane.iam.UserCredentialsRecord.UserCertificate;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import software.amazon.awssdk.services.iam.model.*;

/** The X.509 certificates of users, with which requests of some services were signed before there were access keys. */
final class SigningCertificates {
    private static final int MOST = 2;
    private static final int ID_LENGTH = 32;

    private final IamTables tables;
    private final Markers markers;

    SigningCertificates(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    UploadSigningCertificateResponse upload(UploadSigningCertificateRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        X509.one(request.certificateBody());
        UserCredentialsRecord credentials = tables.credentials(scope, user);
        if (credentials.certificates().stream()
                .anyMatch(known ->
                        known.body().strip().equals(request.certificateBody().strip()))) {
            throw DuplicateCertificateException.builder()
                    .message("The same certificate is already associated with the user " + user.name() + ".")
                    .build();
        }
        if (credentials.certificates().size() >= MOST) {
            throw Refusals.quota("SigningCertificatesPerUser", MOST);
        }
        UserCertificate certificate = new UserCertificate(
                (Ids.iam("") + Ids.iam("")).substring(0, ID_LENGTH), request.certificateBody(), true, Moments.now());
        tables.userCredentials().put(scope, credentials.with(certificate));
        return UploadSigningCertificateResponse.builder()
                .certificate(sdk(user, certificate))
                .build();
    }

    ListSigningCertificatesResponse list(ListSigningCertificatesRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        var page = markers.page(
                "signing-certificates|" + user.id(),
                tables.credentials(scope, user).certificates(),
                UserCertificate::id,
                request.maxItems(),
                request.marker());
        return ListSigningCertificatesResponse.builder()
                .certificates(
                        page.items().stream().map(found -> sdk(user, found)).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateSigningCertificateResponse update(UpdateSigningCertificateRequest request) {
        if (request.status() == StatusType.EXPIRED) {
            throw Refusals.invalid("Status must be Active or Inactive.");
        }
        Scope scope = Call.current().globalScope();
        UserCredentialsRecord credentials =
                tables.credentials(scope, tables.user(scope, Users.named(request.userName())));
        UserCertificate certificate = require(credentials, request.certificateId());
        tables.userCredentials()
                .put(scope, credentials.with(certificate.activated(request.status() == StatusType.ACTIVE)));
        return UpdateSigningCertificateResponse.builder().build();
    }

    DeleteSigningCertificateResponse delete(DeleteSigningCertificateRequest request) {
        Scope scope = Call.current().globalScope();
        UserCredentialsRecord credentials =
                tables.credentials(scope, tables.user(scope, Users.named(request.userName())));
        UserCertificate certificate = require(credentials, request.certificateId());
        tables.userCredentials().put(scope, credentials.withoutCertificate(certificate.id()));
        return DeleteSigningCertificateResponse.builder().build();
    }

    private static UserCertificate require(UserCredentialsRecord credentials, String id) {
        return credentials
                .certificate(id)
                .orElseThrow(() -> Refusals.noSuchEntity("The Certificate with id " + id + " cannot be found."));
    }

    private static SigningCertificate sdk(UserRecord user, UserCertificate certificate) {
        return SigningCertificate.builder()
                .userName(user.name())
                .certificateId(certificate.id())
                .certificateBody(certificate.body())
                .status(certificate.active() ? StatusType.ACTIVE : StatusType.INACTIVE)
                .uploadDate(certificate.uploaded())
                .build();
    }
}
