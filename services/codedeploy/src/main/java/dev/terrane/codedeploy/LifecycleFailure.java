package dev.terrane.codedeploy;

import software.amazon.awssdk.services.codedeploy.model.LifecycleErrorCode;

/** A lifecycle event failed on an instance. */
final class LifecycleFailure extends RuntimeException {
    private final LifecycleErrorCode code;
    private final String script;
    private final String log;

    LifecycleFailure(LifecycleErrorCode code, String script, String message, String log) {
        super(message);
        this.code = code;
        this.script = script;
        this.log = log;
    }

    /** A failure without a script. */
    static LifecycleFailure of(String message) {
        return new LifecycleFailure(LifecycleErrorCode.UNKNOWN_ERROR, "", message, "");
    }

    LifecycleErrorCode code() {
        return code;
    }

    String script() {
        return script;
    }

    String log() {
        return log;
    }
}
