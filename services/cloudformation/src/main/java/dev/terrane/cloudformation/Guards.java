package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** What guards stacks against changes: policies and termination protection. */
final class Guards {
    private final CloudFormationTables tables;
    private final Requests requests;

    Guards(CloudFormationTables tables, Requests requests) {
        this.tables = tables;
        this.requests = requests;
    }

    /** A stack that is there.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it is not, or not any more */
    StackRecord existing(Scope scope, String name) {
        return tables.find(scope, name)
                .filter(stack -> !stack.deleted())
                .orElseThrow(() -> Refusals.noStackNamed(name));
    }

    UpdateTerminationProtectionResponse guard(UpdateTerminationProtectionRequest request) {
        Scope scope = scope();
        StackRecord stack = existing(scope, request.stackName());
        if (stack.status() == StackStatus.DELETE_IN_PROGRESS) {
            throw Refusals.invalid("Stack [" + stack.name() + "] cannot be changed while in status DELETE_IN_PROGRESS");
        }
        if (!stack.parent().isEmpty()) {
            throw Refusals.invalid("TerminationProtection can only be set on the root stack.");
        }
        tables.put(scope, stack.guarded(request.enableTerminationProtection()));
        return UpdateTerminationProtectionResponse.builder()
                .stackId(stack.arn())
                .build();
    }

    SetStackPolicyResponse setPolicy(SetStackPolicyRequest request) {
        Scope scope = scope();
        StackRecord stack = existing(scope, request.stackName());
        tables.put(scope, stack.underPolicy(policy(request.stackPolicyBody(), request.stackPolicyURL())));
        return SetStackPolicyResponse.builder().build();
    }

    GetStackPolicyResponse getPolicy(GetStackPolicyRequest request) {
        StackRecord stack =
                tables.find(scope(), request.stackName()).orElseThrow(() -> Refusals.noStackNamed(request.stackName()));
        return GetStackPolicyResponse.builder()
                .stackPolicyBody(stack.policy().isEmpty() ? null : stack.policy())
                .build();
    }

    /** The policy that a request gives, checked; empty where it gives none. */
    String policy(@Nullable String body, @Nullable String url) {
        if (body != null && url != null) {
            throw Refusals.invalid("You cannot specify both StackPolicyURL and StackPolicyBody");
        }
        String text = body != null ? body : url != null ? requests.fetch(url) : "";
        if (!text.isEmpty()) {
            StackPolicy.parse(text);
        }
        return text;
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
