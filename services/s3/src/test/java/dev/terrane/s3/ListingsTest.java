package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

class ListingsTest extends S3Test {
    @Test
    void keysAreListedInTheOrderOfTheirBytes() {
        for (String key : List.of("b", "a/z", "a", "a!b", "ä", "\uFFEE", "\uD83D\uDE00", "B", "a\u0001b", "a b")) {
            put(key, key);
        }

        assertThat(keys(s3.listObjectsV2(request -> request.bucket(BUCKET))))
                .containsExactly("B", "a", "a\u0001b", "a b", "a!b", "a/z", "b", "ä", "\uFFEE", "\uD83D\uDE00");
    }

    @Test
    void pagesFollowEachOther() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            expected.add("key-%02d".formatted(i));
            put(expected.getLast(), "x");
        }

        List<String> seen = new ArrayList<>();
        s3.listObjectsV2Paginator(request -> request.bucket(BUCKET).maxKeys(7)).stream()
                .forEach(page -> {
                    assertThat(page.keyCount()).isLessThanOrEqualTo(7);
                    seen.addAll(keys(page));
                });

        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void aPageThatEndsWithTheLastKeyIsTheLastPage() {
        put("a", "x");
        put("b", "x");

        ListObjectsV2Response page =
                s3.listObjectsV2(request -> request.bucket(BUCKET).maxKeys(2));

        assertThat(page.isTruncated()).isFalse();
        assertThat(page.nextContinuationToken()).isNull();
        assertThat(s3.listObjectsV2(request -> request.bucket(BUCKET).maxKeys(0))
                        .isTruncated())
                .isFalse();
    }

    @Test
    void aDelimiterFoldsFolders() {
        for (int i = 0; i < 100; i++) {
            put("logs/%03d".formatted(i), "x");
        }
        put("index.html", "x");
        put("logs.txt", "x");
        put("src/main/a", "x");
        put("src/b", "x");

        ListObjectsV2Response root =
                s3.listObjectsV2(request -> request.bucket(BUCKET).delimiter("/"));
        ListObjectsV2Response src = s3.listObjectsV2(
                request -> request.bucket(BUCKET).prefix("src/").delimiter("/"));

        assertThat(keys(root)).containsExactly("index.html", "logs.txt");
        assertThat(prefixes(root)).containsExactly("logs/", "src/");
        assertThat(root.keyCount()).isEqualTo(4);
        assertThat(keys(src)).containsExactly("src/b");
        assertThat(prefixes(src)).containsExactly("src/main/");
    }

    @Test
    void foldersArePagedLikeKeys() {
        List<String> expected = new ArrayList<>();
        for (int folder = 0; folder < 30; folder++) {
            for (int file = 0; file < (folder % 3 == 0 ? 40 : 1); file++) {
                put("f%02d/%02d".formatted(folder, file), "x");
            }
            expected.add("f%02d/".formatted(folder));
        }

        List<String> seen = new ArrayList<>();
        s3
                .listObjectsV2Paginator(
                        request -> request.bucket(BUCKET).delimiter("/").maxKeys(4))
                .stream()
                .forEach(page -> seen.addAll(prefixes(page)));

        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void aPrefixOfAnyCharactersSelects() {
        put("\uD83D\uDE00/a", "x");
        put("\uD83D\uDE01/b", "x");
        put("\uFFEE", "x");

        assertThat(keys(s3.listObjectsV2(request -> request.bucket(BUCKET).prefix("\uD83D\uDE00"))))
                .containsExactly("\uD83D\uDE00/a");
    }

    @Test
    void aListingBeginsAfterAKey() {
        put("a", "x");
        put("b", "x");
        put("b0", "x");

        assertThat(keys(s3.listObjectsV2(request -> request.bucket(BUCKET).startAfter("b"))))
                .containsExactly("b0");
    }

    @Test
    void tokensOfOtherListingsAreRefused() {
        put("a", "x");
        put("b", "x");
        String token =
                s3.listObjectsV2(request -> request.bucket(BUCKET).maxKeys(1)).nextContinuationToken();

        refused(
                "InvalidArgument",
                400,
                () -> s3.listObjectsV2(
                        request -> request.bucket(BUCKET).prefix("b").continuationToken(token)));
        refused(
                "InvalidArgument",
                400,
                () -> s3.listObjectsV2(request -> request.bucket(BUCKET).continuationToken("forged")));
        refused(
                "InvalidArgument",
                400,
                () -> s3.listObjectsV2(request -> request.bucket(BUCKET).maxKeys(-1)));
    }

    @Test
    void keysAreEncodedWhenAskedFor() {
        put("a b/ü+\u0001", "x");

        assertThat(keys(s3.listObjectsV2(request -> request.bucket(BUCKET).encodingType("url"))))
                .containsExactly("a+b/%C3%BC%2B%01");
    }

    @Test
    void theFirstVersionOfTheOperationPagesByMarker() {
        for (String key : List.of("a/1", "a/2", "b", "c/1", "d")) {
            put(key, "x");
        }

        List<String> seen = new ArrayList<>();
        String marker = "";
        while (true) {
            String from = marker;
            ListObjectsResponse page = s3.listObjects(
                    request -> request.bucket(BUCKET).delimiter("/").maxKeys(1).marker(from));
            page.contents().forEach(object -> seen.add(object.key()));
            page.commonPrefixes().forEach(prefix -> seen.add(prefix.prefix()));
            if (!page.isTruncated()) {
                break;
            }
            marker = page.nextMarker();
        }

        assertThat(seen).containsExactly("a/", "b", "c/", "d");
        assertThat(s3.listObjects(request -> request.bucket(BUCKET).marker("b")).contents())
                .extracting(S3Object::key)
                .containsExactly("c/1", "d");
    }

    private static List<String> keys(ListObjectsV2Response page) {
        return page.contents().stream().map(S3Object::key).toList();
    }

    private static List<String> prefixes(ListObjectsV2Response page) {
        return page.commonPrefixes().stream().map(CommonPrefix::prefix).toList();
    }
}
