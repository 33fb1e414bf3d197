package dev.banyan.resp.clients;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What this JVM holds, in bytes: of the heap after a collection, and of direct buffers. */
record MemoryUse(long heap, long direct) {
    /** Collects garbage first. */
    static MemoryUse now() {
        System.gc();
        return new MemoryUse(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), directNow());
    }

    /** Netty counts what it takes, some of which the JDK counts too. */
    static long directNow() {
        long inJdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        return Math.max(inJdk, PlatformDependent.usedDirectMemory());
    }

    /** What it holds more than then. */
    MemoryUse since(MemoryUse earlier) {
        return new MemoryUse(heap - earlier.heap, direct - earlier.direct);
    }

    long bytes() {
        return heap + direct;
    }
}
