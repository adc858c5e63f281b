package dev.terrane.ec2;

import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** EC2's CloudFormation types, and what they have in common. */
final class Ec2Resources {
    static final List<ResourceType> ALL = List.of(
            new InstanceResource(),
            new KeyPairResource(),
            new LaunchTemplateResource(),
            new SecurityGroupResource(),
            new SecurityGroupRuleResource(false),
            new SecurityGroupRuleResource(true),
            new VpcResources.VpcType(),
            new VpcResources.SubnetType(),
            new VpcResources.Gateway(),
            new VpcResources.Attachment(),
            new RouteResources.TableType(),
            new RouteResources.RouteType(),
            new RouteResources.Association());

    private Ec2Resources() {}

    /** What a description gives; empty where EC2 says that there is no such thing. */
    static <T> Optional<T> found(Supplier<Optional<T>> description) {
        try {
            return description.get();
        } catch (AwsServiceException e) {
            if (isGone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Does what is no error where the thing is not there any more. */
    static void unlessGone(Runnable work) {
        try {
            work.run();
        } catch (AwsServiceException e) {
            if (!isGone(e)) {
                throw e;
            }
        }
    }

    /** EC2 has no classes of exceptions, but codes such as {@code InvalidGroup.NotFound}. */
    private static boolean isGone(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        return code != null && (code.endsWith(".NotFound") || code.endsWith(".NotFoundException"));
    }

    /** The tags that a new resource is to have. */
    static List<TagSpecification> specifications(ResourceWork work, String type) {
        return work.tags().isEmpty()
                ? List.of()
                : List.of(TagSpecification.builder()
                        .resourceType(type)
                        .tags(TagsRecord.list(work.tags()))
                        .build());
    }

    static void changeTags(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        work.tagChanges(
                tags -> ec2.createTags(r -> r.resources(id).tags(TagsRecord.list(tags))),
                keys -> ec2.deleteTags(r -> r.resources(id)
                        .tags(keys.stream()
                                .map(key -> Tag.builder().key(key).build())
                                .toList())));
    }

    static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }
}
