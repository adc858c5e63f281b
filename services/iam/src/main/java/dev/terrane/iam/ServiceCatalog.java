package dev.terrane.iam;

import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.contract.ServiceContract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The services that policies of this installation can be about, by namespace (the prefix of their actions), with the names that AWS's reference calls them by. */
final class ServiceCatalog {
    /** A service.
     *
     * @param contracts the SDK's packages that its actions are of */
    private record Known(String name, List<String> contracts) {}

    private static final SortedMap<String, Known> SERVICES = services();
    private static final Map<String, List<String>> ACTIONS = new ConcurrentHashMap<>();

    private ServiceCatalog() {}

    private static SortedMap<String, Known> services() {
        SortedMap<String, Known> known = new TreeMap<>();
        put(known, "autoscaling", "Amazon EC2 Auto Scaling");
        put(known, "cloudformation", "AWS CloudFormation", "cloudformation", "cloudcontrol");
        put(known, "cloudtrail", "AWS CloudTrail");
        put(known, "cloudwatch", "Amazon CloudWatch");
        put(known, "codebuild", "AWS CodeBuild");
        put(known, "codecommit", "AWS CodeCommit");
        put(known, "codedeploy", "AWS CodeDeploy");
        put(known, "codepipeline", "AWS CodePipeline");
        put(known, "ec2", "Amazon EC2");
        put(known, "ecr", "Amazon Elastic Container Registry");
        put(known, "elasticloadbalancing", "AWS Elastic Load Balancing", "elasticloadbalancingv2");
        put(known, "events", "Amazon EventBridge", "eventbridge");
        put(known, "firehose", "Amazon Kinesis Firehose");
        put(known, "iam", "AWS Identity and Access Management");
        put(known, "kms", "AWS Key Management Service");
        put(known, "logs", "Amazon CloudWatch Logs", "cloudwatchlogs");
        put(known, "s3", "Amazon S3", "s3", "s3control");
        put(known, "secretsmanager", "AWS Secrets Manager");
        put(known, "sns", "Amazon SNS");
        put(known, "sqs", "Amazon SQS");
        put(known, "ssm", "AWS Systems Manager");
        put(known, "sts", "AWS Security Token Service");
        return Collections.unmodifiableSortedMap(known);
    }

    private static void put(Map<String, Known> known, String namespace, String name, String... contracts) {
        known.put(namespace, new Known(name, contracts.length == 0 ? List.of(namespace) : List.of(contracts)));
    }

    /** All namespaces, in order. */
    static List<String> namespaces() {
        return List.copyOf(SERVICES.keySet());
    }

    static boolean knows(String namespace) {
        return SERVICES.containsKey(namespace);
    }

    /** What a service is called. */
    static String name(String namespace) {
        Known known = SERVICES.get(namespace);
        return known == null ? namespace : known.name();
    }

    /** The actions of a service's operations, without its namespace, in order. */
    static List<String> actions(String namespace) {
        return ACTIONS.computeIfAbsent(namespace, ServiceCatalog::readActions);
    }

    private static List<String> readActions(String namespace) {
        Known known = SERVICES.get(namespace);
        List<String> contracts = known == null ? List.of() : known.contracts();
        return contracts.stream()
                .flatMap(contract -> ServiceContract.of(contract).operations().keySet().stream()
                        .flatMap(operation -> actions(contract, operation)))
                .filter(action -> action.startsWith(namespace + ":"))
                .map(action -> action.substring(namespace.length() + 1))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> actions(String contract, String operation) {
        try {
            List<String> declared =
                    new ArrayList<>(Authorizations.of(contract, operation).actions());
            if (declared.isEmpty()) {
                // What needs no permission is an action too.
                declared.add(Authorizations.prefix(contract) + ":" + operation);
            }
            return declared.stream();
        } catch (IllegalArgumentException e) {
            // An operation without a declaration is not served.
            return Stream.empty();
        }
    }
}
