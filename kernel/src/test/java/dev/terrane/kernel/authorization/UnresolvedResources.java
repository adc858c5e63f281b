package dev.terrane.kernel.authorization;

import java.util.List;
import java.util.Map;

/**
 * Operations whose requests don't name a resource that AWS requires: they give its ARN, or something that belongs to it
 * and is looked up, or they make it; otherwise a wildcard stands for it.
 */
final class UnresolvedResources {
    private static final Map<String, List<String>> KNOWN = Map.ofEntries(
            Map.entry(
                    "autoscaling",
                    List.of(
                            "SetInstanceHealth autoScalingGroup",
                            "TerminateInstanceInAutoScalingGroup autoScalingGroup")),
            Map.entry(
                    "cloudformation",
                    List.of(
                            "DescribeStackRefactor stack",
                            "ExecuteStackRefactor stack",
                            "ListStackRefactorActions stack",
                            "ListStackRefactors stack",
                            "RecordHandlerProgress stack")),
            Map.entry(
                    "cloudtrail",
                    List.of("CreateChannel eventdatastore", "ListInsightsData trail", "StartQuery eventdatastore")),
            Map.entry(
                    "cloudwatchlogs",
                    List.of(
                            "CreateDelivery delivery",
                            "DeleteScheduledQuery scheduled-query",
                            "GetLogRecord log-group",
                            "GetQueryResults log-group",
                            "GetScheduledQuery scheduled-query",
                            "GetScheduledQueryHistory scheduled-query",
                            "UpdateDeliveryConfiguration delivery-destination",
                            "UpdateDeliveryConfiguration delivery-source",
                            "UpdateScheduledQuery scheduled-query")),
            Map.entry(
                    "codebuild",
                    List.of(
                            "BatchGetReportGroups report-group",
                            "BatchGetReports report-group",
                            "DeleteReport report-group",
                            "DeleteReportGroup report-group",
                            "DescribeCodeCoverages report-group",
                            "DescribeTestCases report-group",
                            "GetReportGroupTrend report-group",
                            "ListReportsForReportGroup report-group",
                            "UpdateReportGroup report-group")),
            Map.entry(
                    "codecommit",
                    List.of(
                            "CreatePullRequestApprovalRule repository",
                            "DeleteCommentContent repository",
                            "DeletePullRequestApprovalRule repository",
                            "DescribePullRequestEvents repository",
                            "EvaluatePullRequestApprovalRules repository",
                            "GetComment repository",
                            "GetCommentReactions repository",
                            "GetPullRequest repository",
                            "GetPullRequestApprovalStates repository",
                            "GetPullRequestOverrideState repository",
                            "OverridePullRequestApprovalRules repository",
                            "PostCommentReply repository",
                            "PutCommentReaction repository",
                            "UpdateComment repository",
                            "UpdatePullRequestApprovalRuleContent repository",
                            "UpdatePullRequestApprovalState repository",
                            "UpdatePullRequestDescription repository",
                            "UpdatePullRequestStatus repository",
                            "UpdatePullRequestTitle repository")),
            Map.entry("codedeploy", List.of("BatchGetDeployments deploymentgroup", "GetDeployment deploymentgroup")),
            Map.entry("codepipeline", List.of("ListWebhooks webhook")),
            Map.entry(
                    "eventbridge",
                    List.of(
                            "CreateArchive event-bus",
                            "DescribeApiDestination connection",
                            "StartReplay archive",
                            "StartReplay event-bus")),
            Map.entry(
                    "iam",
                    List.of(
                            "AddClientIDToOpenIDConnectProvider oidc-provider",
                            "ChangePassword user",
                            "CreateDelegationRequest delegation-request",
                            "DeleteOpenIDConnectProvider oidc-provider",
                            "GetHumanReadableSummary delegation-request",
                            "GetOpenIDConnectProvider oidc-provider",
                            "GetServiceLinkedRoleDeletionStatus role",
                            "ListMFADeviceTags mfa",
                            "ListOpenIDConnectProviderTags oidc-provider",
                            "RemoveClientIDFromOpenIDConnectProvider oidc-provider",
                            "TagMFADevice mfa",
                            "TagOpenIDConnectProvider oidc-provider",
                            "UntagMFADevice mfa",
                            "UntagOpenIDConnectProvider oidc-provider",
                            "UpdateOpenIDConnectProviderThumbprint oidc-provider")),
            Map.entry("kms", List.of("DeleteAlias key")),
            Map.entry(
                    "sqs",
                    List.of("CancelMessageMoveTask queue", "ListMessageMoveTasks queue", "StartMessageMoveTask queue")),
            Map.entry(
                    "ssm",
                    List.of(
                            "CancelMaintenanceWindowExecution maintenancewindow",
                            "CreateAssociationBatch document",
                            "GetAccessToken opsitem",
                            "GetCalendarState document",
                            "GetDefaultPatchBaseline patchbaseline",
                            "GetServiceSetting servicesetting",
                            "ResetServiceSetting servicesetting",
                            "StartAutomationExecution automation-execution",
                            "StartChangeRequestExecution automation-execution",
                            "UpdateServiceSetting servicesetting")));

    private UnresolvedResources() {}

    static List<String> of(String service) {
        return KNOWN.getOrDefault(service, List.of());
    }
}
