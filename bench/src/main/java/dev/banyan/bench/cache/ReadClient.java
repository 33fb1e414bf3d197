package dev.banyan.bench.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection that sends a batch of GETs, takes all the answers, and sends the next. Owned by the one thread of {@link ReadLoad}. */
final class ReadClient {
    private final SocketChannel channel;
    private final Commands commands;
    private final ByteBuffer batch;
    private final int batchAnswerBytes;
    private final byte[] head;
    private int next;
    private int received;
    private long sentAt;

    /**
     * All the commands there are, ready to be sent, in the order in which they are.
     *
     * @param encoded of key after key, each of {@link #BYTES}
     * @param order which key comes when
     */
    record Commands(byte[] encoded, int[] order) {
        private static final String HEAD = "*2\r\n$3\r\nGET\r\n$16\r\n";
        static final int BYTES = HEAD.length() + 16 + 2;

        static Commands of(int keys, int[] order) {
            byte[] encoded = new byte[keys * BYTES];
            for (int i = 0; i < keys; i++) {
                byte[] one = (HEAD + Keyspace.key(i) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(one, 0, encoded, i * BYTES, BYTES);
            }
            return new Commands(encoded, order);
        }
    }

    /** @param valueBytes of every value, so that the answers need only be counted */
    ReadClient(SocketChannel channel, Commands commands, int from, int pipeline, int valueBytes) {
        this.channel = channel;
        this.commands = commands;
        this.next = from;
        this.batch = ByteBuffer.allocateDirect(pipeline * Commands.BYTES);
        this.head = ("$" + valueBytes + "\r\n").getBytes(StandardCharsets.US_ASCII);
        this.batchAnswerBytes = pipeline * (head.length + valueBytes + 2);
    }

    /** Sends the next batch. */
    void send(long now) throws IOException {
        batch.clear();
        while (batch.hasRemaining()) {
            batch.put(commands.encoded(), commands.order()[next] * Commands.BYTES, Commands.BYTES);
            next = next + 1 == commands.order().length ? 0 : next + 1;
        }
        batch.flip();
        channel.write(batch);
        if (batch.hasRemaining()) {
            throw new IOException("a batch of " + batch.limit() + " bytes does not fit into the socket at once");
        }
        received = 0;
        sentAt = now;
    }

    /**
     * Takes what has come.
     *
     * @param into is for all clients, and holds nothing afterwards that is needed
     * @return whether the batch is answered
     */
    boolean take(ByteBuffer into) throws IOException {
        into.clear();
        int count = channel.read(into);
        if (count < 0) {
            throw new IOException("the connection was closed by " + channel.getRemoteAddress());
        }
        if (received == 0) {
            check(into.flip());
        }
        received += count;
        if (received > batchAnswerBytes) {
            throw new IOException("more was answered than was asked: " + received + " bytes for " + batchAnswerBytes);
        }
        return received == batchAnswerBytes;
    }

    private void check(ByteBuffer answer) throws IOException {
        for (int i = 0; i < Math.min(head.length, answer.limit()); i++) {
            if (answer.get(i) != head[i]) {
                throw new IOException("not a value: " + StandardCharsets.ISO_8859_1.decode(answer.limit(Math.min(200, answer.limit()))));
            }
        }
    }

    long sentAt() {
        return sentAt;
    }

    void close() throws IOException {
        channel.close();
    }
}
