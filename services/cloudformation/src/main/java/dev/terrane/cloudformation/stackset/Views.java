package dev.terrane.cloudformation.stackset;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Stack sets, instances and operations as CloudFormation shows them. */
final class Views {
    static final String HIDDEN = "****";

    private Views() {}

    static StackSet set(StackSetRecord set, Set<String> secrets, List<InstanceRecord> instances) {
        StackSetRecord.Settings settings = set.settings();
        return StackSet.builder()
                .stackSetName(set.name())
                .stackSetId(set.id())
                .stackSetARN(set.arn())
                .description(orNull(settings.description()))
                .status(set.status())
                .templateBody(settings.template())
                .parameters(shown(settings.parameters(), secrets))
                .capabilitiesWithStrings(settings.capabilities())
                .tags(settings.tags().entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList())
                .administrationRoleARN(settings.administrationRole())
                .executionRoleName(settings.executionRole())
                .stackSetDriftDetectionDetails(set.drift().orElse(null))
                .permissionModel(PermissionModels.SELF_MANAGED)
                .organizationalUnitIds(List.of())
                .managedExecution(managed(set))
                .regions(instances.stream()
                        .map(instance -> instance.target().region())
                        .distinct()
                        .sorted()
                        .toList())
                .build();
    }

    private static ManagedExecution managed(StackSetRecord set) {
        return ManagedExecution.builder()
                .active(set.settings().managedExecution())
                .build();
    }

    private static List<Parameter> shown(List<Parameter> parameters, Set<String> secrets) {
        return parameters.stream()
                .map(parameter -> secrets.contains(parameter.parameterKey())
                        ? parameter.toBuilder().parameterValue(HIDDEN).build()
                        : parameter)
                .toList();
    }

    static StackSetSummary summary(StackSetRecord set) {
        return StackSetSummary.builder()
                .stackSetName(set.name())
                .stackSetId(set.id())
                .description(orNull(set.settings().description()))
                .status(set.status())
                .permissionModel(PermissionModels.SELF_MANAGED)
                .driftStatus(set.drift()
                        .map(drift -> StackDriftStatus.fromValue(drift.driftStatusAsString()))
                        .orElse(StackDriftStatus.NOT_CHECKED))
                .lastDriftCheckTimestamp(set.drift()
                        .map(StackSetDriftDetectionDetails::lastDriftCheckTimestamp)
                        .orElse(null))
                .managedExecution(managed(set))
                .build();
    }

    static StackInstance instance(InstanceRecord instance, Set<String> secrets) {
        return StackInstance.builder()
                .stackSetId(instance.set())
                .account(instance.target().account())
                .region(instance.target().region())
                .stackId(orNull(instance.stack()))
                .parameterOverrides(shown(instance.overrides(), secrets))
                .status(instance.status())
                .stackInstanceStatus(detailed(instance))
                .statusReason(orNull(instance.reason()))
                .driftStatus(instance.drift())
                .lastDriftCheckTimestamp(instance.driftChecked().orElse(null))
                .lastOperationId(orNull(instance.operation()))
                .build();
    }

    static StackInstanceSummary summary(InstanceRecord instance) {
        return StackInstanceSummary.builder()
                .stackSetId(instance.set())
                .account(instance.target().account())
                .region(instance.target().region())
                .stackId(orNull(instance.stack()))
                .status(instance.status())
                .stackInstanceStatus(detailed(instance))
                .statusReason(orNull(instance.reason()))
                .driftStatus(instance.drift())
                .lastDriftCheckTimestamp(instance.driftChecked().orElse(null))
                .lastOperationId(orNull(instance.operation()))
                .build();
    }

    private static StackInstanceComprehensiveStatus detailed(InstanceRecord instance) {
        return StackInstanceComprehensiveStatus.builder()
                .detailedStatus(instance.detailed())
                .build();
    }

    static StackSetOperation operation(
            OperationRecord operation, Optional<StackSetDriftDetectionDetails> drift, int failed) {
        boolean deletes = operation.asked().action() == StackSetOperationAction.DELETE;
        return StackSetOperation.builder()
                .operationId(operation.id())
                .stackSetId(operation.set())
                .action(operation.asked().action())
                .status(operation.status())
                .operationPreferences(operation.asked().preferences())
                .retainStacks(deletes ? operation.asked().retain() : null)
                .administrationRoleARN(operation.administrationRole())
                .executionRoleName(operation.executionRole())
                .creationTimestamp(operation.created())
                .endTimestamp(operation.ended().orElse(null))
                .stackSetDriftDetectionDetails(drift.orElse(null))
                .statusDetails(details(failed))
                .build();
    }

    static StackSetOperationSummary summary(OperationRecord operation, int failed) {
        return StackSetOperationSummary.builder()
                .operationId(operation.id())
                .action(operation.asked().action())
                .status(operation.status())
                .creationTimestamp(operation.created())
                .endTimestamp(operation.ended().orElse(null))
                .statusDetails(details(failed))
                .operationPreferences(operation.asked().preferences())
                .build();
    }

    private static StackSetOperationStatusDetails details(int failed) {
        return StackSetOperationStatusDetails.builder()
                .failedStackInstancesCount(failed)
                .build();
    }

    static StackSetOperationResultSummary result(ResultRecord result) {
        return StackSetOperationResultSummary.builder()
                .account(result.target().account())
                .region(result.target().region())
                .status(result.status())
                .statusReason(orNull(result.reason()))
                .accountGateResult(
                        result.gated()
                                ? AccountGateResult.builder()
                                        .status(AccountGateStatus.SKIPPED)
                                        .statusReason("Account gates are Lambda functions, which are not here")
                                        .build()
                                : null)
                .build();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
