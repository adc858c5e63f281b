package dev.terrane.kernel.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A service's operations on the wire, read from {@code dev/terrane/kernel/contract/NAME.json}. Immutable and
 * thread-safe. Each service is read when it is first asked for; the constraints of its input later still.
 *
 * @param name the SDK's package name, such as {@code cloudwatchlogs}
 * @param endpointPrefix the first label of the service's host names, such as {@code logs}
 * @param signingName the service in a credential scope, such as {@code logs}
 * @param serviceId AWS's service id, such as {@code CloudWatch Logs}
 * @param protocols AWS's names of the protocols it speaks, the preferred first: json, query, ec2, rest-json, rest-xml,
 *     smithy-rpc-v2-cbor
 * @param jsonVersion {@code 1.0} or {@code 1.1} for JSON services, else empty
 * @param targetPrefix what stands before the dot in X-Amz-Target; empty for services without
 * @param apiVersion such as {@code 2012-11-05}
 * @param xmlNamespace the namespace of XML bodies; empty for services without
 * @param queryCompatible whether JSON and CBOR errors carry the header x-amzn-query-error
 * @param clientClass the SDK's client interface's name
 * @param queryNames names in the query protocol of members whose names the model no longer tells, by member name or
 *     {@code SdkClass/member}; such lists and maps are flattened
 * @param queryMapEntries names of key and value of flattened maps in the query protocol, by member name
 * @param operations by wire name
 * @param errors by shape name
 */
public record ServiceContract(
        String name,
        String endpointPrefix,
        String signingName,
        String serviceId,
        List<String> protocols,
        String jsonVersion,
        String targetPrefix,
        String apiVersion,
        String xmlNamespace,
        boolean queryCompatible,
        String clientClass,
        Map<String, String> queryNames,
        Map<String, List<String>> queryMapEntries,
        Map<String, Operation> operations,
        Map<String, ModeledError> errors) {

    private static final Map<String, ServiceContract> LOADED = new ConcurrentHashMap<>();

    /** The services whose contracts are part of the program, by SDK package name. */
    public static final Set<String> NAMES = Set.of(
            "autoscaling",
            "cloudcontrol",
            "cloudformation",
            "cloudtrail",
            "cloudwatch",
            "cloudwatchlogs",
            "codebuild",
            "codecommit",
            "codedeploy",
            "codepipeline",
            "ec2",
            "ecr",
            "elasticloadbalancingv2",
            "eventbridge",
            "firehose",
            "iam",
            "kms",
            "s3",
            "s3control",
            "secretsmanager",
            "sns",
            "sqs",
            "ssm",
            "sts");

    public ServiceContract {
        protocols = List.copyOf(protocols);
        queryNames = Map.copyOf(queryNames);
        queryMapEntries = Map.copyOf(queryMapEntries);
        operations = Map.copyOf(operations);
        errors = Map.copyOf(errors);
    }

    /**
     * The contract of a service.
     *
     * @param name the SDK's package name
     * @throws IllegalArgumentException if there is no such contract
     */
    public static ServiceContract of(String name) {
        return LOADED.computeIfAbsent(name, ContractReader::read);
    }

    /** The operation of a wire name; empty if the service has none such. */
    public Optional<Operation> operation(String wireName) {
        return Optional.ofNullable(operations.get(wireName));
    }

    /** The documented error that an exception class of the SDK stands for, by the class's simple name. */
    public Optional<ModeledError> errorOfClass(String simpleName) {
        return errors.values().stream()
                .filter(error -> error.className().equals(simpleName))
                .findFirst();
    }

    /** The documented error of a name, be it the shape's or the code on the wire. */
    public Optional<ModeledError> errorOfCode(String codeOrShape) {
        ModeledError byShape = errors.get(codeOrShape);
        if (byShape != null) {
            return Optional.of(byShape);
        }
        return errors.values().stream()
                .filter(error -> error.code().equals(codeOrShape))
                .findFirst();
    }

    @Override
    public String toString() {
        return name;
    }

    // Contracts are one per service: identity is enough, and hashing a thousand operations is not cheap.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
