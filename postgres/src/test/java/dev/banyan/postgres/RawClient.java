package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.HostPort;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A client on a socket that keeps nothing but the socket: one thread can have ten thousand. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;

    private RawClient(SocketChannel channel) {
        this.channel = channel;
    }

    static RawClient login(HostPort router, String user, ByteBuffer space) throws IOException {
        RawClient client = new RawClient(SocketChannel.open(new InetSocketAddress(router.host(), router.port())));
        byte[] start = Sent.join(Sent.int32(3 << 16), Sent.text("user"), Sent.text(user), Sent.text("database"), Sent.text("postgres"), new byte[1]);
        client.send(Sent.int32(start.length + 4), start);
        String question = client.hear("R 5", space).getFirst();
        byte[] salt = HexFormat.of().parseHex(question.substring(4));
        byte[] inner = Md5.hex((RouterWorld.PASSWORD + user).getBytes(StandardCharsets.UTF_8)).getBytes(StandardCharsets.US_ASCII);
        client.send(Sent.message('p', Sent.text("md5" + Md5.hex(Sent.join(inner, salt)))));
        client.hear("Z I", space);
        return client;
    }

    void send(byte[]... messages) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Sent.join(messages));
        while (all.hasRemaining()) {
            channel.write(all);
        }
    }

    /** Sends as much as the socket takes now. */
    int sendWhatFits(ByteBuffer bytes) throws IOException {
        channel.configureBlocking(false);
        return channel.write(bytes);
    }

    /** All up to a message whose word begins so. @param space for what is read */
    List<String> hear(String last, ByteBuffer space) throws IOException {
        Heard heard = new Heard();
        List<String> words = new ArrayList<>();
        while (words.isEmpty() || !words.getLast().startsWith(last)) {
            space.clear();
            if (channel.read(space) < 0) {
                throw new EOFException("the router closed after " + words);
            }
            heard.add(Unpooled.wrappedBuffer(space.flip()));
            words.addAll(heard.words());
        }
        assertThat(heard.rest()).isZero();
        return words;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
