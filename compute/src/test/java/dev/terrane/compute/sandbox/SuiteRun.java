package dev.terrane.compute.sandbox;

import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes in a process of its own and prints a line for each test: {@code passed}, {@code failed} or {@code skipped}. */
final class SuiteRun {
    private SuiteRun() {}

    /** @param arguments classes, or single tests such as {@code Class#method} */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        AtomicInteger failures = new AtomicInteger();
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String each : arguments) {
            request.selectors(
                    each.contains("#") ? DiscoverySelectors.selectMethod(each) : DiscoverySelectors.selectClass(each));
        }
        LauncherDiscoveryRequest all = request.build();
        LauncherFactory.create().execute(all, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                Optional<Throwable> why = result.getThrowable();
                switch (result.getStatus()) {
                    case SUCCESSFUL -> {
                        if (test.isTest()) {
                            out.println("passed " + test.getDisplayName());
                        }
                    }
                    case ABORTED ->
                        out.println("skipped " + test.getDisplayName() + ": "
                                + line(why.map(Throwable::getMessage).orElse("")));
                    case FAILED -> {
                        failures.incrementAndGet();
                        why.ifPresent(Throwable::printStackTrace);
                        out.println("failed " + test.getDisplayName() + ": "
                                + line(why.map(Throwable::toString).orElse("")));
                    }
                }
            }
        });
        System.exit(failures.get() == 0 ? 0 : 1);
    }

    private static String line(@org.jspecify.annotations.Nullable String text) {
        return String.valueOf(text).replace('\n', ' ');
    }
}
