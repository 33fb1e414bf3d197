package dev.banyan.http;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails the module's tests when a buffer was lost in any of them: found by JUnit before the first test, it has Netty tell its leak reports
 * to it, and when all tests are over it collects what is lost and throws. Netty reports a leak when the next buffer is made after the lost
 * one was collected, hence the loop.
 */
public final class LeakWatch implements LauncherSessionListener {
    private static final int ROUNDS = 10;
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Mishaps.listen();
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // the only method there is to override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval, long maxActive) {
                return new Telling<>(resource, samplingInterval);
            }
        });
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        List<String> leaks = collect();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " buffers were lost by the tests of this run; the first: " + leaks.getFirst());
        }
    }

    /** What has been lost until now. */
    static List<String> collect() {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            io.netty.buffer.ByteBufAllocator.DEFAULT.directBuffer(1).release();
            io.netty.buffer.ByteBufAllocator.DEFAULT.heapBuffer(1).release();
        }
        return List.copyOf(LEAKS);
    }

    /** For the test of this watch itself: takes a report back. */
    static boolean forgive(String about) {
        return LEAKS.removeIf(leak -> leak.contains(about));
    }

    private static final class Telling<T> extends ResourceLeakDetector<T> {
        Telling(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            LEAKS.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            LEAKS.add(type);
        }
    }
}
