package dev.banyan.console;

import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server-sent events (WHATWG HTML, 9.2) to at most {@value #MOST_READERS} readers. An event is encoded once for all. Nobody waits for a slow
 * reader: one that is {@value #BEHIND} events behind is cut off, and may come again.
 */
final class Feed implements AutoCloseable {
    static final int MOST_READERS = 64;
    private static final int BEHIND = 64;
    private static final byte[] RETRY = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger(MOST_READERS);
    private final Counter cut;

    Feed(Registry registry) {
        cut = registry.counter("banyan_console_slow_readers_total", "Readers of the console's stream that were cut off: too far behind.", Labels.NONE);
        registry.gauge("banyan_console_readers", "Who reads the console's stream.", Labels.NONE, () -> MOST_READERS - places.get());
    }

    /** Whether there is anybody to tell. */
    boolean hasReaders() {
        return !readers.isEmpty();
    }

    /** Takes one of the places; give it back by {@link #leave}. */
    boolean enter() {
        if (places.getAndDecrement() > 0) {
            return true;
        }
        places.getAndIncrement();
        return false;
    }

    void leave() {
        places.getAndIncrement();
    }

    /** Tells all readers. */
    void send(String event, byte[] json) {
        if (hasReaders()) {
            byte[] encoded = encode(event, json);
            readers.forEach(reader -> reader.take(encoded));
        }
    }

    /**
     * Writes events to this reader until it goes away, on the calling (virtual) thread.
     *
     * @param first what it is told first; made once it can miss nothing that comes after
     */
    void serve(OutputStream out, java.util.function.Supplier<byte[][]> first) throws IOException {
        Reader reader = new Reader(Thread.currentThread());
        readers.add(reader);
        try {
            out.write(RETRY);
            for (byte[] event : first.get()) {
                out.write(event);
            }
            out.flush();
            while (true) {
                out.write(reader.waiting.take());
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.remove(reader);
        }
    }

    static byte[] encode(String event, byte[] json) {
        byte[] head = ("event: " + event + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
        byte[] encoded = new byte[head.length + json.length + 2];
        System.arraycopy(head, 0, encoded, 0, head.length);
        System.arraycopy(json, 0, encoded, head.length, json.length);
        encoded[encoded.length - 2] = '\n';
        encoded[encoded.length - 1] = '\n';
        return encoded;
    }

    @Override
    public void close() {
        readers.forEach(reader -> reader.thread.interrupt());
    }

    /** Interrupting its thread ends even a write that the peer does not take: it closes the socket. */
    private final class Reader {
        private final Thread thread;
        private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(BEHIND);

        Reader(Thread thread) {
            this.thread = thread;
        }

        void take(byte[] encoded) {
            if (!waiting.offer(encoded) && readers.remove(this)) {
                cut.increment();
                thread.interrupt();
            }
        }
    }
}
