package dev.banyan.bench.cache;

import dev.banyan.bench.bed.Measured;
import dev.banyan.topology.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Reads of keys by a Zipf law, which redis-benchmark cannot make: a closed loop of GETs by one thread, as lean as can be. A program that is told
 * each {@link Job} in a line and answers with what it measured; it ends when its standard input does.
 */
public final class ReadLoad {
    private static final int DRAWN = 1 << 20;
    private static final long PATIENCE_MILLIS = 5000;
    private static final long SEED = 42;

    private final Job job;
    private final Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final ByteBuffer answers = ByteBuffer.allocateDirect(1 << 16);
    private long began;
    private long batches;

    private ReadLoad(Job job) {
        this.job = job;
    }

    /**
     * One measurement.
     *
     * @param at who is asked
     * @param keys how many there are
     * @param skew of {@link ZipfLaw}
     */
    record Job(HostPort at, int clients, int pipeline, long millis, int keys, double skew, int valueBytes) {
        String line() {
            return String.join(" ", List.of(at.host(), String.valueOf(at.port()), String.valueOf(clients), String.valueOf(pipeline), String.valueOf(millis),
                    String.valueOf(keys), String.valueOf(skew), String.valueOf(valueBytes)));
        }

        static Job parse(String line) {
            String[] words = line.split(" ");
            return new Job(new HostPort(words[0], Integer.parseInt(words[1])), Integer.parseInt(words[2]), Integer.parseInt(words[3]), Long.parseLong(words[4]),
                    Integer.parseInt(words[5]), Double.parseDouble(words[6]), Integer.parseInt(words[7]));
        }
    }

    /** Measures each job that is told. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            Measured measured = new ReadLoad(Job.parse(line)).run();
            System.out.println(String.join(" ", String.valueOf(measured.requests()), String.valueOf(measured.seconds()), String.valueOf(measured.p50Millis()), String.valueOf(measured.p99Millis())));
        }
    }

    /** Reads what {@link #main} has printed. */
    static Measured parse(String line) {
        String[] words = line.split(" ");
        return new Measured(Long.parseLong(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]), Double.parseDouble(words[3]), 0);
    }

    private Measured run() throws IOException {
        ReadClient.Commands commands = ReadClient.Commands.of(job.keys(), new ZipfLaw(job.keys(), job.skew()).draw(DRAWN, new SplittableRandom(SEED)));
        List<ReadClient> clients = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < job.clients(); i++) {
                clients.add(connect(selector, commands, (int) ((long) DRAWN * i / job.clients())));
            }
            began = System.nanoTime();
            for (ReadClient client : clients) {
                client.send(began);
            }
            return loop(selector);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            for (ReadClient client : clients) {
                client.close();
            }
        }
    }

    private ReadClient connect(Selector selector, ReadClient.Commands commands, int from) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(job.at().host(), job.at().port()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        ReadClient client = new ReadClient(channel, commands, from, job.pipeline(), job.valueBytes());
        channel.register(selector, SelectionKey.OP_READ, client);
        return client;
    }

    private Measured loop(Selector selector) throws IOException {
        long end = began + TimeUnit.MILLISECONDS.toNanos(job.millis());
        long now = began;
        while (now < end) {
            if (selector.select(this::ready, PATIENCE_MILLIS) == 0) {
                throw new IOException("no answer of " + job.at() + " in " + PATIENCE_MILLIS + " ms: a key is missing, or it hangs");
            }
            now = System.nanoTime();
        }
        return new Measured(batches * job.pipeline(), (now - began) / 1e9, nanos.getValueAtPercentile(50) / 1e6, nanos.getValueAtPercentile(99) / 1e6, 0);
    }

    private void ready(SelectionKey key) {
        ReadClient client = (ReadClient) key.attachment();
        try {
            if (client.take(answers)) {
                long now = System.nanoTime();
                nanos.recordValue(now - client.sentAt());
                batches++;
                client.send(now);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
