package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.Build;

/** Builds reach this server by HTTPS, and their programs trust it without settings of their own. */
final class TrustTest {
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

    @Test
    void theEndpointIsOneOfHttpsThatToolsTrust() {
        workshop.project("tools", """
                        version: 0.2
                        phases:
                          build:
                            commands:
                              - echo "endpoint=$AWS_ENDPOINT_URL"
                              - git ls-remote "$AWS_ENDPOINT_URL/v1/repos/none" 2>&1 | grep -i -E 'certificate|SSL' && exit 1; true
                              - python3 -c 'import urllib.request as u, os; u.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/files")' 2>&1 | tee said
                              - grep 'HTTP Error 403' said
                              - cd / && su -s /bin/sh nobody -c 'test -r /codebuild/ca-bundle.pem'
                              - openssl verify -CAfile /codebuild/ca-bundle.pem /codebuild/authority.pem
                              - test "$AWS_CA_BUNDLE" = "$NODE_EXTRA_CA_CERTS"
                        """);
        Build build = workshop.succeed("tools");
        assertThat(workshop.log(build)).contains("endpoint=https://");
    }

    @Test
    void javaTrustsItToo() {
        workshop.project("java", """
                        version: 0.2
                        phases:
                          build:
                            commands:
                              - |
                                cat >Ask.java <<'END'
                                class Ask {
                                    public static void main(String[] urls) throws Exception {
                                        var connection = (java.net.HttpURLConnection) new java.net.URI(urls[0]).toURL().openConnection();
                                        System.out.println("status=" + connection.getResponseCode());
                                    }
                                }
                                END
                              - java Ask.java "$AWS_ENDPOINT_URL/files"
                        """);
        assertThat(workshop.log(workshop.succeed("java"))).contains("status=403");
    }
}
