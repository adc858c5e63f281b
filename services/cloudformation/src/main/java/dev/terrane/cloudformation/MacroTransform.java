package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.Environment;
import dev.terrane.cloudformation.template.Template;
import dev.terrane.cloudformation.template.TemplateException;
import dev.terrane.cloudformation.template.Transform;
import dev.terrane.cloudformation.template.TransformCall;
import dev.terrane.cloudformation.template.Value;

/**
 * The transform that a macro is: none, since nothing runs its function.
 *
 * @param name with the account's
 * @param function the ARN of the Lambda function
 */
record MacroTransform(String name, String function) implements Transform {
    @Override
    public Value.Fields whole(Template template, TransformCall call, Environment environment) {
        throw notCalled(call);
    }

    @Override
    public Value part(Template template, Value.Fields siblings, TransformCall call, Environment environment) {
        throw notCalled(call);
    }

    private TemplateException notCalled(TransformCall call) {
        return new TemplateException(
                "the function " + function + " cannot be called: Lambda functions do not run on this server",
                call.at());
    }
}
