package dev.terrane.cloudformation.template;

import dev.terrane.kernel.arn.Arn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code AWS::Serverless::Function}: a function, the role that it runs with, its published version and alias, and what its events need. */
final class ServerlessFunction {
    private static final String MANAGED = new Arn("${AWS::Partition}", "iam", "", "aws", "policy/").toString();
    /** Properties that the function takes as they are. */
    private static final List<String> SAME = List.of(
            "Architectures",
            "CodeSigningConfigArn",
            "Description",
            "Environment",
            "EphemeralStorage",
            "FileSystemConfigs",
            "FunctionName",
            "Handler",
            "ImageConfig",
            "KmsKeyArn",
            "Layers",
            "LoggingConfig",
            "MemorySize",
            "PackageType",
            "RecursiveLoop",
            "ReservedConcurrentExecutions",
            "Runtime",
            "RuntimeManagementConfig",
            "SnapStart",
            "Timeout",
            "VpcConfig");

    private static final Set<String> OWN = Set.of(
            "AssumeRolePolicyDocument",
            "AutoPublishAlias",
            "AutoPublishAliasAllProperties",
            "AutoPublishCodeSha256",
            "CodeUri",
            "DeadLetterQueue",
            "Events",
            "ImageUri",
            "InlineCode",
            "PermissionsBoundary",
            "Policies",
            "Role",
            "RolePath",
            "Tags",
            "Tracing",
            "VersionDescription");
    private static final Set<String> LACKING = Set.of(
            "CapacityProviderConfig",
            "DeploymentPreference",
            "DurableConfig",
            "EventInvokeConfig",
            "FunctionScalingConfig",
            "FunctionUrlConfig",
            "PropagateTags",
            "ProvisionedConcurrencyConfig",
            "PublishToLatestPublished",
            "SourceKMSKeyArn",
            "TenancyConfig",
            "VersionDeletionPolicy");

    private final ServerlessResource resource;
    private final String id;
    private final List<Value> managed = new ArrayList<>();
    private final List<Value> inline = new ArrayList<>();

    ServerlessFunction(ServerlessResource resource) {
        this.resource = resource;
        this.id = resource.logicalId();
    }

    void make() {
        Set<String> known = new java.util.HashSet<>(SAME);
        known.addAll(OWN);
        resource.only("Function", known, LACKING);
        Made function = Made.object().put("Code", code());
        SAME.forEach(name -> function.put(name, resource.get(name)));
        function.put(
                "DeadLetterConfig",
                resource.get("DeadLetterQueue").flatMap(Value::object).map(this::deadLetters));
        function.put(
                "TracingConfig",
                resource.get("Tracing")
                        .map(mode -> Made.object().put("Mode", mode).done()));
        function.put("Tags", Made.serverlessTags(resource.get("Tags")));
        function.put("Role", resource.get("Role").orElse(Made.arn(id + "Role")));
        resource.base(id, "AWS::Lambda::Function", function.done());
        Value target = alias();
        new ServerlessEvents(resource, target, policy -> managed.add(Made.sub(MANAGED + policy))).make();
        if (resource.get("Role").isEmpty()) {
            role();
        }
    }

    private Value code() {
        Optional<Value> inlined = resource.get("InlineCode");
        if (inlined.isPresent()) {
            return Made.object().put("ZipFile", inlined).done();
        }
        Optional<Value> image = resource.get("ImageUri");
        if (image.isPresent()) {
            return Made.object().put("ImageUri", image).done();
        }
        return resource.code(
                resource.get("CodeUri").orElseThrow(() -> resource.invalid("'InlineCode' or 'CodeUri' must be set.")));
    }

    private Value deadLetters(Value.Fields queue) {
        String type = queue.get("Type").flatMap(Value::scalar).orElse("");
        Value target = queue.get("TargetArn")
                .orElseThrow(() ->
                        resource.invalid("'DeadLetterQueue' requires Type and TargetArn properties to be specified."));
        String action = Optional.ofNullable(
                        Map.of("SQS", "sqs:SendMessage", "SNS", "sns:Publish").get(type))
                .orElseThrow(() -> resource.invalid("'DeadLetterQueue' requires Type of ['SNS', 'SQS']"));
        inline.add(Made.object()
                .put("PolicyName", "DeadLetterQueuePolicy")
                .put(
                        "PolicyDocument",
                        document(Made.object()
                                .put("Action", action)
                                .put("Resource", target)
                                .put("Effect", "Allow")
                                .done()))
                .done());
        return Made.object().put("TargetArn", target).done();
    }

