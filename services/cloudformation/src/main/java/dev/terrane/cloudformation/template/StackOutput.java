package dev.terrane.cloudformation.template;

import java.util.Optional;

/** An output of another stack, as {@code Fn::GetStackOutput} names it.
 *
 * @param region empty for the stack's own
 * @param roleArn with whose rights it is read; empty for those of the stack's operation */
public record StackOutput(String stackName, String outputName, Optional<String> region, Optional<String> roleArn) {}
