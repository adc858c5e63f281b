package dev.terrane.ec2;

import org.jspecify.annotations.Nullable;

/** How many results a listing may be asked for at once. AWS words the refusal differently for each family of operations. */
enum PageLimits {
    /** Instances and tags: what is more than the most is not refused but not given. */
    INSTANCES(5, Integer.MAX_VALUE),
    /** Networks and what belongs to them. */
    NETWORK(5, 1000),
    ROUTE_TABLES(5, 100),
    INSTANCE_TYPES(5, 100),
    INSTANCE_TYPE_OFFERINGS(5, 1000),
    LAUNCH_TEMPLATES(1, 200),
    OTHERS(1, Integer.MAX_VALUE);

    private static final int MOST = 1000;

    private final int least;
    private final int most;

    PageLimits(int least, int most) {
        this.least = least;
        this.most = most;
    }

    /**
     * The size of a page.
     *
     * @param asked as the request has it, or null
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it is out of range
     */
    int size(@Nullable Integer asked) {
        if (asked == null) {
            return Integer.MAX_VALUE;
        }
        if (asked < least || asked > most) {
            throw refusal(asked);
        }
        return Math.min(asked, MOST);
    }

    private RuntimeException refusal(int asked) {
        return switch (this) {
            case INSTANCES ->
                Refusals.value("Value ( " + asked
                        + " ) for parameter maxResults is invalid. Expecting a value greater than " + least + ".");
            case NETWORK, ROUTE_TABLES ->
                Refusals.value("Value ( " + asked + " ) for parameter MaxResults is invalid. Expecting a value "
                        + (asked < least ? "greater than or equal to " + least : "smaller than or equal to " + most)
                        + ".");
            case INSTANCE_TYPES, INSTANCE_TYPE_OFFERINGS ->
                Refusals.of(
                        "InvalidMaxResults",
                        "Value ( " + asked + " ) for parameter maxResults is invalid. Expecting a value from ( " + least
                                + " ) to  ( " + most + " ).");
            case LAUNCH_TEMPLATES -> Refusals.value("Maximum results allowed are between " + least + " and " + most);
            case OTHERS ->
                Refusals.value("Value ( " + asked
                        + " ) for parameter maxResults is invalid. Expecting a value greater than 0.");
        };
    }
}
