package dev.terrane.cloudformation.stackset;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackSetDriftDetectionDetails;
import software.amazon.awssdk.services.cloudformation.model.StackSetStatus;

/**
 * A stack set. A deleted one is kept under its id.
 *
 * @param id as AWS shows it: the name, a colon, a UUID
 * @param drift what the last detection of drift found
 * @param token the client's request token at creation
 */
record StackSetRecord(
        String id,
        String arn,
        String name,
        StackSetStatus status,
        Settings settings,
        Optional<StackSetDriftDetectionDetails> drift,
        String token) {
    /**
     * What its stacks are made of, and by which roles.
     *
     * @param parameters all of the template's, defaults included
     * @param administrationRole the ARN of the role that CloudFormation assumes
     * @param executionRole the name of the role in each target account that the administration role assumes
     * @param managedExecution whether operations queue where another is in progress
     */
    record Settings(
            String description,
            String template,
            List<Parameter> parameters,
            List<String> capabilities,
            Map<String, String> tags,
            String administrationRole,
            String executionRole,
            boolean managedExecution) {
        Settings {
            parameters = List.copyOf(parameters);
            capabilities = List.copyOf(capabilities);
        }

        /** Whether stacks made of the other are what stacks made of these would be. */
        boolean makesSame(Settings other) {
            return template.equals(other.template) && parameters.equals(other.parameters) && tags.equals(other.tags);
        }
    }

    boolean active() {
        return status == StackSetStatus.ACTIVE;
    }

    StackSetRecord being(Settings next) {
        return new StackSetRecord(id, arn, name, status, next, drift, token);
    }

    StackSetRecord drifted(StackSetDriftDetectionDetails found) {
        return new StackSetRecord(id, arn, name, status, settings, Optional.of(found), token);
    }

    StackSetRecord deleted() {
        return new StackSetRecord(id, arn, name, StackSetStatus.DELETED, settings, drift, token);
    }
}
