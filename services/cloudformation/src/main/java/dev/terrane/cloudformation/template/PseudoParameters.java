package dev.terrane.cloudformation.template;

import java.util.List;

/** What CloudFormation itself gives to templates: {@code AWS::Region} and the like. */
public record PseudoParameters(
        String accountId,
        String region,
        String partition,
        String stackName,
        String stackId,
        List<String> notificationArns,
        String urlSuffix) {}
