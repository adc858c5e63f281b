package dev.terrane.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.codedeploy.AppSpec.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppSpecTest {
    private static final String HEAD = "version: 0.0\nos: linux\n";

    @Test
    void readsWhatAwsDocuments() {
        AppSpec spec = AppSpecParser.parse(HEAD + """
                files:
                  - source: /
                    destination: /srv
                file_exists_behavior: OVERWRITE
                permissions:
                  - object: /srv/
                    pattern: "*.sh"
                    except: [keep.sh]
                    mode: 0755
                    type: [file]
                hooks:
                  AfterInstall:
                    - location: scripts/a.sh
                      timeout: 180
                      runas: app
                    - location: scripts/b.sh
                  ApplicationStop:
                """);
        assertThat(spec.scripts("AfterInstall"))
                .containsExactly(
                        new Script("scripts/a.sh", Duration.ofMinutes(3), Optional.of("app")),
                        new Script("scripts/b.sh", Duration.ofHours(1), Optional.empty()));
        assertThat(spec.scripts("ApplicationStop")).isEmpty();
        assertThat(spec.permissions().getFirst().object()).isEqualTo("/srv");
        assertThat(spec.permissions().getFirst().mode()).contains("0755");
        assertThat(spec.permissions().getFirst().except()).isEqualTo(List.of("keep.sh"));
        assertThat(spec.permissions().getFirst().onFolders()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            version: 1.0~os: linux|an invalid version value (1.0)
            version: 0.0~os: beos|unsupported operating system (beos)
            version: 0.0~os: linux~files:~  - source: a|specifies only a source file (a)
            version: 0.0~os: linux~files:~  - destination: /a|specifies only a destination file (/a)
            version: 0.0~os: linux~permissions:~  - owner: a|has no object value
            version: 0.0~os: linux~permissions:~  - object: /a~    acls: [x]|acls, which instances of this platform do not support
            version: 0.0~os: linux~hooks:~  AfterInstall:~    - timeout: 5|a script with no location value
            version: 0.0~os: linux~hooks:~  AfterInstall:~    - location: a~      timeout: 4000|above 3600 seconds
            version: 0.0~os: linux~file_exists_behavior: MAYBE|an invalid file_exists_behavior value (MAYBE)
            version: [0.0|is not valid YAML
            """)
    void refusesOthersInTheAgentsWords(String text, String message) {
        assertThatThrownBy(() -> AppSpecParser.parse(text.replace('~', '\n')))
                .isInstanceOf(AppSpecException.class)
                .hasMessageContaining(message);
    }
}
