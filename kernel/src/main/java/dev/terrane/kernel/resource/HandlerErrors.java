package dev.terrane.kernel.resource;

import java.util.Locale;

/** The error codes of resource handlers, by which CloudFormation and Cloud Control API say what kind of failure it was. */
public final class HandlerErrors {
    private HandlerErrors() {}

    /** The handler error code that stands for a service's error code. */
    public static String code(String code) {
        String folded = code.toLowerCase(Locale.ROOT);
        if (folded.contains("alreadyexist")
                || folded.contains("alreadyown")
                || folded.endsWith(".duplicate")
                || folded.contains("nameexists")) {
            return "AlreadyExists";
        }
        if (folded.contains("notfound")
                || folded.contains("nosuch")
                || folded.contains("nonexist")
                || folded.contains("doesnotexist")) {
            return "NotFound";
        }
        if (folded.contains("accessdenied") || folded.contains("unauthorized") || folded.contains("notauthorized")) {
            return "AccessDenied";
        }
        if (folded.contains("limitexceeded") || folded.contains("toomany")) {
            return "ServiceLimitExceeded";
        }
        if (folded.contains("throttl")) {
            return "Throttling";
        }
        if (folded.contains("internalfailure") || folded.contains("unavailable")) {
            return "ServiceInternalError";
        }
        if (folded.contains("conflict") || folded.contains("inuse")) {
            return "ResourceConflict";
        }
        if (folded.equals("notstabilized")) {
            return "NotStabilized";
        }
        return "InvalidRequest";
    }
}
