package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.kernel.resource.Properties;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a change of an Auto Scaling group goes on to its instances.
 *
 * @param replaces whether another group takes its place
 * @param keepsSizes whether its sizes stay as they are where the template does not change them
 * @param rolling how its instances are replaced
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html">UpdatePolicy</a>
 */
record UpdatePolicy(boolean replaces, boolean keepsSizes, Optional<Rolling> rolling) {
    static final String GROUP = "AWS::AutoScaling::AutoScalingGroup";
    /** The policies that are carried out. */
    static final Set<String> KINDS =
            Set.of("AutoScalingRollingUpdate", "AutoScalingReplacingUpdate", "AutoScalingScheduledAction");

    private static final UpdatePolicy NONE = new UpdatePolicy(false, false, Optional.empty());
    private static final String[] SIZES = {"MinSize", "MaxSize", "DesiredCapacity"};
    /** A change of these is one of the instances. */
    private static final Set<String> OF_INSTANCES = Set.of(
            "LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy", "PlacementGroup", "VPCZoneIdentifier");

    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Instances are replaced batch by batch.
     *
     * @param pause after each batch, or for how long signals are waited for
     * @param suspended the group's processes that stand still meanwhile
     */
    record Rolling(
            int maxBatch,
            int minInService,
            int minSuccessfulPercent,
            Duration pause,
            boolean waitsForSignals,
            List<String> suspended) {}

    /** The policy of a resource, as it was written down.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it is none */
    static UpdatePolicy of(String type, ResourceRecord.Attributes attributes) {
        if (!type.equals(GROUP) || attributes.updatePolicy().isEmpty()) {
            return NONE;
        }
        Properties policy = Properties.parse(attributes.updatePolicy());
        return new UpdatePolicy(
                policy.object("AutoScalingReplacingUpdate").flag("WillReplace").orElse(false),
                policy.object("AutoScalingScheduledAction")
                        .flag("IgnoreUnmodifiedGroupSizeProperties")
                        .orElse(false),
                policy.has("AutoScalingRollingUpdate")
                        ? Optional.of(rolling(policy.object("AutoScalingRollingUpdate")))
                        : Optional.empty());
    }

    private static Rolling rolling(Properties policy) {
        try {
            boolean signals = policy.flag("WaitOnResourceSignals").orElse(false);
            Rolling rolling = new Rolling(
                    policy.integer("MaxBatchSize").orElse(1),
                    policy.integer("MinInstancesInService").orElse(0),
                    policy.integer("MinSuccessfulInstancesPercent").orElse(100),
                    Duration.parse(policy.text("PauseTime").orElse(signals ? "PT5M" : "PT0S")),
                    signals,
                    policy.texts("SuspendProcesses"));
            boolean bounded = rolling.maxBatch() >= 1
                    && rolling.minInService() >= 0
                    && rolling.minSuccessfulPercent() >= 0
                    && rolling.minSuccessfulPercent() <= 100
                    && !rolling.pause().isNegative()
                    && rolling.pause().compareTo(LONGEST) <= 0;
            if (!bounded) {
                throw Refusals.invalid("AutoScalingRollingUpdate is out of bounds: " + policy);
            }
            return rolling;
        } catch (NumberFormatException | DateTimeParseException e) {
            throw Refusals.invalid("AutoScalingRollingUpdate is malformed: " + e.getMessage());
        }
    }

    /** Whether a change is one of the instances. */
    static boolean ofInstances(Set<String> changed) {
        return !Collections.disjoint(changed, OF_INSTANCES);
    }

    /** What a group is changed to: without the sizes that are to stay as they are. */
    static Physical given(String type, Physical wanted, Physical before) {
        if (!of(type, wanted.attributes()).keepsSizes()) {
            return wanted;
        }
        Properties is = Properties.parse(wanted.properties());
        Properties was = Properties.parse(before.properties());
        String[] same = java.util.Arrays.stream(SIZES)
                .filter(size -> is.text(size).equals(was.text(size)))
                .toArray(String[]::new);
        return wanted.changed(is.without(same).toString(), wanted.tags(), wanted.attributes());
    }
}
