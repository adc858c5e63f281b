package dev.terrane.cloudformation.template;

/** Makes another template of a template: a macro, of CloudFormation's own or of an account. What fails is told as the transform's failure. */
public interface Transform {
    /** The name by which it is known: {@code AWS::Include}, {@code 123456789012::Mine}. Templates leave the account out. */
    String name();

    /**
     * Transforms a whole template, as its {@code Transform} section asks.
     *
     * @param template before it; not all of it need be right yet
     * @param call what the template says to it
     * @param environment of parameters and pseudo parameters
     */
    default Value.Fields whole(Template template, TransformCall call, Environment environment) {
        throw new TemplateException("it cannot be used in the Transform section", call.at());
    }

    /**
     * Transforms a part of a template, as {@code Fn::Transform} asks.
     *
     * @param siblings what stands beside {@code Fn::Transform}
     * @return what stands there instead of both
     */
    default Value part(Template template, Value.Fields siblings, TransformCall call, Environment environment) {
        throw new TemplateException("it cannot be used by Fn::Transform", call.at());
    }
}
