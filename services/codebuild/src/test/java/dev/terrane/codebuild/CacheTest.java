package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.*;

/** What builds leave for the next build of their project. */
final class CacheTest {
    private static final String SPEC = """
            version: 0.2
            phases:
              build:
                commands:
                  - echo "found $(cat kept/deep/file /root/.tool/file 2>/dev/null | tr '\\n' ' ')."
                  - mkdir -p kept/deep /root/.tool; echo "of $CODEBUILD_BUILD_NUMBER" | tee kept/deep/file > /root/.tool/file; echo no > other
            cache: { paths: [ 'kept/**/*', '/root/.tool/*', 'none/*' ] }
            """;

    private static Workshop workshop;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
    }

    @AfterAll
    static void stop() {
        if (workshop != null) {
            workshop.close();
        }
    }

    private static void findsNothing(String project) {
        assertThat(workshop.log(workshop.succeed(project))).contains("found .\n");
    }

    private static void finds(String project, String what) {
        assertThat(workshop.log(workshop.succeed(project))).contains("found " + what + " .\n");
    }

    @Test
    void aLocalCacheIsKeptOnTheServerUntilItIsInvalidated() {
        workshop.project(
                "local", SPEC, p -> p.cache(c -> c.type(CacheType.LOCAL).modes(CacheMode.LOCAL_CUSTOM_CACHE)));
        findsNothing("local");
        finds("local", "of 1 of 1");
        workshop.restart();
        finds("local", "of 2 of 2");
        workshop.codebuild.invalidateProjectCache(r -> r.projectName("local"));
        findsNothing("local");
    }

    @Test
    void aCacheInS3IsAnObjectOfTheProject() {
        workshop.project("s3", SPEC, p -> p.cache(c -> c.type(CacheType.S3).location("files/caches")));
        findsNothing("s3");
        finds("s3", "of 1 of 1");
        assertThat(workshop.keys("caches/")).hasSize(1);
        assertThatThrownBy(() -> workshop.codebuild.invalidateProjectCache(r -> r.projectName("s3")))
                .hasMessageContaining("a cache in S3");
        workshop.s3.deleteObject(r -> r.bucket(Workshop.BUCKET).key("caches/s3.tar.gz"));
        findsNothing("s3");
        finds("s3", "of 3 of 3");
    }

    @Test
    void noCacheKeepsNothingAndABrokenOneIsNoError() {
        workshop.project("none", SPEC);
        findsNothing("none");
        findsNothing("none");
        workshop.put("broken/broken.tar.gz", new byte[] {1, 2, 3});
        workshop.project("broken", SPEC, p -> p.cache(c -> c.type(CacheType.S3).location("files/broken")));
        findsNothing("broken");
    }
}
