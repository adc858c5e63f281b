package dev.terrane.cloudformation;

import dev.terrane.cloudformation.stackset.StackSets;
import dev.terrane.cloudformation.template.ParameterDeclaration;
import dev.terrane.cloudformation.template.Template;
import dev.terrane.cloudformation.template.TemplateSummary;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudformation.model.AccountLimit;
import software.amazon.awssdk.services.cloudformation.model.DescribeAccountLimitsRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeAccountLimitsResponse;
import software.amazon.awssdk.services.cloudformation.model.GetTemplateSummaryRequest;
import software.amazon.awssdk.services.cloudformation.model.GetTemplateSummaryResponse;
import software.amazon.awssdk.services.cloudformation.model.ParameterConstraints;
import software.amazon.awssdk.services.cloudformation.model.ResourceIdentifierSummary;
import software.amazon.awssdk.services.cloudformation.model.TemplateParameter;
import software.amazon.awssdk.services.cloudformation.model.ValidateTemplateRequest;
import software.amazon.awssdk.services.cloudformation.model.ValidateTemplateResponse;

/** Checks and sums up templates. */
final class Templates {
    private final Requests requests;
    private final Blueprints blueprints;
    private final CloudFormationTables tables;
    private final StackSets stackSets;

    Templates(Requests requests, Blueprints blueprints, CloudFormationTables tables, StackSets stackSets) {
        this.requests = requests;
        this.blueprints = blueprints;
        this.tables = tables;
        this.stackSets = stackSets;
    }

    ValidateTemplateResponse validate(ValidateTemplateRequest request) {
        Template template = blueprints.template(requests.template(request.templateBody(), request.templateURL()));
        TemplateSummary summary = TemplateSummary.of(template);
        return ValidateTemplateResponse.builder()
                .description(Views.emptyToNull(summary.description()))
                .parameters(summary.parameters().stream()
                        .map(p -> TemplateParameter.builder()
                                .parameterKey(p.name())
                                .defaultValue(p.standard().orElse(null))
                                .noEcho(p.noEcho())
                                .description(Views.emptyToNull(p.description()))
                                .build())
                        .toList())
                .capabilitiesWithStrings(summary.capabilities())
                .capabilitiesReason(Views.emptyToNull(summary.capabilitiesReason()))
                .declaredTransforms(summary.declaredTransforms())
                .build();
    }

    GetTemplateSummaryResponse summary(GetTemplateSummaryRequest request) {
        Template template = blueprints.template(text(request));
        TemplateSummary summary = TemplateSummary.of(template);
        return GetTemplateSummaryResponse.builder()
                .description(Views.emptyToNull(summary.description()))
                .metadata(Views.emptyToNull(summary.metadata()))
                .version(Views.emptyToNull(summary.version()))
                .parameters(summary.parameters().stream()
                        .map(Templates::declaration)
                        .toList())
                .capabilitiesWithStrings(summary.capabilities())
                .capabilitiesReason(Views.emptyToNull(summary.capabilitiesReason()))
                .declaredTransforms(summary.declaredTransforms())
                .resourceTypes(summary.resourceTypes())
                .resourceIdentifierSummaries(summary.identifiers().stream()
                        .map(i -> ResourceIdentifierSummary.builder()
                                .resourceType(i.resourceType())
                                .logicalResourceIds(i.logicalIds())
                                .resourceIdentifiers(i.properties())
                                .build())
                        .toList())
                .build();
    }

    private String text(GetTemplateSummaryRequest request) {
        boolean given = request.templateBody() != null || request.templateURL() != null;
        long named = Stream.of(given, request.stackName() != null, request.stackSetName() != null)
                .filter(one -> one)
                .count();
        if (named != 1) {
            throw Refusals.invalid(
                    "Exactly one of StackName, StackSetName, TemplateBody and TemplateURL must be specified.");
        }
        Scope scope = Call.current().scope();
        if (request.stackSetName() != null) {
            return stackSets.template(scope, request.stackSetName());
        }
        return given
                ? requests.template(request.templateBody(), request.templateURL())
                : tables.find(scope, request.stackName())
                        .orElseThrow(() -> Refusals.noStack(request.stackName()))
                        .settings()
                        .template();
    }

    private static software.amazon.awssdk.services.cloudformation.model.ParameterDeclaration declaration(
            ParameterDeclaration p) {
        return software.amazon.awssdk.services.cloudformation.model.ParameterDeclaration.builder()
                .parameterKey(p.name())
                .defaultValue(p.standard().orElse(null))
                .parameterType(p.type().name())
                .noEcho(p.noEcho())
                .description(Views.emptyToNull(p.description()))
                .parameterConstraints(ParameterConstraints.builder()
                        .allowedValues(p.allowedValues())
                        .build())
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
