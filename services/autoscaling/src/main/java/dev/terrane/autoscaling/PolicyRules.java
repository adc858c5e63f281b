package dev.terrane.autoscaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.autoscaling.model.MetricType;
import software.amazon.awssdk.services.autoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.autoscaling.model.StepAdjustment;
import software.amazon.awssdk.services.autoscaling.model.TargetTrackingConfiguration;

/** What PutScalingPolicy takes. See "PutScalingPolicy" and "StepAdjustment" in the API reference. */
final class PolicyRules {
    static final String PERCENT = "PercentChangeInCapacity";
    static final String EXACT = "ExactCapacity";

    /** The adjustment types, in order. */
    static final List<String> ADJUSTMENTS = List.of("ChangeInCapacity", EXACT, PERCENT);

    private static final int MOST_STEPS = 20;

    private PolicyRules() {}

    static String type(PutScalingPolicyRequest request) {
        return request.policyType() == null ? PolicyRecord.SIMPLE : request.policyType();
    }

    static void check(PutScalingPolicyRequest request) {
        if (request.predictiveScalingConfiguration() != null || type(request).equals("PredictiveScaling")) {
            throw Refusals.of("Policies of the type PredictiveScaling are not supported.");
        }
        if (request.minAdjustmentStep() != null) {
            throw Refusals.of("MinAdjustmentStep is not supported; use MinAdjustmentMagnitude.");
        }
        switch (type(request)) {
            case PolicyRecord.SIMPLE -> checkSimple(request);
            case PolicyRecord.STEP -> checkSteps(request);
            case PolicyRecord.TARGET_TRACKING -> checkTracking(request);
            default -> throw Refusals.of("Unsupported policy type: " + request.policyType());
        }
    }

    private static void checkSimple(PutScalingPolicyRequest request) {
        checkAdjustment(request);
        unless(request.scalingAdjustment() != null, "You must specify a ScalingAdjustment for policy type: ", request);
        unless(!request.hasStepAdjustments() || request.stepAdjustments().isEmpty(), "StepAdjustments", request);
        unless(request.estimatedInstanceWarmup() == null, "EstimatedInstanceWarmup", request);
        unless(request.metricAggregationType() == null, "MetricAggregationType", request);
        unless(request.targetTrackingConfiguration() == null, "TargetTrackingConfiguration", request);
        unless(request.cooldown() == null || request.cooldown() >= 0, "A negative Cooldown", request);
        requireCapacity(request, request.scalingAdjustment());
    }

    private static void checkSteps(PutScalingPolicyRequest request) {
        checkAdjustment(request);
        unless(
                !request.stepAdjustments().isEmpty(),
                "At least one StepAdjustment must be specified for policy type: ",
                request);
        unless(request.scalingAdjustment() == null, "ScalingAdjustment", request);
        unless(noCooldown(request), "Cooldown", request);
        unless(request.targetTrackingConfiguration() == null, "TargetTrackingConfiguration", request);
        if (request.metricAggregationType() != null
                && !Set.of("Average", "Minimum", "Maximum").contains(request.metricAggregationType())) {
            throw Refusals.of("Unsupported metric aggregation type: " + request.metricAggregationType());
        }
        checkWarmup(request);
        request.stepAdjustments().forEach(step -> requireCapacity(request, step.scalingAdjustment()));
        checkBounds(request.stepAdjustments());
    }

    private static void checkBounds(List<StepAdjustment> steps) {
        if (steps.size() > MOST_STEPS) {
            throw Refusals.of("A policy has at most " + MOST_STEPS + " step adjustments");
        }
        for (StepAdjustment step : steps) {
            if (step.metricIntervalLowerBound() == null && step.metricIntervalUpperBound() == null) {
                throw Refusals.of("The upper and lower bound of a StepAdjustment cannot both be unspecified");
            }
            if (lower(step) >= upper(step)) {
                throw Refusals.of("The lower bound of a StepAdjustment must be less than its upper bound");
            }
        }
        List<StepAdjustment> ordered = new ArrayList<>(steps);
        ordered.sort(Comparator.comparingDouble(PolicyRules::lower));
        for (int i = 1; i < ordered.size(); i++) {
            double end = upper(ordered.get(i - 1));
            double start = lower(ordered.get(i));
            if (start < end) {
                throw Refusals.of("StepAdjustment intervals can't overlap");
            }
            if (start > end) {
                throw Refusals.of("StepAdjustment intervals can't have gaps between them");
            }
        }
        if (lower(ordered.getFirst()) < 0 && lower(ordered.getFirst()) > Double.NEGATIVE_INFINITY) {
            throw Refusals.of(
                    "There must be a StepAdjustment with an unspecified lower bound when one StepAdjustment has a negative lower bound");
        }
        if (upper(ordered.getLast()) > 0 && upper(ordered.getLast()) < Double.POSITIVE_INFINITY) {
            throw Refusals.of(
                    "There must be a StepAdjustment with an unspecified upper bound when one StepAdjustment has a positive upper bound");
        }
    }

