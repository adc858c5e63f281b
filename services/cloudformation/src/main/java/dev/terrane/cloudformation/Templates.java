package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Checks and sums up templates. */
final class Templates {
    private final Requests requests;
    private final Blueprints blueprints;
    private final TemplateParameters parameters;

    Templates(Requests requests, Blueprints blueprints, TemplateParameters parameters) {
        this.requests = requests;
        this.blueprints = blueprints;
        this.parameters = parameters;
    }

    ValidateTemplateResponse validate(ValidateTemplateRequest request) {
        Template template = blueprints.template(requests.template(request.templateBody(), request.templateURL()));
        @Nullable String needed = parameters.capabilities(template, List.of()).orElse(null);
        return ValidateTemplateResponse.builder()
                .description(Views.emptyToNull(template.description()))
                .parameters(template.parameters().values().stream()
                        .map(p -> TemplateParameter.builder()
                                .parameterKey(p.name())
                                .defaultValue(p.standard().orElse(null))
                                .noEcho(p.noEcho())
                                .description(Views.emptyToNull(p.description()))
                                .build())
                        .toList())
                .capabilitiesWithStrings(needed == null ? List.of() : List.of(needed))
                .build();
    }

    GetTemplateSummaryResponse summary(GetTemplateSummaryRequest request) {
        Template template = blueprints.template(requests.template(request.templateBody(), request.templateURL()));
        return GetTemplateSummaryResponse.builder()
                .description(template.description())
                .build();
    }

    DescribeAccountLimitsResponse limits(DescribeAccountLimitsRequest request) {
        return DescribeAccountLimitsResponse.builder()
                .accountLimits(
                        AccountLimit.builder().name("StackLimit").value(2_000).build(),
                        AccountLimit.builder()
                                .name("StackOutputsLimit")
                                .value(200)
                                .build(),
                        AccountLimit.builder()
                                .name("ConcurrentResourcesLimit")
                                .value(50)
                                .build())
                .build();
    }
}
