package dev.terrane.cloudformation;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CloudFormation's own types. */
final class CloudFormationResources {
    private CloudFormationResources() {}

    static List<ResourceType> all(CloudFormationTables tables, ChangeSetTree tree) {
        return List.of(new NestedStack(tables, tree), new Macro(tables), new Metadata());
    }

    /** What CDK notes of itself in a template: nothing is made of it. */
    private static final class Metadata implements ResourceType {
        @Override
        public String name() {
            return "AWS::CDK::Metadata";
        }

        @Override
        public boolean provisionable() {
            return false;
        }

        @Override
        public Set<String> supported() {
            return Set.of("Analytics");
        }

        @Override
        public String create(ResourceWork work) {
            String id = work.token();
            work.made(id);
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {}

        @Override
        public void delete(ResourceWork work, String id) {}

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return Optional.of(Properties.builder()
                    .put("Analytics", work.desired().text("Analytics"))
                    .put("Id", id)
                    .build());
        }
    }
}
