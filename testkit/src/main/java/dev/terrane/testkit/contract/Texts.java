package dev.terrane.testkit.contract;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.contract.Shape;
import dev.terrane.kernel.validate.BoundedPattern;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/** Texts for members: those that the model allows, and those that it does not. */
final class Texts {
    /** What stands in a member that no one but the caller and the service may see. */
    static final String SECRET = "kept-secret-in-the-trail";

    private static final String ROLE =
            Arn.iam(TestServer.ACCOUNT, "role/example").toString();
    private static final String POLICY =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    /** Forms that patterns ask for; the first that matches is taken. */
    private static final List<String> FORMS = List.of(
            "example",
            "example-1",
            "Example",
            "1",
            "12",
            "123456789012",
            "0.0.1",
            "/example",
            "/example/",
            "example/example",
            "AIDAEXAMPLEEXAMPLE12",
            "0123456789abcdef0123456789abcdef01234567",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "01234567-89ab-cdef-0123-456789abcdef",
            "i-0123456789abcdef0",
            "2026-03-01",
            ROLE,
            Arn.of("codebuild", TestServer.REGION, TestServer.ACCOUNT, "report-group/example")
                    .toString(),
            Arn.s3("example").toString(),
            "https://example.com/",
            "a@example.com",
            "aws:example",
            "{}",
            "true");

    /** What no one should send, and someone does. */
    static final List<String> HOSTILE = List.of(
            "",
            " ",
            "../../../../etc/passwd",
            "a\u0000b\n\r\u2028\ud83d\ude00",
            String.join(":", "arn", "aws", ""),
            String.join(":", "arn", "aws", "iam", "", TestServer.ACCOUNT, ""),
            String.join(":", "arn", "", "", "", "", ""),
            "*",
            "%s%n%00",
            "{\"a\":",
            "[",
            "-1",
            "99999999999999999999",
            "https://",
            "x".repeat(5_000));

    private Texts() {}

    static String valid(String member, Optional<Shape> shape) {
        if (shape.isPresent() && !shape.get().values().isEmpty()) {
            return new TreeSet<>(shape.get().values()).first();
        }
        String name = member.toLowerCase(Locale.ROOT);
        if (name.endsWith("password") || name.equals("secretstring") || name.equals("plaintext")) {
            return SECRET;
        }
        String likely = name.endsWith("arn") ? ROLE : name.contains("policydocument") ? POLICY : "example";
        if (shape.isEmpty() || allows(shape.get(), likely)) {
            return likely;
        }
        for (String form : FORMS) {
            String padded = padded(form, shape.get());
            if (allows(shape.get(), padded)) {
                return padded;
            }
        }
        return likely;
    }

    private static String padded(String form, Shape shape) {
        int least = (int) shape.min().orElse(0);
        return form.length() >= least ? form : form.repeat(least / form.length() + 1);
    }

    /** A text that is longer than the model allows; empty if it names no bound, or one beyond reason. */
    static Optional<String> tooLong(Shape shape) {
        return shape.max().isPresent() && shape.max().getAsDouble() < 300_000
                ? Optional.of("a".repeat((int) shape.max().getAsDouble() + 1))
                : Optional.empty();
    }

    /** A text that the model's expression does not allow; empty if there is none such here. */
    static Optional<String> mismatched(Shape shape) {
        if (!shape.values().isEmpty()) {
            return Optional.of("NOT_LISTED");
        }
        return HOSTILE.stream()
                .filter(text -> text.length() < 100)
                .filter(text -> !shape.pattern().isEmpty() && !allows(shape, text))
                .filter(text -> text.length() >= shape.min().orElse(0)
                        && text.length() <= shape.max().orElse(Integer.MAX_VALUE))
                .findFirst();
    }

    static boolean allows(Shape shape, String text) {
        int length = text.codePointCount(0, text.length());
        if (length < shape.min().orElse(0) || length > shape.max().orElse(Integer.MAX_VALUE)) {
            return false;
        }
        try {
            return shape.pattern().isEmpty() || new BoundedPattern(shape.pattern()).matches(text);
        } catch (PatternSyntaxException unlikeJava) {
            return true;
        }
    }
}
