package dev.banyan.engines;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * How far a running process may write any file, by Linux' {@code prlimit(2)}. At 0 each write to a file fails with EFBIG, where a full disk's
 * would with ENOSPC; for whoever ignores SIGXFSZ, as PostgreSQL does, the two are alike. What a process starts has its limit.
 */
final class FileLimit {
    private static final int FILE_SIZE = 1;
    private static final long WORD = Long.BYTES;

    private FileLimit() {}

    /** Whether this system can. */
    static boolean available() {
        return Call.HANDLE.isPresent();
    }

    /** Nothing can be written any more; false when the process has ended or is not ours. */
    static boolean toNothing(long pid) {
        return set(pid, true);
    }

    /** As far as the process was ever allowed to. */
    static boolean lift(long pid) {
        return set(pid, false);
    }

    private static boolean set(long pid, boolean nothing) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(2 * WORD);
            MethodHandle call = Call.HANDLE.orElseThrow();
            if ((int) call.invokeExact((int) pid, FILE_SIZE, MemorySegment.NULL, limit) != 0) {
                return false;
            }
            limit.set(ValueLayout.JAVA_LONG, 0, nothing ? 0 : limit.get(ValueLayout.JAVA_LONG, WORD));
            return (int) call.invokeExact((int) pid, FILE_SIZE, limit, MemorySegment.NULL) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("prlimit(" + pid + ") could not be called", e);
        }
    }

    /** Linked when it is first needed; empty where there is no such call. */
    private static final class Call {
        static final Optional<MethodHandle> HANDLE = link();

        @SuppressWarnings("restricted")
        private static Optional<MethodHandle> link() {
            Linker linker = Linker.nativeLinker();
            FunctionDescriptor shape = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
            return linker.defaultLookup().find("prlimit").map(at -> linker.downcallHandle(at, shape));
        }
    }
}
