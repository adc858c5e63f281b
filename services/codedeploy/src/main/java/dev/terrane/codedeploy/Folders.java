package dev.terrane.codedeploy;

/** Where things lie on an instance: as AWS's agent has them. */
record Folders(String groupId, String deploymentId) {
    static final String AGENT = "/opt/codedeploy-agent";
    private static final String ROOT = AGENT + "/deployment-root";

    /** The folder of the group's deployments. */
    String group() {
        return ROOT + "/" + groupId;
    }

    String deployment() {
        return group() + "/" + deploymentId;
    }

    /** The unpacked revision. */
    String archive() {
        return deployment() + "/deployment-archive";
    }

    /** What the scripts wrote. */
    String log() {
        return deployment() + "/logs/scripts.log";
    }

    /** What the last installation made, for the next one to remove. */
    String manifest() {
        return ROOT + "/deployment-instructions/" + groupId + "-cleanup";
    }

    Folders of(String otherDeploymentId) {
        return new Folders(groupId, otherDeploymentId);
    }
}
