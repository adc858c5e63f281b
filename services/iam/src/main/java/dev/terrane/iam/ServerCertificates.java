package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.*;

/** Certificates of servers. */
final class ServerCertificates {
    /** "IAM and AWS STS quotas". */
    static final int MOST = 20;

    private final IamTables tables;
    private final Markers markers;

    ServerCertificates(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    UploadServerCertificateResponse upload(UploadServerCertificateRequest request) {
        Scope scope = Call.current().globalScope();
        String name = request.serverCertificateName();
        X509Certificate certificate = X509.one(request.certificateBody());
        X509.checkKey(certificate, request.privateKey());
        if (request.certificateChain() != null) {
            X509.checkChain(certificate, request.certificateChain());
        }
        if (tables.serverCertificates().get(scope, Names.key(name)).isPresent()) {
            throw exists(name);
        }
        if (tables.serverCertificates().all(scope).size() >= MOST) {
            throw Refusals.quota("ServerCertificatesPerAccount", MOST);
        }
        ServerCertificateRecord record = new ServerCertificateRecord(
                scope.account(),
                name,
                Paths.of(request.path()),
                Ids.iam("ASCA"),
                request.certificateBody().strip(),
                Optional.ofNullable(request.certificateChain()).map(String::strip),
                request.privateKey(),
                Moments.now(),
                certificate.getNotAfter().toInstant(),
                Tagging.add(Map.of(), request.tags()));
        tables.serverCertificates().put(scope, record);
        UploadServerCertificateResponse.Builder response =
                UploadServerCertificateResponse.builder().serverCertificateMetadata(metadata(record));
        return record.tags().isEmpty()
                ? response.build()
                : response.tags(Tagging.toSdk(record.tags())).build();
    }

    GetServerCertificateResponse get(GetServerCertificateRequest request) {
        ServerCertificateRecord record = require(Call.current().globalScope(), request.serverCertificateName());
        ServerCertificate.Builder certificate = ServerCertificate.builder()
                .serverCertificateMetadata(metadata(record))
                .certificateBody(record.body())
                .certificateChain(record.chain().orElse(null));
        if (!record.tags().isEmpty()) {
            certificate.tags(Tagging.toSdk(record.tags()));
        }
        return GetServerCertificateResponse.builder()
                .serverCertificate(certificate.build())
                .build();
    }

    ListServerCertificatesResponse list(ListServerCertificatesRequest request) {
        String prefix = Paths.prefix(request.pathPrefix());
        var page = markers.page(
                "server-certificates|" + prefix,
                tables.serverCertificates(),
                Call.current().globalScope(),
                record -> record.path().startsWith(prefix),
                ServerCertificateRecord::key,
                request.maxItems(),
                request.marker());
        return ListServerCertificatesResponse.builder()
                .serverCertificateMetadataList(
                        page.items().stream().map(ServerCertificates::metadata).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateServerCertificateResponse update(UpdateServerCertificateRequest request) {
        Scope scope = Call.current().globalScope();
        ServerCertificateRecord before = require(scope, request.serverCertificateName());
        ServerCertificateRecord after = before.named(
                request.newServerCertificateName() == null ? before.name() : request.newServerCertificateName(),
                request.newPath() == null ? before.path() : request.newPath());
        if (!after.key().equals(before.key())) {
            if (tables.serverCertificates().get(scope, after.key()).isPresent()) {
                throw exists(after.name());
            }
            tables.serverCertificates().delete(scope, before.key());
        }
        tables.serverCertificates().put(scope, after);
        return UpdateServerCertificateResponse.builder().build();
    }

    DeleteServerCertificateResponse delete(DeleteServerCertificateRequest request) {
        Scope scope = Call.current().globalScope();
        tables.serverCertificates()
                .delete(scope, require(scope, request.serverCertificateName()).key());
        return DeleteServerCertificateResponse.builder().build();
    }

    TagServerCertificateResponse tag(TagServerCertificateRequest request) {
        Scope scope = Call.current().globalScope();
        ServerCertificateRecord record = require(scope, request.serverCertificateName());
        tables.serverCertificates().put(scope, record.withTags(Tagging.add(record.tags(), request.tags())));
        return TagServerCertificateResponse.builder().build();
    }

    UntagServerCertificateResponse untag(UntagServerCertificateRequest request) {
        Scope scope = Call.current().globalScope();
        ServerCertificateRecord record = require(scope, request.serverCertificateName());
        tables.serverCertificates()
                .put(scope, record.withTags(Tagging.remove(record.tags(), request.tagKeys(), false)));
        return UntagServerCertificateResponse.builder().build();
    }

    ListServerCertificateTagsResponse listTags(ListServerCertificateTagsRequest request) {
        ServerCertificateRecord record = require(Call.current().globalScope(), request.serverCertificateName());
        var page = markers.page(
                "server-certificate-tags|" + record.id(),
                Tagging.toSdk(record.tags()),
                Tag::key,
                request.maxItems(),
                request.marker());
        return ListServerCertificateTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private ServerCertificateRecord require(Scope scope, String name) {
        return tables.serverCertificates()
                .get(scope, Names.key(name))
                .orElseThrow(
                        () -> Refusals.noSuchEntity("The Server Certificate with name " + name + " cannot be found."));
    }

    private static EntityAlreadyExistsException exists(String name) {
        return Refusals.alreadyExists("The Server Certificate with name " + name + " already exists.");
    }

    private static ServerCertificateMetadata metadata(ServerCertificateRecord record) {
        return ServerCertificateMetadata.builder()
                .path(record.path())
                .serverCertificateName(record.name())
                .serverCertificateId(record.id())
                .arn(record.arn())
                .uploadDate(record.uploaded())
                .expiration(record.expires())
                .build();
    }
}
