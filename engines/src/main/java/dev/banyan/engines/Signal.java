package dev.banyan.engines;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * POSIX signals, by {@code kill(2)}: Java's own ProcessHandle sends TERM and KILL only, and PostgreSQL's shutdowns are INT and QUIT,
 * and it reads its settings again upon HUP. The
 * numbers are the same on Linux and macOS but for STOP and CONT.
 */
enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    TERM(15),
    /** Whoever gets it does nothing more until CONT; it cannot be caught. */
    STOP(Numbers.MAC ? 17 : 19),
    CONT(Numbers.MAC ? 19 : 18);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** Sends it to one process; one that has ended, or is not ours to signal, is passed over. */
    void send(long pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("no signal is ever sent to process " + pid);
        }
        try {
            int ignored = (int) Kill.HANDLE.invokeExact((int) pid, number);
        } catch (Throwable e) {
            throw new IllegalStateException("kill(" + pid + ", " + number + ") could not be called", e);
        }
    }

    /** Which system's numbers hold. */
    private static final class Numbers {
        static final boolean MAC = System.getProperty("os.name").startsWith("Mac");
    }

    /** Linked when the first signal is sent, not at start. */
    private static final class Kill {
        static final MethodHandle HANDLE = link();

        @SuppressWarnings("restricted")
        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find("kill").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        }
    }
}
