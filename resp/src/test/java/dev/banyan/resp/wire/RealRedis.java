package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A Redis of this machine, which {@code -Dredis.server=...} may name, or the one on the class path, that listens on a socket in a folder; and a plain connection to it. */
final class RealRedis implements AutoCloseable {
    private final Process process;
    private final Path socket;

    private RealRedis(Process process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    static RealRedis start(Path folder) throws IOException {
        Path socket = folder.resolve("redis.sock");
        var command = new ProcessBuilder(program(folder).toString(), "--port", "0", "--unixsocket", socket.toString(), "--save", "", "--enable-debug-command", "yes", "--dir", folder.toString());
        var redis = new RealRedis(command.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start(), socket);
        Runtime.getRuntime().addShutdownHook(new Thread(redis.process::destroyForcibly));
        redis.awaitStart(folder);
        return redis;
    }

    private static Path program(Path folder) throws IOException {
        Path installed = Path.of(System.getProperty("redis.server", "/usr/bin/redis-server"));
        if (Files.isExecutable(installed)) {
            return installed;
        }
        String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64") ? "arm64" : "amd64";
        Path unpacked = folder.resolve("redis-server");
        try (InputStream program = RealRedis.class.getResourceAsStream("/redis-server-7.0.15-" + system + "-" + processor)) {
            Files.copy(program, unpacked);
        }
        unpacked.toFile().setExecutable(true);
        return unpacked;
    }

    private void awaitStart(Path folder) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Connection connection = connect()) {
                connection.ask("PING");
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("Redis does not start: " + Files.readString(folder.resolve("log")), e);
                }
                Thread.onSpinWait();
            }
        }
    }

    Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Connection(channel);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** One at a time, and waited for. */
    static final class Connection implements AutoCloseable {
        private final SocketChannel channel;
        private final ReplyScanner scanner = new ReplyScanner(16);
        private final ByteBuf held = Unpooled.buffer();

        private Connection(SocketChannel channel) {
            this.channel = channel;
        }

        Reply ask(String... command) throws IOException {
            ByteBuf out = Unpooled.buffer();
            ReplyWriter.command(out, List.of(command).stream().map(each -> each.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new));
            send(out.nioBuffer());
            return read();
        }

        void send(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        Reply read() throws IOException {
            while (!scanner.scan(held)) {
                held.ensureWritable(1 << 14);
                int read = channel.read(held.nioBuffer(held.writerIndex(), 1 << 14));
                if (read < 0) {
                    throw new IOException("Redis closed the connection");
                }
                held.writerIndex(held.writerIndex() + read);
            }
            int end = held.readerIndex() + scanner.length();
            Reply reply = ReplyReader.read(held);
            if (held.readerIndex() != end) {
                throw new AssertionError("the reader ends at " + held.readerIndex() + ", the scanner at " + end);
            }
            return reply;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
