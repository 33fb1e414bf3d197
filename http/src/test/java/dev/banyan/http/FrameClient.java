package dev.banyan.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** An HTTP/2 client that sends exactly the frames that a test wants, allowed or not. */
final class FrameClient implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** One frame; {@code headers} of a HEADERS frame, else null. */
    record Frame(int type, int flags, int id, byte[] payload, Http2Headers headers) {
        boolean endStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The error code of a RST_STREAM or GOAWAY frame. */
        Http2Error error() {
            int at = type == GOAWAY ? 4 : 0;
            return Http2Error.valueOf(payload[at + 3] & 0xff);
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    FrameClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        this.out = new BufferedOutputStream(socket.getOutputStream());
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0);
        out.flush();
    }

    static FrameClient of(Site site) throws IOException {
        return new FrameClient(site.connect());
    }

    FrameClient send(int type, int flags, int id, int... payload) throws IOException {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        return send(type, flags, id, bytes);
    }

    FrameClient send(int type, int flags, int id, byte[] payload) throws IOException {
        out.write(new byte[] {(byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        out.write(new byte[] {(byte) (id >> 24), (byte) (id >> 16), (byte) (id >> 8), (byte) id});
        out.write(payload);
        return this;
    }

    FrameClient flush() throws IOException {
        out.flush();
        return this;
    }

    /** A HEADERS frame with GET, http, a path, the authority "a" and what else is given. */
    FrameClient get(int id, String path, String... more) throws Exception {
        return headers(id, true, head("GET", path, more)).flush();
    }

    FrameClient post(int id, String path, String... more) throws Exception {
        return headers(id, false, head("POST", path, more)).flush();
    }

    static Http2Headers head(String method, String path, String... more) {
        Http2Headers headers = new DefaultHttp2Headers(false).method(method).scheme("http").authority("a").path(path);
        for (int i = 0; i < more.length; i += 2) {
            headers.add(more[i], more[i + 1]);
        }
        return headers;
    }

    byte[] encoded(int id, Http2Headers headers) throws Exception {
        ByteBuf block = Unpooled.buffer();
        encoder.encodeHeaders(id, headers, block);
        byte[] bytes = new byte[block.readableBytes()];
        block.readBytes(bytes);
        return bytes;
    }

    FrameClient headers(int id, boolean end, Http2Headers headers) throws Exception {
        return send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), id, encoded(id, headers));
    }

    FrameClient data(int id, boolean end, String text) throws IOException {
        return send(DATA, end ? END_STREAM : 0, id, text.getBytes(StandardCharsets.ISO_8859_1)).flush();
    }

    FrameClient reset(int id) throws IOException {
        return send(RST_STREAM, 0, id, 0, 0, 0, 8).flush();
    }

    FrameClient window(int id, int more) throws IOException {
        return send(WINDOW_UPDATE, 0, id, more >> 24, more >> 16, more >> 8, more).flush();
    }

    /** The next frame; an end of the connection is a GOAWAY of type -1. */
    Frame read() throws Exception {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int id = in.readInt();
            byte[] payload = in.readNBytes(length);
            Http2Headers headers = type == HEADERS ? decoder.decodeHeaders(id, Unpooled.wrappedBuffer(payload)) : null;
            return new Frame(type, flags, id, payload, headers);
        } catch (EOFException | SocketException ended) {
            return new Frame(-1, 0, 0, new byte[0], null);
        }
    }

    /** The next frame of one of these types; others are passed over. */
    Frame await(int... types) throws Exception {
        while (true) {
            Frame frame = read();
            for (int type : types) {
                if (frame.type == type) {
                    return frame;
                }
            }
            if (frame.type == -1) {
                throw new AssertionError("the connection ended before a frame of the types " + java.util.Arrays.toString(types));
            }
        }
    }

    /** The status and the body of a stream's answer, as {@code "200 body"}; {@code "reset CODE"} when it is cut. */
    String answer(int id) throws Exception {
        StringBuilder text = new StringBuilder();
        while (true) {
            Frame frame = await(HEADERS, DATA, RST_STREAM, GOAWAY);
            if (frame.id != id) {
                continue;
            }
            switch (frame.type) {
                case HEADERS -> text.append(frame.headers.status() == null ? "" : frame.headers.status() + " ");
                case DATA -> {
                    text.append(frame.text());
                    if (frame.payload.length > 0) {
                        window(0, frame.payload.length);
                    }
                }
                default -> {
                    return "reset " + frame.error();
                }
            }
            if (frame.endStream()) {
                return text.toString();
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
