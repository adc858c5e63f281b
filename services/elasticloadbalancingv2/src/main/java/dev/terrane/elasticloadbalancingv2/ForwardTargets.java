package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.error.AwsErrors;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/** The actions of listeners and rules: which target groups they name, and whether they can be carried out. */
final class ForwardTargets {
    private ForwardTargets() {}

    /** The ARNs of the target groups that actions forward to. */
    static List<String> of(List<Action> actions) {
        List<String> arns = new ArrayList<>();
        for (Action action : actions) {
            if (action.forwardConfig() != null && action.forwardConfig().hasTargetGroups()) {
                action.forwardConfig().targetGroups().forEach(group -> arns.add(group.targetGroupArn()));
            } else if (action.targetGroupArn() != null) {
                arns.add(action.targetGroupArn());
            }
        }
        return arns;
    }

    /**
     * The actions as AWS gives them back: with both forms of a forward to a single group.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException for actions that cannot be carried out
     */
    static List<Action> complete(List<Action> actions) {
        if (actions.size() != 1) {
            throw AwsErrors.of(
                    "InvalidLoadBalancerAction",
                    400,
                    "Exactly one action of type forward, redirect or fixed-response is offered; authenticate actions are not");
        }
        Action action = actions.getFirst();
        return List.of(
                switch (action.type()) {
                    case FORWARD -> completeForward(action);
                    case REDIRECT -> {
                        if (action.redirectConfig() == null) {
                            throw invalid("A redirect action needs RedirectConfig");
                        }
                        yield action;
                    }
                    case FIXED_RESPONSE -> {
                        if (action.fixedResponseConfig() == null
                                || !action.fixedResponseConfig().statusCode().matches("[245][0-9]{2}")) {
                            throw invalid("A fixed-response action needs a status code 2XX, 4XX or 5XX");
                        }
                        yield action;
                    }
                    default ->
                        throw AwsErrors.of(
                                "InvalidLoadBalancerAction",
                                400,
                                "Actions of type '" + action.typeAsString() + "' are not offered here");
                });
    }

    private static Action completeForward(Action action) {
        List<String> arns = of(List.of(action));
        if (arns.isEmpty()) {
            throw invalid("A target group ARN must be specified");
        }
        if (arns.size() > 5) {
            throw AwsErrors.of("TooManyUniqueTargetGroupsPerLoadBalancer", 400, "At most 5 target groups an action");
        }
        if (action.forwardConfig() != null && action.forwardConfig().hasTargetGroups()) {
            return arns.size() == 1
                    ? action.toBuilder().targetGroupArn(arns.getFirst()).build()
                    : action;
        }
        return action.toBuilder()
                .forwardConfig(ForwardActionConfig.builder()
                        .targetGroups(TargetGroupTuple.builder()
                                .targetGroupArn(arns.getFirst())
                                .weight(1)
                                .build())
                        .targetGroupStickinessConfig(s -> s.enabled(false))
                        .build())
                .build();
    }

    private static RuntimeException invalid(String message) {
        return Attributes.validation(message);
    }
}
