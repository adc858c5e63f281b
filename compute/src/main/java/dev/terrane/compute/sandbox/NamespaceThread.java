package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.ComputeException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One thread of the operating system that lives as long as the server and does what must be done by such a thread: sockets
 * that it opens and processes that it starts are in its network namespace, and processes that ask to die with their parent
 * die with this very thread, not with a short-lived one of a pool.
 */
final class NamespaceThread {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

    NamespaceThread(Threads threads, String name) {
        threads.startPlatform(name, () -> {
            while (true) {
                work.take().run();
            }
        });
    }

    /** Does something on this thread and returns what it gives; what it throws comes out as a {@link ComputeException}. */
    <T> T call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        work.add(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof ComputeException known
                    ? known
                    : new ComputeException(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Gives this thread a new, empty network namespace, which ends with it and with all that it started. */
    void leaveNetwork() {
        call(() -> {
            int error = unshare(CLONE_NEWNET);
            if (error != 0) {
                throw new ComputeException("A network namespace is not permitted here (unshare: error " + error + ")");
            }
            return true;
        });
    }

    /** The number by which other processes name this thread. */
    int number() {
        return call(() -> {
            try {
                return (int) function("gettid", FunctionDescriptor.of(ValueLayout.JAVA_INT))
                        .invokeExact();
            } catch (Throwable e) {
                throw new ComputeException("gettid", e);
            }
        });
    }

    private static int unshare(int flags) {
        MethodHandle function = function(
                "unshare",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) function.invokeExact(state, flags);
            return result == 0 ? 0 : (int) ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw new ComputeException("unshare", e);
        }
    }

    @SuppressWarnings("restricted") // The JDK has no other way to call unshare(2).
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(() -> new ComputeException("No " + name)), type, options);
    }
}
