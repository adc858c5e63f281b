package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.Tag;

class VersionsTest extends S3Test {
    @Test
    void everyVersionCanBeRead() {
        version(BucketVersioningStatus.ENABLED);
        String first = put("key", "one").versionId();
        String second = put("key", bytes(9_000)).versionId();
        String third = put("key", "three").versionId();

        assertThat(text("key")).isEqualTo("three");
        assertThat(read(first)).isEqualTo("one");
        assertThat(s3.headObject(request -> request.bucket(BUCKET).key("key").versionId(second))
                        .contentLength())
                .isEqualTo(9_000);
        assertThat(listed()).extracting(ObjectVersion::versionId).containsExactly(third, second, first);
        assertThat(listed()).extracting(ObjectVersion::isLatest).containsExactly(true, false, false);
        refused("NoSuchVersion", 404, () -> read("x".repeat(32)));
        AwsServiceException nonsense = refused("InvalidArgument", 400, () -> read("nonsense"));
        assertThat(nonsense.awsErrorDetails().errorMessage()).isEqualTo("Invalid version id specified");
        refused(
                "InvalidArgument",
                400,
                () -> s3.deleteObject(
                        request -> request.bucket(BUCKET).key("key").versionId("nonsense")));
    }

    @Test
    void aDeleteMarkerHidesAnObjectUntilItIsRemoved() {
        version(BucketVersioningStatus.ENABLED);
        String kept = put("key", "text").versionId();

        DeleteObjectResponse deleted =
                s3.deleteObject(request -> request.bucket(BUCKET).key("key"));

        assertThat(deleted.deleteMarker()).isTrue();
        AwsServiceException hidden = refused("NoSuchKey", 404, () -> text("key"));
        assertThat(header(hidden, "x-amz-delete-marker")).isEqualTo("true");
        assertThat(header(hidden, "x-amz-version-id")).isEqualTo(deleted.versionId());
        assertThat(read(kept)).isEqualTo("text");
        refused("MethodNotAllowed", 405, () -> read(deleted.versionId()));
        assertThat(s3.listObjectsV2(request -> request.bucket(BUCKET)).contents())
                .isEmpty();
        assertThat(s3.listObjectVersions(request -> request.bucket(BUCKET)).deleteMarkers())
                .extracting(DeleteMarkerEntry::isLatest)
                .containsExactly(true);

        DeleteObjectResponse removed =
                s3.deleteObject(request -> request.bucket(BUCKET).key("key").versionId(deleted.versionId()));

        assertThat(removed.deleteMarker()).isTrue();
        assertThat(text("key")).isEqualTo("text");
    }

    @Test
    void deletingTheNewestVersionBringsTheOneBeforeBack() {
        version(BucketVersioningStatus.ENABLED);
        put("key", "one");
        put("key", "two");
        String third = put("key", "three").versionId();

        s3.deleteObject(request -> request.bucket(BUCKET).key("key").versionId(third));

        assertThat(text("key")).isEqualTo("two");
        put("key", "four");
        assertThat(text("key")).isEqualTo("four");
        assertThat(listed()).hasSize(3);
    }

    @Test
    void whatWasThereBeforeVersionsIsTheNullVersion() {
        put("key", "before");
        version(BucketVersioningStatus.ENABLED);
        put("key", "after");

        assertThat(read("null")).isEqualTo("before");

        version(BucketVersioningStatus.SUSPENDED);
        assertThat(put("key", "suspended").versionId()).isEqualTo("null");

        assertThat(read("null")).isEqualTo("suspended");
        assertThat(listed()).hasSize(2);
        s3.deleteObject(request -> request.bucket(BUCKET).key("key"));
        assertThat(listed()).hasSize(1);
        refused("NoSuchKey", 404, () -> text("key"));
    }

    @Test
    void versionsAreListedInPages() {
        version(BucketVersioningStatus.ENABLED);
        put("a", "1");
        put("a", "2");
        put("a!", "1");
        put("b", "1");
        s3.deleteObject(request -> request.bucket(BUCKET).key("b"));

        List<String> seen = new java.util.ArrayList<>();
        ListObjectVersionsResponse page =
                s3.listObjectVersions(request -> request.bucket(BUCKET).maxKeys(1));
        while (true) {
            page.versions().forEach(version -> seen.add(version.key() + version.isLatest()));
            page.deleteMarkers().forEach(marker -> seen.add(marker.key() + " marker"));
            if (!page.isTruncated()) {
                break;
            }
            String key = page.nextKeyMarker();
            String id = page.nextVersionIdMarker();
            page = s3.listObjectVersions(
                    request -> request.bucket(BUCKET).maxKeys(1).keyMarker(key).versionIdMarker(id));
        }

        assertThat(seen).containsExactly("atrue", "afalse", "a!true", "b marker", "bfalse");
    }

    @Test
    void manyAreDeletedAtOnce() {
        version(BucketVersioningStatus.ENABLED);
        String old = put("a", "1").versionId();
        put("b", "1");

        var response = s3.deleteObjects(request -> request.bucket(BUCKET)
                .delete(delete -> delete.objects(
                        ObjectIdentifier.builder().key("a").versionId(old).build(),
                        ObjectIdentifier.builder().key("b").build(),
                        ObjectIdentifier.builder().key("absent").build(),
                        ObjectIdentifier.builder().key("b").eTag("\"wrong\"").build())));

        assertThat(response.deleted()).extracting(DeletedObject::key).containsExactly("a", "b", "absent");
        assertThat(response.deleted()).extracting(DeletedObject::deleteMarker).containsExactly(null, true, true);
        assertThat(response.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.code()).isEqualTo("PreconditionFailed"));
        refused(
                "MalformedXML",
                400,
                () -> s3.deleteObjects(request -> request.bucket(BUCKET).delete(delete -> delete.objects(List.of()))));
    }

    @Test
    void tagsBelongToAVersion() {
        version(BucketVersioningStatus.ENABLED);
        String first = put("key", "one").versionId();
        put("key", "two");

        s3.putObjectTagging(request -> request.bucket(BUCKET)
                .key("key")
                .versionId(first)
                .tagging(tagging ->
                        tagging.tagSet(Tag.builder().key("a").value("b").build())));

        assertThat(s3.getObjectTagging(
                                request -> request.bucket(BUCKET).key("key").versionId(first))
                        .tagSet())
                .hasSize(1);
        assertThat(s3.getObjectTagging(request -> request.bucket(BUCKET).key("key"))
                        .tagSet())
                .isEmpty();
        assertThat(text("key")).isEqualTo("two");
    }

    private String read(String versionId) {
        return s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key").versionId(versionId))
                .asUtf8String();
    }

    private List<ObjectVersion> listed() {
        return s3.listObjectVersions(request -> request.bucket(BUCKET)).versions();
    }
}
