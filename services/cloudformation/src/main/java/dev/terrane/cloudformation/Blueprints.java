package dev.terrane.cloudformation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.terrane.cloudformation.ResourceRecord.Attributes;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.cloudformation.template.Conditions;
import dev.terrane.cloudformation.template.Dependencies;
import dev.terrane.cloudformation.template.DynamicReference;
import dev.terrane.cloudformation.template.Environment;
import dev.terrane.cloudformation.template.Evaluator;
import dev.terrane.cloudformation.template.IncludeTransform;
import dev.terrane.cloudformation.template.LanguageExtensionsTransform;
import dev.terrane.cloudformation.template.PseudoParameters;
import dev.terrane.cloudformation.template.ResourceDeclaration;
import dev.terrane.cloudformation.template.ServerlessTransform;
import dev.terrane.cloudformation.template.StackOutput;
import dev.terrane.cloudformation.template.Template;
import dev.terrane.cloudformation.template.TemplateException;
import dev.terrane.cloudformation.template.Transform;
import dev.terrane.cloudformation.template.Transforms;
import dev.terrane.cloudformation.template.Unknown;
import dev.terrane.cloudformation.template.Value;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudformation.model.Output;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads templates, and puts them together with what a stack has. */
final class Blueprints {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final CloudFormationTables tables;
    private final TemplateParameters parameters;
    private final StackValues values;
    private final Cache<String, Template> templates =
            Caffeine.newBuilder().maximumSize(256).build();

    /** Each resource of an operation asks for the whole: reading it once for all keeps the cost of a stack linear. */
    private final Cache<Key, Blueprint> drawn =
            Caffeine.newBuilder().maximumSize(64).build();

    private record Key(String arn, String name, Settings settings) {}

    Blueprints(CloudFormationTables tables, TemplateParameters parameters, Clients clients) {
        this.tables = tables;
        this.values = new StackValues(tables, clients);
        this.parameters = parameters;
    }

    /** A template's text, read and checked.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it is none */
    Template template(String text) {
        return told(() -> templates.get(text, Template::parse));
    }

