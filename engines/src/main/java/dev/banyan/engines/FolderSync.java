package dev.banyan.engines;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Forces all of a new folder to disk: on Linux by one syncfs(2), which also reports what could not be written; elsewhere file by file. */
final class FolderSync {
    private static final boolean LINUX = Files.exists(Path.of("/proc/self/stat"));

    private FolderSync() {}

    static void force(Path folder) throws IOException {
        if (LINUX) {
            FileSystem.force(folder);
        } else {
            forceEach(folder);
        }
    }

    static void forceEach(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                try (FileChannel file = FileChannel.open(each, StandardOpenOption.READ)) {
                    file.force(true);
                }
            }
        }
    }

    /** Linked at the first use. */
    private static final class FileSystem {
        private static final int READ_ONLY = 0;
        private static final MethodHandle OPEN = link("open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), Linker.Option.firstVariadicArg(2));
        private static final MethodHandle SYNC = link("syncfs", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        static void force(Path folder) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                int descriptor = open(arena.allocateFrom(folder.toString()));
                boolean synced = descriptor >= 0 && call(SYNC, descriptor) == 0;
                if (descriptor >= 0) {
                    call(CLOSE, descriptor);
                }
                if (!synced) {
                    throw new IOException("the system could not force " + folder + " to disk: the disk is full or failing");
                }
            }
        }

        private static int open(MemorySegment path) {
            try {
                return (int) OPEN.invokeExact(path, READ_ONLY);
            } catch (Throwable e) {
                throw new IllegalStateException("open(2) could not be called", e);
            }
        }

        private static int call(MethodHandle function, int descriptor) {
            try {
                return (int) function.invokeExact(descriptor);
            } catch (Throwable e) {
                throw new IllegalStateException("a function of the C library could not be called", e);
            }
        }

        @SuppressWarnings("restricted")
        private static MethodHandle link(String name, FunctionDescriptor shape, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), shape, options);
        }
    }
}