    static double lower(StepAdjustment step) {
        return Objects.requireNonNullElse(step.metricIntervalLowerBound(), Double.NEGATIVE_INFINITY);
    }

    static double upper(StepAdjustment step) {
        return Objects.requireNonNullElse(step.metricIntervalUpperBound(), Double.POSITIVE_INFINITY);
    }

    private static void checkTracking(PutScalingPolicyRequest request) {
        TargetTrackingConfiguration tracking = request.targetTrackingConfiguration();
        if (tracking == null) {
            throw Refusals.of("TargetTrackingConfiguration must be specified for policy type: TargetTrackingScaling");
        }
        unless(request.adjustmentType() == null, "AdjustmentType", request);
        unless(request.scalingAdjustment() == null, "ScalingAdjustment", request);
        unless(noCooldown(request), "Cooldown", request);
        unless(request.stepAdjustments().isEmpty(), "StepAdjustments", request);
        unless(request.minAdjustmentMagnitude() == null, "MinAdjustmentMagnitude", request);
        unless(request.metricAggregationType() == null, "MetricAggregationType", request);
        checkWarmup(request);
        if (tracking.targetValue() <= 0 || !Double.isFinite(tracking.targetValue())) {
            throw Refusals.of("TargetValue must be greater than 0");
        }
        if ((tracking.predefinedMetricSpecification() == null) == (tracking.customizedMetricSpecification() == null)) {
            throw Refusals.of(
                    "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified");
        }
        if (tracking.predefinedMetricSpecification() != null
                && tracking.predefinedMetricSpecification().predefinedMetricType()
                        != MetricType.ALB_REQUEST_COUNT_PER_TARGET) {
            throw Refusals.of(
                    "The predefined metric "
                            + tracking.predefinedMetricSpecification().predefinedMetricTypeAsString()
                            + " is not supported: instances publish no metrics yet. Use ALBRequestCountPerTarget, or a CustomizedMetricSpecification.");
        }
    }

    private static void checkWarmup(PutScalingPolicyRequest request) {
        unless(
                request.estimatedInstanceWarmup() == null || request.estimatedInstanceWarmup() >= 0,
                "A negative EstimatedInstanceWarmup",
                request);
    }

    private static void checkAdjustment(PutScalingPolicyRequest request) {
        unless(request.adjustmentType() != null, "You must specify an AdjustmentType for policy type: ", request);
        if (!ADJUSTMENTS.contains(request.adjustmentType())) {
            throw Refusals.of("Unsupported AdjustmentType " + request.adjustmentType());
        }
        if (request.minAdjustmentMagnitude() != null
                && (!request.adjustmentType().equals(PERCENT) || request.minAdjustmentMagnitude() < 0)) {
            throw Refusals.of("MinAdjustmentMagnitude is not supported by the specified adjustment type");
        }
    }

    private static void requireCapacity(PutScalingPolicyRequest request, int adjustment) {
        if (request.adjustmentType().equals(EXACT) && adjustment < 0) {
            throw Refusals.of("ScalingAdjustment must not be negative with the adjustment type ExactCapacity");
        }
    }

    /** None of no length is none: Terraform's provider sends it with every change. */
    private static boolean noCooldown(PutScalingPolicyRequest request) {
        return request.cooldown() == null || request.cooldown() == 0;
    }

    /** Refuses a member of another type of policy, or tells what one lacks. */
    private static void unless(boolean right, String what, PutScalingPolicyRequest request) {
        if (!right) {
            throw Refusals.of(
                    what.endsWith(": ")
                            ? what + type(request)
                            : what + " is not supported for policy type: " + type(request));
        }
    }
}
