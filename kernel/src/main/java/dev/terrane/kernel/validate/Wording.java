package dev.terrane.kernel.validate;

import dev.terrane.kernel.contract.ModeledError;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.validate.Violation.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** How a service says that a request is not allowed by its model. */
abstract sealed class Wording {
    private static final Set<String> QUERY =
            Set.of("iam", "sts", "autoscaling", "elasticloadbalancingv2", "sns", "cloudwatch");

    abstract AwsServiceException refusal(List<Violation> violations);

    static Wording generic() {
        return new Counted("ValidationException");
    }

    static Wording of(String service, Operation operation) {
        return switch (service) {
            case "ec2" -> new Ec2();
            case "sqs" -> new Sqs();
            case "s3" -> new S3();
            case "codecommit", "codedeploy", "cloudtrail" -> new ByMember(operation);
            case "ecr" -> new Ecr();
            case "codebuild" -> new Counted("InvalidInputException");
            case "cloudwatchlogs" -> new Counted("InvalidParameterException");
            default -> new Counted(QUERY.contains(service) ? "ValidationError" : "ValidationException");
        };
    }

    private static String counted(List<Violation> violations) {
        String number = violations.size() == 1 ? "1 validation error" : violations.size() + " validation errors";
        return number + " detected: "
                + violations.stream().map(Violation::sentence).collect(Collectors.joining("; "));
    }

    /** Most services: one code, and a sentence for each violation. */
    private static final class Counted extends Wording {
        private final String code;

        Counted(String code) {
            this.code = code;
        }

        @Override
        AwsServiceException refusal(List<Violation> violations) {
            return AwsErrors.of(code, 400, counted(violations));
        }
    }

    /** CodeCommit, CodeDeploy and CloudTrail: an error for each member, where the operation documents one. */
    private static final class ByMember extends Wording {
        private final Operation operation;

        ByMember(Operation operation) {
            this.operation = operation;
        }

        @Override
        AwsServiceException refusal(List<Violation> violations) {
            for (Violation violation : violations) {
                String member = violation.member().substring(0, 1).toUpperCase(Locale.ROOT)
                        + violation.member().substring(1);
                boolean missing = violation.topLevel() && violation.kind() == Kind.REQUIRED;
                Optional<ModeledError> own = documented(
                                missing ? member + "RequiredException" : "Invalid" + member + "Exception")
                        .or(() -> violation.kind() == Kind.LENGTH
                                ? documented(member + "SizeLimitExceededException")
                                : Optional.empty());
                if (own.isPresent()) {
                    String message = missing
                            ? words(member) + " is required, but was not specified."
                            : counted(List.of(violation));
                    return AwsErrors.of(
                            own.get().shape(),
                            own.get().status() == 0 ? 400 : own.get().status(),
                            message);
                }
            }
            return AwsErrors.of("ValidationException", 400, counted(violations));
        }

        private Optional<ModeledError> documented(String name) {
            return operation.errors().stream()
                    .filter(error -> error.shape().equals(name))
                    .findFirst();
        }

        private static String words(String member) {
            String words = member.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
            return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "An " : "A ") + words;
        }
    }

    /** EC2's query protocol: one error, for the first violation. */
    private static final class Ec2 extends Wording {
        @Override
        AwsServiceException refusal(List<Violation> violations) {
            Violation first = violations.getFirst();
            String parameter = first.path().substring(0, 1).toUpperCase(Locale.ROOT)
                    + first.path().substring(1).replace(".member", "");
            return switch (first.kind()) {
                case REQUIRED ->
                    AwsErrors.of("MissingParameter", 400, "The request must contain the parameter " + parameter);
                case ENUM ->
                    AwsErrors.of(
                            "InvalidParameterValue",
                            400,
                            "Invalid value '" + first.value() + "' for " + parameter + ".");
                case LENGTH, RANGE, PATTERN ->
                    AwsErrors.of(
                            "InvalidParameterValue",
                            400,
                            "Value (" + first.value() + ") for parameter " + parameter + " is invalid. "
                                    + first.constraint());
            };
        }
    }

    /** SQS names a missing parameter as EC2 does, and has a code of its own for values. */
    private static final class Sqs extends Wording {
        @Override
        AwsServiceException refusal(List<Violation> violations) {
            Violation first = violations.getFirst();
            if (first.kind() == Kind.REQUIRED) {
                return AwsErrors.of(
                        "MissingParameter", 400, "The request must contain the parameter " + first.member() + ".");
            }
            return AwsErrors.of("InvalidParameterValue", 400, counted(violations));
        }
    }

    /** ECR names the first parameter that is wrong, and says of the constraint what the model's wording says of a member. */
    private static final class Ecr extends Wording {
        private static final String PATTERN = "Member must satisfy regular expression pattern: ";

        @Override
        AwsServiceException refusal(List<Violation> violations) {
            Violation first = violations.getFirst();
            return AwsErrors.of(
                    "InvalidParameterException",
                    400,
                    "Invalid parameter at '%s' failed to satisfy constraint: '%s'"
                            .formatted(first.path(), constraint(first.constraint())));
        }

        private static String constraint(String words) {
            return words.startsWith(PATTERN)
                    ? "must satisfy regular expression '" + words.substring(PATTERN.length()) + "'"
                    : words.replaceFirst("^Member must (?!satisfy)", "must ");
        }
    }

    /** S3: what stands in an XML body is malformed XML; what stands in a header or the query is an argument. */
    private static final class S3 extends Wording {
        @Override
        AwsServiceException refusal(List<Violation> violations) {
            Violation first = violations.getFirst();
            if (!first.topLevel()) {
                return AwsErrors.of(
                        "MalformedXML",
                        400,
                        "The XML you provided was not well-formed or did not validate against our published schema");
            }
            if (first.kind() == Kind.REQUIRED) {
                return AwsErrors.of("InvalidRequest", 400, "Missing required parameter: " + first.member());
            }
            return first.kind() == Kind.ENUM && first.member().equals("StorageClass")
                    ? AwsErrors.of("InvalidStorageClass", 400, "The storage class you specified is not valid")
                    : AwsErrors.of(
                            "InvalidArgument", 400, "Invalid value for " + first.member() + ": " + first.value());
        }
    }
}
