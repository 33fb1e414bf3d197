package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A client of the router in a {@link RouterWorld}: sends bytes, cut as wanted, and collects what it hears. */
final class FakeClient {
    private final RouterWorld world;
    private final Channel channel;
    private final Heard heard = new Heard();
    private Pieces pieces = Pieces.WHOLE;
    private int processId;
    private byte[] key;

    FakeClient(RouterWorld world, Channel channel) {
        this.world = world;
        this.channel = channel;
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                heard.add((ByteBuf) message);
                ((ByteBuf) message).release();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        });
    }

    /** From now on what it sends comes in these pieces, each in a read of its own. */
    FakeClient in(Pieces wanted) {
        pieces = wanted;
        return this;
    }

    /** Sends the start-up packet and the answer to the question for the password. */
    FakeClient login(String user, int minor, String... parameters) {
        byte[] start = Sent.join(Sent.int32(3 << 16 | minor), Sent.text("user"), Sent.text(user), Sent.text("database"), Sent.text("photos"));
        for (String parameter : parameters) {
            start = Sent.join(start, Sent.text(parameter));
        }
        send(Sent.int32(start.length + 5), start, new byte[1]);
        String question = heard.words().getFirst();
        assertThat(question).startsWith("R 5 ");
        byte[] salt = HexFormat.of().parseHex(question.substring(4));
        byte[] inner = Md5.hex((RouterWorld.PASSWORD + user).getBytes(StandardCharsets.UTF_8)).getBytes(StandardCharsets.US_ASCII);
        send(Sent.message('p', Sent.text("md5" + Md5.hex(Sent.join(inner, salt)))));
        return this;
    }

    /** Waits for the end of its login. */
    FakeClient welcomed() {
        List<String> words = words();
        assertThat(words).endsWith("Z I").contains("R 0");
        String[] data = words.stream().filter(word -> word.startsWith("K ")).findFirst().orElseThrow().split(" ");
        processId = Integer.parseInt(data[1]);
        key = HexFormat.of().parseHex(data[2]);
        return this;
    }

    FakeClient send(byte[]... messages) {
        byte[] all = Sent.join(messages);
        for (int at = 0; at < all.length; ) {
            int end = at + pieces.next(all.length - at);
            channel.writeAndFlush(world.buffer(Arrays.copyOfRange(all, at, end)));
            world.settle();
            at = end;
        }
        return this;
    }

    /** What it has heard since it was asked last. */
    List<String> words() {
        world.settle();
        return heard.words();
    }

    /** Sends, and hears. */
    List<String> ask(byte[]... messages) {
        return send(messages).words();
    }

    List<String> query(String sql) {
        return ask(Sent.query(sql));
    }

    /** The rows of the answer to a query that goes well. */
    List<String> rows(String sql) {
        List<String> words = query(sql);
        assertThat(words.getLast()).as("%s: %s", sql, words).startsWith("Z ");
        return words.stream().filter(word -> word.startsWith("D ")).map(word -> word.substring(2)).toList();
    }

    int rest() {
        return heard.rest();
    }

    boolean isOpen() {
        world.settle();
        return channel.isActive();
    }

    int processId() {
        return processId;
    }

    byte[] key() {
        return key;
    }

    /** Without a word. */
    void leave() {
        channel.close();
        world.settle();
    }
}
