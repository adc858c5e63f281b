package dev.terrane.ssm;

import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.*;

/** Systems Manager's CloudFormation types. */
final class SsmResources {
    static final List<ResourceType> ALL = List.of(new ParameterResource());

    private SsmResources() {}

    /** A parameter; secure strings cannot be made by CloudFormation. */
    private static final class ParameterResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::SSM::Parameter";
        }

        @Override
        public Set<String> supported() {
            return Set.of("AllowedPattern", "DataType", "Description", "Name", "Tags", "Tier", "Type", "Value");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().text("Name").orElseGet(() -> work.name(1_011));
            work.client(SsmClient.class)
                    .putParameter(work.desired().as(PutParameterRequest.builder()).toBuilder()
                            .name(name)
                            .tags(tags(work.tags()))
                            .build());
            work.made(name);
            return name;
        }

        private static List<Tag> tags(Map<String, String> tags) {
            return tags.entrySet().stream()
                    .map(tag -> Tag.builder()
                            .key(tag.getKey())
                            .value(tag.getValue())
                            .build())
                    .toList();
        }

        /** A change of the type is refused by the service, as by AWS. */
        @Override
        public void update(ResourceWork work, String id) {
            SsmClient ssm = work.client(SsmClient.class);
            PutParameterRequest desired = overwriting(work.desired(), id);
            if (!desired.equals(overwriting(work.previous(), id))) {
                ssm.putParameter(desired);
            }
            work.tagChanges(
                    tags -> ssm.addTagsToResource(r -> r.resourceType(ResourceTypeForTagging.PARAMETER)
                            .resourceId(id)
                            .tags(tags(tags))),
                    keys -> ssm.removeTagsFromResource(r -> r.resourceType(ResourceTypeForTagging.PARAMETER)
                            .resourceId(id)
                            .tagKeys(keys)));
        }

        /** What replaces a parameter's newest version: what is left out is not taken over from that. */
        private static PutParameterRequest overwriting(Properties properties, String id) {
            return properties.as(PutParameterRequest.builder().description("").allowedPattern("")).toBuilder()
                    .name(id)
                    .tags(List.of())
                    .overwrite(true)
                    .build();
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    ParameterNotFoundException.class,
                    () -> work.client(SsmClient.class).deleteParameter(r -> r.name(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            SsmClient ssm = work.client(SsmClient.class);
            ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
            List<ParameterMetadata> found = ssm.describeParameters(
                            r -> r.parameterFilters(ParameterStringFilter.builder()
                                    .key("Name")
                                    .option("Equals")
                                    .values(id)
                                    .build()))
                    .parameters();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            return work.ifThere(ParameterNotFoundException.class, () -> {
                Map<String, String> tags = new LinkedHashMap<>();
                ssm.listTagsForResource(r ->
                                r.resourceType(ResourceTypeForTagging.PARAMETER).resourceId(id))
                        .tagList()
                        .forEach(tag -> tags.put(tag.key(), tag.value()));
                ParameterMetadata metadata = found.getFirst();
                Properties.Builder properties = Properties.builder();
                if (work.desired().text("Tier").orElse("").equals("Intelligent-Tiering")) {
                    // Not a tier of its own: a choice that is made at each change.
                    properties.put("Tier", "Intelligent-Tiering");
                }
                tags.keySet().removeIf(SystemTags::is);
                return properties
                        .put("Tags", tags)
                        .model(schema, ssm.getParameter(r -> r.name(id)).parameter())
                        .model(schema, metadata)
                        .build();
            });
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(SsmClient.class).describeParametersPaginator().stream()
                    .flatMap(page -> page.parameters().stream())
                    .filter(parameter -> parameter.type() != ParameterType.SECURE_STRING)
                    .map(ParameterMetadata::name)
                    .toList();
        }
    }
}