    /** What a template is refused with is a validation error of whoever gave it. */
    static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (TemplateException e) {
            throw Refusals.invalid(String.valueOf(e.getMessage()));
        }
    }

    /** A stack's template as it is now. */
    Blueprint of(StackRecord stack) {
        return of(stack, stack.settings());
    }

    /** A stack's template as it would be with other settings. */
    Blueprint of(StackRecord stack, Settings settings) {
        Key key = new Key(stack.arn(), stack.name(), settings);
        Blueprint known = drawn.getIfPresent(key);
        if (known == null) {
            known = told(() -> {
                Template template = effective(settings);
                Parts parts = new Parts(template, stack.name(), stack.arn(), settings);
                Map<String, Boolean> conditions = Conditions.of(template, parts.environment(Blueprint.Values.NONE));
                return new Drawn(parts, conditions, Dependencies.of(template, conditions));
            });
            drawn.put(key, known);
        }
        return known;
    }

    /** Evaluates all of a template but what has yet to be made, so that what cannot be is refused before anything is. The ARN is empty where there is no stack yet. */
    void rehearse(Template template, Settings settings, String stackName, String stackArn) {
        told(() -> {
            Parts parts = new Parts(template, stackName, stackArn.isEmpty() ? Unknown.TEXT : stackArn, settings);
            Map<String, Boolean> conditions = Conditions.of(template, parts.environment(Blueprint.Values.NONE));
            Blueprint drawn = new Drawn(parts, conditions, Dependencies.of(template, conditions));
            for (String logicalId : drawn.resources()) {
                drawn.properties(logicalId, Blueprint.Values.UNKNOWN);
                drawn.attributes(logicalId, Blueprint.Values.UNKNOWN);
            }
            return drawn.outputs(Blueprint.Values.UNKNOWN);
        });
    }

    /** What a stack has, for the functions of its template. */
    Blueprint.Values values(StackRecord stack) {
        return values.of(stack);
    }

    /** What a stack has and keeps; what is in {@code unknown}, or not there, is not known. */
    Blueprint.Values preview(Map<String, ResourceRecord> there, Set<String> unknown) {
        return values.preview(there, unknown);
    }

    /** A stack's template after its transforms. */
    private Template effective(Settings settings) {
        return settings.expanded().isEmpty()
                ? template(settings.template())
                : templates.get("expanded:" + settings.expanded(), key -> Template.processed(settings.expanded()));
    }

    /**
     * A template after its transforms; the same where it asks for none.
     *
     * @param fetch reads what AWS::Include names
     */
    Template expanded(
            Template template, Settings settings, String stackName, String stackArn, UnaryOperator<String> fetch) {
        Transforms transforms = new Transforms(
                List.of(new IncludeTransform(fetch), new LanguageExtensionsTransform(), new ServerlessTransform()),
                this::macro);
        Parts parts = new Parts(template, stackName, stackArn, settings);
        return told(() -> transforms.expanded(template, parts.environment(Blueprint.Values.NONE)));
    }

    private Optional<Transform> macro(String name) {
        Scope scope = Call.current().scope();
        return tables.macro(scope, name)
                .map(macro -> new MacroTransform(scope.account() + "::" + name, macro.function()));
    }

    String description(String text) {
        return text.isEmpty() ? "" : template(text).description();
    }

    String processed(Settings settings) {
        return settings.expanded().isEmpty() ? settings.template() : settings.expanded();
    }

    /** A template with the parameters of a stack. */
    private final class Parts {
        private final Template template;
        private final String stackName;
        private final String stackArn;
        private final Settings settings;
        private final Map<String, JsonNode> values;

        Parts(Template template, String stackName, String stackArn, Settings settings) {
            this.template = template;
            this.stackName = stackName;
            this.stackArn = stackArn;
            this.settings = settings;
            this.values = parameters.values(template, settings.parameters());
        }

        Environment environment(Blueprint.Values resources) {
            return new Environment() {
                @Override
                public Optional<JsonNode> parameter(String name) {
                    return Optional.ofNullable(values.get(name));
                }

                @Override
                public PseudoParameters pseudoParameters() {
                    Scope scope = Call.current().scope();
                    return new PseudoParameters(
                            scope.account(),
                            scope.region(),
                            "aws",
                            stackName,
                            stackArn,
                            settings.notifications(),
                            "amazonaws.com");
                }

                @Override
                public JsonNode ref(String logicalId) {
                    return resources.reference(logicalId);
                }

                @Override
                public JsonNode attribute(String logicalId, String attribute) {
                    return resources.attribute(logicalId, attribute);
                }

                @Override
                public JsonNode imported(String export) {
                    return resources.imported(export);
                }

                @Override
                public JsonNode output(StackOutput output) {
                    return resources.output(output);
                }

                @Override
                public List<String> availabilityZones(String region) {
                    return parameters.availabilityZones(region);
                }

                @Override
                public String resolve(DynamicReference reference) {
                    throw new IllegalStateException("Dynamic references are resolved when they are used");
                }
            };
        }
    }

    /** A blueprint. */
    private final class Drawn implements Blueprint {
        private final Parts parts;
        private final Map<String, Boolean> conditions;
        private final Dependencies dependencies;

        Drawn(Parts parts, Map<String, Boolean> conditions, Dependencies dependencies) {
            this.parts = parts;
            this.conditions = conditions;
            this.dependencies = dependencies;
        }

        private Evaluator evaluator(Values values) {
            return new Evaluator(parts.template, parts.environment(values), conditions);
        }

        @Override
        public List<String> resources() {
            return dependencies.order();
        }

        @Override
        public Set<String> dependencies(String logicalId) {
            return dependencies.needs().getOrDefault(logicalId, Set.of());
        }

        @Override
        public String type(String logicalId) {
            return parts.template.resource(logicalId).type();
        }

        @Override
        public Attributes attributes(String logicalId, Values values) {
            ResourceDeclaration resource = parts.template.resource(logicalId);
            return new Attributes(
                    resource.deletionPolicy().orElse(""),
                    resource.updateReplacePolicy().orElse(""),
                    told(() -> evaluator(values).updatePolicy(logicalId))
                            .map(JsonNode::toString)
                            .orElse(""),
                    told(() -> evaluator(values).metadata(logicalId))
                            .map(JsonNode::toString)
                            .orElse(""),
                    new ArrayList<>(dependencies(logicalId)));
        }

        @Override
        public String properties(String logicalId, Values values) {
            return told(() -> parameters
                    .checked(
                            parts.template.resource(logicalId),
                            evaluator(values).unresolvedProperties(logicalId))
                    .toString());
        }

        @Override
        public Optional<String> literal(String logicalId, String property) {
            return parts.template
                    .resource(logicalId)
                    .properties()
                    .get(property)
                    .flatMap(Value::scalar)
                    .filter(text -> !text.contains("{{resolve:"));
        }

        @Override
        public Plan.Signals signals(String logicalId, Values values) {
            JsonNode policy =
                    told(() -> evaluator(values).creationPolicy(logicalId)).orElse(JSON.missingNode());
            JsonNode signal = policy.path("ResourceSignal");
            if (signal.isMissingNode()) {
                return Plan.Signals.NONE;
            }
            JsonNode percent = policy.path("AutoScalingCreationPolicy").path("MinSuccessfulInstancesPercent");
            try {
                return new Plan.Signals(
                        Integer.parseInt(signal.path("Count").asString("1")),
                        Duration.parse(signal.path("Timeout").asString("PT5M")),
                        Integer.parseInt(percent.asString("100")));
            } catch (NumberFormatException | DateTimeParseException e) {
                throw Refusals.invalid("CreationPolicy of " + logicalId + ": " + e.getMessage());
            }
        }

        @Override
        public List<Output> outputs(Values values) {
            return told(() -> evaluator(values).outputs().stream()
                    .map(output -> Output.builder()
                            .outputKey(output.name())
                            .outputValue(output.value())
                            .description(Views.emptyToNull(output.description()))
                            .exportName(output.exportName().orElse(null))
                            .build())
                    .toList());
        }

        @Override
        public Set<String> imports(Values values) {
            Set<String> found = new java.util.TreeSet<>();
            Values noting = new Values() {
                @Override
                public JsonNode reference(String logicalId) {
                    return values.reference(logicalId);
                }

                @Override
                public JsonNode attribute(String logicalId, String name) {
                    return values.attribute(logicalId, name);
                }

                @Override
                public JsonNode imported(String export) {
                    found.add(export);
                    return values.imported(export);
                }

                @Override
                public JsonNode output(StackOutput output) {
                    return values.output(output);
                }
            };
            told(() -> {
                Evaluator evaluator = evaluator(noting);
                for (String id : resources()) {
                    evaluator.unresolvedProperties(id);
                    evaluator.metadata(id);
                }
                return evaluator.outputs();
            });
            return found;
        }
    }
}
