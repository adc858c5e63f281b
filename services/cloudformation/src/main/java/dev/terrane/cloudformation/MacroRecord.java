package dev.terrane.cloudformation;

/**
 * A macro of an account.
 *
 * @param function the ARN of the Lambda function that processes templates
 * @param stack the ARN of the stack that has it
 * @param token of the change that made it
 */
record MacroRecord(
        String name,
        String function,
        String description,
        String logGroup,
        String logRole,
        String stack,
        String token) {}
