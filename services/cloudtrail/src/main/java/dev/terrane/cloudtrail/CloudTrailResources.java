package dev.terrane.cloudtrail;

import dev.terrane.kernel.resource.ResourceType;
import java.util.List;

/** CloudTrail's CloudFormation types. */
final class CloudTrailResources {
    static final List<ResourceType> ALL = List.of(new TrailResource());

    private CloudTrailResources() {}
}
