package dev.terrane.codebuild;

import software.amazon.awssdk.services.codebuild.model.Project;

/**
 * A project.
 *
 * @param builds how many builds it has had: the number of the last one
 */
record ProjectRecord(Project project, long builds) {
    String name() {
        return project.name();
    }
}
