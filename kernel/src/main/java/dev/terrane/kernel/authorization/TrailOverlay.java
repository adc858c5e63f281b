package dev.terrane.kernel.authorization;

/** CloudTrail. */
final class TrailOverlay implements Overlay {
    @Override
    public boolean declares(String action) {
        return action.equals("ListInsightsMetricData");
    }
}
