package dev.terrane.codedeploy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The lifecycle events of a deployment in place, in their order. */
final class Lifecycle {
    static final String BLOCK_TRAFFIC = "BlockTraffic";
    static final String APPLICATION_STOP = "ApplicationStop";
    static final String DOWNLOAD_BUNDLE = "DownloadBundle";
    static final String INSTALL = "Install";
    static final String APPLICATION_START = "ApplicationStart";
    static final String ALLOW_TRAFFIC = "AllowTraffic";

    private static final List<String> BLOCKING = List.of("BeforeBlockTraffic", BLOCK_TRAFFIC, "AfterBlockTraffic");
    private static final List<String> DEPLOYING = List.of(
            APPLICATION_STOP,
            DOWNLOAD_BUNDLE,
            "BeforeInstall",
            INSTALL,
            "AfterInstall",
            APPLICATION_START,
            "ValidateService");
    private static final List<String> ALLOWING = List.of("BeforeAllowTraffic", ALLOW_TRAFFIC, "AfterAllowTraffic");

    /** Events whose scripts are those of the last revision that was deployed successfully. */
    private static final Set<String> OF_THE_LAST_REVISION =
            Set.of("BeforeBlockTraffic", "AfterBlockTraffic", APPLICATION_STOP);

    private Lifecycle() {}

    static List<String> events(boolean trafficControl) {
        return trafficControl
                ? Stream.of(BLOCKING, DEPLOYING, ALLOWING).flatMap(List::stream).toList()
                : DEPLOYING;
    }

    static boolean isOfLastRevision(String event) {
        return OF_THE_LAST_REVISION.contains(event);
    }
}
