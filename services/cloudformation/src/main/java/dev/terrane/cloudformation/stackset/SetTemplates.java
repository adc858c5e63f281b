package dev.terrane.cloudformation.stackset;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/** What stack sets need to know of templates, which stacks know. All of it refuses with CloudFormation's errors. */
public interface SetTemplates {
    /** A template's text, from the request or from S3 with the caller's rights. */
    String text(@Nullable String body, @Nullable String url);

    /** A text in S3, read with the caller's rights. */
    String file(String url);

    /** Holds a template against the language, its resources against their schemas, and what it needs against what is acknowledged. */
    void check(String template, List<String> capabilities);

    /** The values of all parameters of a template: those given, those before where asked for, and defaults. */
    List<Parameter> values(String template, List<Parameter> given, List<Parameter> before);

    /** The parameters whose values are not shown. */
    Set<String> secrets(String template);

    /** Tags by key. */
    Map<String, String> tags(List<Tag> given);
}
