package dev.banyan.resp;

import dev.banyan.net.Loops;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyReader;
import dev.banyan.resp.wire.ReplyScanner;
import dev.banyan.resp.wire.ReplyWriter;
import dev.banyan.topology.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Something at a port that answers commands as a test says. Answers nothing where the test gives null. */
final class FakeNode implements AutoCloseable {
    final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Channel> connections = new CopyOnWriteArrayList<>();
    private final Loops loops;
    private volatile Function<String, Reply> answers;
    private Channel listener;
    private HostPort address;

    FakeNode(Loops loops, Function<String, Reply> answers) {
        this.loops = loops;
        this.answers = answers;
        open(0);
    }

    private void open(int port) {
        listener = new ServerBootstrap()
                .group(loops.transport().loops())
                .channelFactory(loops.transport().listener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(new Conversation());
                    }
                })
                .bind("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
        address = new HostPort("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
    }

    HostPort address() {
        return address;
    }

    Node node(String name) {
        return new Node(name, address);
    }

    void answers(Function<String, Reply> other) {
        answers = other;
    }

    /** As a server that dies. */
    void die() {
        listener.close().syncUninterruptibly();
        connections.forEach(connection -> connection.close().syncUninterruptibly());
        connections.clear();
    }

    void comeBack() {
        open(address.port());
    }

    /** To all who are connected. */
    void push(Reply reply) {
        connections.forEach(connection -> send(connection, reply));
    }

    @Override
    public void close() {
        die();
    }

    private static void send(Channel channel, Reply reply) {
        ByteBuf out = channel.alloc().buffer();
        ReplyWriter.write(reply, 3, out);
        channel.writeAndFlush(out);
    }

    private final class Conversation extends ByteToMessageDecoder {
        private final ReplyScanner scanner = new ReplyScanner(4);

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (!scanner.scan(in)) {
                return;
            }
            Reply.Array command = (Reply.Array) ReplyReader.read(in);
            String words = String.join(" ", command.items().stream().map(word -> ((Reply.Bulk) word).text()).toList());
            heard.add(words);
            Reply answer = answers.apply(words);
            if (answer != null) {
                send(context.channel(), answer);
            }
        }
    }
}
