package dev.terrane.codedeploy;

import software.amazon.awssdk.services.codedeploy.model.Diagnostics;
import software.amazon.awssdk.services.codedeploy.model.LifecycleErrorCode;

/** How a lifecycle event ended on an instance. */
record Outcome(boolean succeeded, Diagnostics diagnostics) {
    static Outcome success() {
        return new Outcome(
                true,
                Diagnostics.builder()
                        .errorCode(LifecycleErrorCode.SUCCESS)
                        .scriptName("")
                        .message("Succeeded")
                        .logTail("")
                        .build());
    }

    static Outcome success(String logTail) {
        return new Outcome(
                true, success().diagnostics().toBuilder().logTail(logTail).build());
    }

    static Outcome of(LifecycleFailure failure) {
        return new Outcome(
                false,
                Diagnostics.builder()
                        .errorCode(failure.code())
                        .scriptName(failure.script())
                        .message(failure.getMessage())
                        .logTail(failure.log())
                        .build());
    }
}