    private static Value document(Value statement) {
        return Made.object()
                .put("Version", "2012-10-17")
                .put("Statement", Made.list(statement))
                .done();
    }

    /** What events call: the alias where one is published, otherwise the function. */
    private Value alias() {
        Optional<Value> asked = resource.get("AutoPublishAlias");
        if (asked.isEmpty()) {
            return Made.ref(id);
        }
        String name = asked.get()
                .scalar()
                .orElseThrow(
                        () -> resource.invalid("'AutoPublishAlias' must be a string or a Ref to a template parameter"));
        Value published =
                Made.list(code(), resource.get("AutoPublishCodeSha256").orElse(Value.text("")));
        String version = id + "Version" + Made.digest(published);
        String alias = id + "Alias" + name.replaceAll("[^A-Za-z0-9]", "");
        Value.Fields properties = Made.object()
                .put("FunctionName", Made.ref(id))
                .put("Description", resource.get("VersionDescription"))
                .done();
        resource.beside(version, "AWS::Lambda::Version", properties);
        resource.keep(version);
        resource.beside(
                alias,
                "AWS::Lambda::Alias",
                Made.object()
                        .put("FunctionName", Made.ref(id))
                        .put("FunctionVersion", Value.single("Fn::GetAtt", Made.texts(version, "Version")))
                        .put("Name", name)
                        .done());
        resource.rename(id + ".Version", version);
        resource.rename(id + ".Alias", alias);
        return Made.ref(alias);
    }

    private void role() {
        List<Value> events = List.copyOf(managed);
        managed.clear();
        managed.add(Made.sub(MANAGED + "service-role/AWSLambdaBasicExecutionRole"));
        if (resource.get("Tracing").isPresent()) {
            managed.add(Made.sub(MANAGED + "AWSXrayWriteOnlyAccess"));
        }
        if (resource.get("VpcConfig").isPresent()) {
            managed.add(Made.sub(MANAGED + "service-role/AWSLambdaVPCAccessExecutionRole"));
        }
        List<Value> policies = resource.get("Policies")
                .map(given -> given.list().orElse(List.of(given)))
                .orElse(List.of());
        for (int i = 0; i < policies.size(); i++) {
            policy(i, policies.get(i));
        }
        events.stream().filter(policy -> !managed.contains(policy)).forEach(managed::add);
        Value statement = Made.object()
                .put("Action", Made.texts("sts:AssumeRole"))
                .put("Effect", "Allow")
                .put(
                        "Principal",
                        Made.object()
                                .put("Service", Made.texts("lambda.amazonaws.com"))
                                .done())
                .done();
        Made role = Made.object()
                .put(
                        "AssumeRolePolicyDocument",
                        resource.get("AssumeRolePolicyDocument").orElse(document(statement)))
                .put("ManagedPolicyArns", Made.list(managed));
        if (!inline.isEmpty()) {
            role.put("Policies", Made.list(inline));
        }
        role.put("PermissionsBoundary", resource.get("PermissionsBoundary"))
                .put("Path", resource.get("RolePath"))
                .put("Tags", Made.serverlessTags(resource.get("Tags")));
        resource.beside(id + "Role", "AWS::IAM::Role", role.done());
    }

    /** A policy: the name or ARN of a managed one, or a document. */
    private void policy(int index, Value policy) {
        if (policy instanceof Value.Scalar(String text, Value.Kind kind, Position at)) {
            managed.add(Arn.isArn(text) ? policy : Made.sub(MANAGED + text));
        } else if (policy.call().isPresent()) {
            managed.add(policy);
        } else if (policy.object().flatMap(object -> object.get("Statement")).isPresent()) {
            inline.add(Made.object()
                    .put("PolicyName", id + "RolePolicy" + index)
                    .put("PolicyDocument", policy)
                    .done());
        } else {
            String names = policy.object()
                    .map(object -> String.join(", ", object.fields().keySet()))
                    .orElse("");
            throw resource.invalid("policy template " + TemplateText.shown(names) + " is not supported by this server");
        }
    }
}
