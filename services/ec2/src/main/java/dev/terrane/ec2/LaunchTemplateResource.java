package dev.terrane.ec2;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.LaunchTemplate;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.RequestLaunchTemplateData;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * {@code AWS::EC2::LaunchTemplate}. Other launch data become a new version; the default version stays the first, as in AWS, so that groups name the attribute
 * {@code LatestVersionNumber}.
 */
final class LaunchTemplateResource implements ResourceType {
    private static final String DATA = "LaunchTemplateData";
    private static final String DESCRIPTION = "VersionDescription";
    private static final String TAGS = "TagSpecifications";

    @Override
    public String name() {
        return "AWS::EC2::LaunchTemplate";
    }

    @Override
    public Set<String> supported() {
        return Set.of(DATA, "LaunchTemplateName", TAGS, DESCRIPTION);
    }

    /** What of the launch data has no effect on an instance here. */
    @Override
    public Set<String> lacking() {
        ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
        Set<String> lacking = new HashSet<>();
        below(schema, lacking, DATA, "LaunchTemplateData", LaunchParameters.HONOURED);
        below(schema, lacking, DATA + "/NetworkInterfaces", "NetworkInterface", LaunchParameters.INTERFACE);
        below(schema, lacking, DATA + "/Placement", "Placement", LaunchParameters.PLACEMENT);
        return lacking;
    }

    private static void below(
            ResourceSchema schema, Set<String> lacking, String path, String definition, Set<String> honoured) {
        schema.definitions().getOrDefault(definition, Map.of()).keySet().stream()
                .filter(property -> !honoured.contains(property))
                .forEach(property -> lacking.add(path + "/" + property));
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        String id = work.client(Ec2Client.class)
                .createLaunchTemplate(r -> r.launchTemplateName(
                                desired.text("LaunchTemplateName").orElseGet(() -> work.name(128)))
                        .versionDescription(desired.text(DESCRIPTION).orElse(null))
                        .launchTemplateData(data(desired))
                        .tagSpecifications(desired.allAs(TAGS, t -> TagSpecification.builder())))
                .launchTemplate()
                .launchTemplateId();
        work.made(id);
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        Properties desired = work.desired();
        Properties previous = work.previous();
        if (!desired.object(DATA).equals(previous.object(DATA))
                || !desired.text(DESCRIPTION).equals(previous.text(DESCRIPTION))) {
            ec2.createLaunchTemplateVersion(r -> r.launchTemplateId(id)
                    .versionDescription(desired.text(DESCRIPTION).orElse(null))
                    .launchTemplateData(data(desired)));
        }
        Map<String, String> after = tags(desired);
        List<Tag> gone = tags(previous).keySet().stream()
                .filter(key -> !after.containsKey(key))
                .map(key -> Tag.builder().key(key).build())
                .toList();
        if (!gone.isEmpty()) {
            ec2.deleteTags(r -> r.resources(id).tags(gone));
        }
        if (!after.isEmpty()) {
            ec2.createTags(r -> r.resources(id).tags(TagsRecord.list(after)));
        }
    }

    private static RequestLaunchTemplateData data(Properties properties) {
        return properties.object(DATA).as(RequestLaunchTemplateData.builder());
    }

    private static Map<String, String> tags(Properties properties) {
        Map<String, String> tags = new LinkedHashMap<>();
        properties.objects(TAGS).forEach(specification -> tags.putAll(specification.tags("Tags")));
        return tags;
    }

    @Override
    public void delete(ResourceWork work, String id) {
        Ec2Resources.unlessGone(() -> work.client(Ec2Client.class).deleteLaunchTemplate(r -> r.launchTemplateId(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        return Ec2Resources.found(
                        () -> ec2.describeLaunchTemplates(r -> r.launchTemplateIds(id)).launchTemplates().stream()
                                .findFirst())
                .map(template -> {
                    LaunchTemplateVersion latest = ec2.describeLaunchTemplateVersions(
                                    r -> r.launchTemplateId(id).versions("$Latest"))
                            .launchTemplateVersions()
                            .getFirst();
                    Properties.Builder state = Properties.builder()
                            .put("LaunchTemplateId", id)
                            .put("LaunchTemplateName", template.launchTemplateName())
                            .put("DefaultVersionNumber", String.valueOf(template.defaultVersionNumber()))
                            .put("LatestVersionNumber", String.valueOf(template.latestVersionNumber()));
                    if (latest.versionDescription() != null
                            && !latest.versionDescription().isEmpty()) {
                        state.put(DESCRIPTION, latest.versionDescription());
                    }
                    Map<String, String> tags = Ec2Resources.tags(template.tags());
                    if (!tags.isEmpty()) {
                        state.put(
                                TAGS,
                                List.of(Properties.builder()
                                        .put("ResourceType", "launch-template")
                                        .tags("Tags", tags)
                                        .inOrderOf(
                                                work.desired().objects(TAGS).stream()
                                                        .findFirst()
                                                        .orElse(Properties.NONE),
                                                "Tags")
                                        .build()));
                    }
                    return state.model(ResourceSchema.of(name()).orElseThrow(), latest)
                            .build();
                });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(Ec2Client.class).describeLaunchTemplatesPaginator(r -> {}).launchTemplates().stream()
                .map(LaunchTemplate::launchTemplateId)
                .toList();
    }
}
