package dev.terrane.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;

/** The pattern language, by the cases of its documentation. */
final class FilterPatternTest {
    private static final String LINE =
            "127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534";
    private static final String JSON = """
            {"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],
             "objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"ThisFlag":true,"latency":1.5e3,"a-b":{"c.d":"x"}}""";

    private static boolean matches(String pattern, String message) {
        return FilterPattern.parse(pattern).matches(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "ERROR;true",
                "ERROR ARGUMENTS;true",
                "ERROR MISSING;false",
                "error;false",
                "?ERROR ?MISSING;true",
                "?NO ?MISSING;false",
                "?NO ERROR;true",
                "ERROR -ARGUMENTS;false",
                "ERROR -EXITING;true",
                "~\"INVALID ARGUMENTS\"~;true",
                "~\"ARGUMENTS INVALID\"~;false",
                "%4[0-9]{2}%;true",
                "%5[0-9]{2}%;false"
            })
    void findsTerms(String pattern, boolean found) {
        assertThat(matches(pattern, "[ERROR 419] INVALID ARGUMENTS")).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{ $.eventType = \"UpdateTrail\" };true",
                "{ $.eventType = UpdateTrail };true",
                "{ $.eventType = \"Update*\" && $.latency > 1000 };true",
                "{ $.sourceIPAddress != 123.123.* };true",
                "{ $.sourceIPAddress = 111.111.* };true",
                "{ $.arrayKey[0] = \"value\" };true",
                "{ $.arrayKey[*] = \"another value\" };true",
                "{ $.objectList[1].id = 2 };true",
                "{ $.objectList[1].id >= 3 };false",
                "{ $.SomeObject IS NULL };true",
                "{ $.SomeOtherObject NOT EXISTS };true",
                "{ $.eventType NOT EXISTS };false",
                "{ $.ThisFlag IS TRUE };true",
                "{ $.ThisFlag IS FALSE };false",
                "{ ($.latency < 1000) || ($.eventType = %Tr.il$%) };true",
                "{ $.['a-b'].['c.d'] = \"x\" };true",
                "{ $.missing != 1 };false",
                "{ $.latency = 1500 };true"
            })
    void looksIntoJson(String pattern, boolean found) {
        assertThat(matches(pattern, JSON)).isEqualTo(found);
        assertThat(matches(pattern, "no json")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[ip, user, username, timestamp, request, status_code = 404, bytes];true",
                "[ip, user, username, timestamp, request, status_code = 4*, bytes > 1000];true",
                "[ip, user, username, timestamp, request, status_code = 4*, bytes > 2000];false",
                "[ip, user, username, timestamp, request = *html*, status_code, bytes];true",
                "[..., status_code = 404, bytes];true",
                "[ip = 127.0.0.1, ...];true",
                "[ip, ..., status_code = 500 || status_code = 404, bytes];true",
                "[ip, user];false",
                "[w1=ERROR, w2];false"
            })
    void partsFields(String pattern, boolean found) {
        assertThat(matches(pattern, LINE)).isEqualTo(found);
    }

    @Test
    void namesTheFieldsOfALine() {
        assertThat(FilterPattern.parse("[ip, ..., status, bytes]").value(LINE, "$bytes"))
                .contains("1534");
        assertThat(FilterPattern.parse("{ $.latency = * }").value(JSON, "$.latency"))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ $.a",
                "{ a = 1 }",
                "{ $.a = }",
                "[a, b",
                "\"open",
                "a/b",
                "%[%",
                "{ $.a > x }",
                "[..., a, ...]"
            })
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> FilterPattern.parse(pattern)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void endsAnExpressionThatBacktracksWithoutEnd() {
        assertThat(matches("%(a+)+$%", "a".repeat(5_000) + "b")).isFalse();
    }
}
