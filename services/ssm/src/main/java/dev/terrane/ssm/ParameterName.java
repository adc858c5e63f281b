package dev.terrane.ssm;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.util.Locale;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ssm.model.HierarchyLevelLimitExceededException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;

/**
 * A parameter as a request names it: by name or ARN, with {@code :VERSION} or {@code :LABEL} behind it or without.
 *
 * @param name the bare name
 * @param selector with its colon, or empty
 */
record ParameterName(String name, String selector) {
    private static final int LEVELS = 15;
    private static final int LENGTH = 1011;
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_.\\-/]+");
    private static final String RULES = "If formed as a path, it can consist of sub-paths divided by slash symbol; each"
            + " sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";

    /** Reads what a request gives; a parameter of another account or region is not there. */
    static ParameterName of(Scope scope, String given) {
        String rest = Arn.find(given)
                .map(arn -> {
                    boolean own = arn.service().equals("ssm")
                            && arn.region().equals(scope.region())
                            && (arn.account().equals(scope.account())
                                    || arn.account().isEmpty());
                    if (!own || !arn.resource().startsWith("parameter/")) {
                        throw ParameterNotFoundException.builder().build();
                    }
                    String path = arn.resource().substring("parameter".length());
                    // The ARN of a plain name looks like that of a path of one level.
                    return bare(path).indexOf('/', 1) < 0 ? path.substring(1) : path;
                })
                .orElse(given);
        int colon = rest.indexOf(':');
        return colon < 0
                ? new ParameterName(rest, "")
                : new ParameterName(rest.substring(0, colon), rest.substring(colon));
    }

    private static String bare(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }

    static String arn(Scope scope, String name) {
        String account = PublicParameters.isPublic(name) ? "" : scope.account();
        return Arn.of("ssm", scope.region(), account, "parameter" + (name.startsWith("/") ? "" : "/") + name)
                .toString();
    }

    /** Checks a name under which a customer puts a parameter ("Requirements and constraints for parameter names"). */
    static void checkNew(Scope scope, String name) {
        if (!FORM.matcher(name).matches() || name.endsWith("/") || name.contains("//")) {
            throw AwsErrors.validation("Parameter name: " + RULES);
        }
        if (name.contains("/") && !name.startsWith("/")) {
            throw AwsErrors.validation("Parameter name must be a fully qualified name.");
        }
        String first = (name.startsWith("/") ? name.substring(1) : name).toLowerCase(Locale.ROOT);
        if (first.startsWith("aws")) {
            throw AwsErrors.accessDenied("No access to reserved parameter name: " + name + ".");
        }
        if (first.startsWith("ssm")) {
            throw AwsErrors.validation("Parameter name: can't be prefixed with \"ssm\" (case-insensitive). " + RULES);
        }
        if (name.chars().filter(c -> c == '/').count() > LEVELS) {
            throw HierarchyLevelLimitExceededException.builder()
                    .message("Parameter name exceeds the maximum of " + LEVELS + " levels.")
                    .build();
        }
        if (arn(scope, name).length() > LENGTH) {
            throw AwsErrors.validation(
                    "Parameter name: with the parameter's ARN it has at most " + LENGTH + " characters.");
        }
    }
}
