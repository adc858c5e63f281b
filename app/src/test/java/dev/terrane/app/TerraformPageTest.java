package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/terraform.md says which resources the suite {@code terraform} makes. After a change write it anew:
 * {@code mvn -pl app -am test -Dtest=TerraformPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.write=true}.
 */
class TerraformPageTest {
    private static final Path CONFIGURATION = Path.of("..", "acceptance", "clients", "terraform", "configuration");
    private static final Pattern RESOURCE = Pattern.compile("^resource \"(\\w+)\"", Pattern.MULTILINE);
    private static final Pattern LIST =
            Pattern.compile("(<!-- written by TerraformPageTest -->\n).*?(\n## )", Pattern.DOTALL);

    @Test
    void pageSaysWhichResourcesAreMade() throws IOException {
        Path page = Path.of("..", "docs", "terraform.md");
        String text = Files.readString(page);
        String list = made().stream().map(type -> "`" + type + "`").collect(Collectors.joining(",\n", "\n", ".\n"));
        String generated = LIST.matcher(text)
                .replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + list + found.group(2)));
        if (Boolean.getBoolean("coverage.write")) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page)).isEqualTo(generated);
    }

    private static Set<String> made() throws IOException {
        Set<String> types = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(CONFIGURATION, "*.tf")) {
            for (Path file : files) {
                RESOURCE.matcher(Files.readString(file)).results().forEach(found -> types.add(found.group(1)));
            }
        }
        return types;
    }
}
