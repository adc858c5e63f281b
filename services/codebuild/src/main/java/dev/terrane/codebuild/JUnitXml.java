package dev.terrane.codebuild;

import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codebuild.model.TestCase;

/** Reads test cases of a JUnit XML file. Document types and entities are refused. */
final class JUnitXml {
    private static final XMLInputFactory FACTORY = factory();
    private static final int LONGEST_MESSAGE = 4_000;

    private JUnitXml() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /** The test cases of a file.
     *
     * @throws XMLStreamException when it is not such a file */
    static List<TestCase> read(InputStream in, String reportArn, String file, Instant expired)
            throws XMLStreamException {
        XMLStreamReader xml = FACTORY.createXMLStreamReader(in);
        List<TestCase> cases = new ArrayList<>();
        String suite = "";
        boolean known = false;
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "testsuite" -> {
                    known = true;
                    suite = text(xml.getAttributeValue(null, "name"));
                }
                case "testcase" ->
                    cases.add(testCase(xml, suite).toBuilder()
                            .reportArn(reportArn)
                            .testRawDataPath(file)
                            .expired(expired)
                            .build());
                default -> known = known || xml.getLocalName().equals("testsuites");
            }
        }
        if (!known) {
            throw new XMLStreamException("Not a JUnit XML file: " + file);
        }
        return cases;
    }

    private static TestCase testCase(XMLStreamReader xml, String suite) throws XMLStreamException {
        TestCase.Builder found = TestCase.builder()
                .name(text(xml.getAttributeValue(null, "name")))
                .prefix(text(xml.getAttributeValue(null, "classname")))
                .testSuiteName(suite)
                .durationInNanoSeconds(nanos(xml.getAttributeValue(null, "time")))
                .status("SUCCEEDED")
                .message("");
        int depth = 1;
        while (depth > 0) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
                String status = switch (xml.getLocalName()) {
                    case "failure" -> "FAILED";
                    case "error" -> "ERROR";
                    case "skipped" -> "SKIPPED";
                    default -> "";
                };
                if (!status.isEmpty()) {
                    String message = text(xml.getAttributeValue(null, "message"));
                    String content = xml.getElementText();
                    depth--;
                    String all = content.isBlank() ? message : message.isEmpty() ? content : message + "\n" + content;
                    found.status(status).message(all.substring(0, Math.min(LONGEST_MESSAGE, all.length())));
                }
            }
        }
        return found.build();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static long nanos(@Nullable String seconds) {
        try {
            return seconds == null || seconds.length() > 30
                    ? 0
                    : new BigDecimal(seconds.replace(",", "")).movePointRight(9).longValue();
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
