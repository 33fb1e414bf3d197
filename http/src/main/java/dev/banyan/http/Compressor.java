package dev.banyan.http;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.topology.Compression.Coding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Optional;

/**
 * Stands between whoever answers and a client, and compresses answers on their way. Reused for each request. Owned by one IO loop.
 *
 * <p>An answer passes in pieces: a piece is compressed when it comes, so that what one takes of the loop is bounded by its size, which is one
 * read's; nothing of it is kept but the coder's window, and the client's back pressure stays what it is. Whenever whoever answers flushes,
 * the client can read all that came until then.
 *
 * <p>An answer that would be compressed for others carries {@code Vary} too when this client gets it as it is.
 */
final class Compressor implements ClientSide {
    private static final byte[] IF_NONE_MATCH = HeadBuffer.ascii("if-none-match");
    private static final FieldLine VARY = new FieldLine("Vary", "Accept-Encoding");
    private static final byte[] ETAG = HeadBuffer.ascii("etag");
    private static final byte[] CRLF = HeadBuffer.ascii("\r\n");
    private static final byte[] LAST_CHUNK = HeadBuffer.ascii("0\r\n\r\n");
    /** A chunk's size as eight hexadecimal digits, and a line's end. */
    private static final int CHUNK_HEAD = 10;

    private enum Way {
        /** Goes by. */
        AS_IT_IS,
        /** Goes by with another head. */
        OTHER_HEAD,
        COMPRESSED
    }

    private final ClientSide client;
    private final Coders coders;
    private final ByteBufAllocator buffers;
    private final CompressedHead compressedHead = new CompressedHead();

    private CompressionRules rules;
    private Coding accepted;
    private boolean isHead;
    /** The request's tags, when it names a weak one: it may be one that was weakened here. */
    private String weakTags = "";
    private Way way = Way.AS_IT_IS;
    private Coder coder;
    private ByteBuf out;
    private boolean unflushed;

    Compressor(ClientSide client, Coders coders, ByteBufAllocator buffers) {
        this.client = client;
        this.coders = coders;
        this.buffers = buffers;
    }

    /**
     * The next request begins; what it accepts is read now.
     *
     * @param how none when its answer is not to be compressed
     */
    void begin(Optional<CompressionRules> how, RequestHead head) {
        drop();
        rules = how.orElse(null);
        way = Way.AS_IT_IS;
        if (rules == null) {
            return;
        }
        accepted = AcceptEncoding.choose(head.fields(), rules.codings());
        isHead = head.method() == Method.HEAD;
        int tags = head.fields().find(IF_NONE_MATCH);
        String value = tags < 0 ? "" : head.fields().value(tags);
        weakTags = value.contains("W/") ? value : "";
    }

    /**
     * What a request asks the service instead of its {@code If-None-Match}: a weak tag that came from here was strong at the service, and not
     * every service compares weakly. So each weak tag is followed by its strong form.
     */
    static Optional<FieldLine> strengthened(RequestHead head) {
        int field = head.fields().find(IF_NONE_MATCH);
        if (field < 0 || !head.fields().value(field).contains("W/\"")) {
            return Optional.empty();
        }
        String value = head.fields().value(field);
        StringBuilder both = new StringBuilder();
        int at = 0;
        while (at < value.length()) {
            int open = value.indexOf('"', at);
            int close = open < 0 ? -1 : value.indexOf('"', open + 1);
            if (close < 0) {
                return Optional.empty(); // malformed: the service says so itself
            }
            boolean weak = value.startsWith("W/", Math.max(open - 2, 0)) && open >= 2;
            String tag = value.substring(open, close + 1);
            both.append(both.isEmpty() ? "" : ", ").append(weak ? "W/" + tag + ", " + tag : tag);
            at = value.indexOf('"', close + 1) < 0 ? value.length() : close + 1;
        }
        return Optional.of(new FieldLine("If-None-Match", both.toString()));
    }

    @Override
    public void begins(ResponseHead head, long now) {
        client.begins(head, now);
        way = Way.AS_IT_IS;
        if (rules == null) {
            return;
        }
        if (head.status() == 304) {
            way = weakened(head.fields()) ? Way.OTHER_HEAD : Way.AS_IT_IS;
        } else if (rules.concern(head)) {
            coder = accepted == null || isHead ? null : coders.lease(accepted);
            way = coder != null || isHead && accepted != null ? Way.COMPRESSED : Way.OTHER_HEAD;
        }
    }

    /** Whether a 304 is about a tag that the client has in its weakened form. */
    private boolean weakened(Fields fields) {
        int tag = fields.find(ETAG);
        return !weakTags.isEmpty() && tag >= 0 && weakTags.contains("W/" + fields.value(tag));
    }

    @Override
    public boolean takesWire() {
        return way != Way.COMPRESSED && client.takesWire();
    }

    @Override
    public void interim(ResponseHead head, ByteBuf wire, int from, int to) {
        client.interim(head, wire, from, to);
    }

    @Override
    public void answer(ResponseHead head, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose) {
        switch (way) {
            case AS_IT_IS -> client.answer(head, wire, from, bodyFrom, bodyTo, untilClose);
            case OTHER_HEAD -> {
                compressedHead.write(head, null, head.status() == 304);
                answerWithHead(untilClose);
                if (bodyTo > bodyFrom) {
                    client.wire(wire, bodyFrom, bodyTo);
                }
            }
            case COMPRESSED -> {
                compressedHead.write(head, accepted, true);
                answerWithHead(false);
            }
        }
    }

    private void answerWithHead(boolean untilClose) {
        int length = compressedHead.bytes().length();
        ByteBuf bytes = buffers.directBuffer(length);
        try {
            compressedHead.bytes().writeTo(bytes);
            client.answer(compressedHead.head(), bytes, 0, length, length, untilClose);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void wire(ByteBuf wire, int from, int to) {
        client.wire(wire, from, to);
    }

    @Override
    public void piece(ByteBuf wire, int index, int length) {
        if (coder == null) {
            client.piece(wire, index, length);
            return;
        }
        coder.add(wire, index, length, room(length / 4));
        unflushed = true;
        send();
    }

    @Override
    public void flush() {
        if (coder != null && unflushed) {
            unflushed = false;
            coder.flush(room(64));
            send();
        }
        client.flush();
    }

    @Override
    public void answered(long now) {
        if (coder != null) {
            coder.finish(room(64));
            send();
            giveBack();
            if (client.takesWire()) {
                ByteBuf last = room(LAST_CHUNK.length);
                last.setBytes(CHUNK_HEAD, LAST_CHUNK);
                client.wire(last, CHUNK_HEAD, CHUNK_HEAD + LAST_CHUNK.length);
            }
        }
        drop();
        client.answered(now);
    }

    /** A buffer whose first bytes are kept free for a chunk's head. */
    private ByteBuf room(int length) {
        if (out == null) {
            out = buffers.directBuffer(CHUNK_HEAD + length + 64).writerIndex(CHUNK_HEAD);
        }
        return out;
    }

    /** Passes on what there is by now, if anything. */
    private void send() {
        int length = out.writerIndex() - CHUNK_HEAD;
        if (length == 0) {
            return;
        }
        ByteBuf full = out;
        out = null;
        try {
            if (client.takesWire()) {
                writeSize(full, length);
                full.writeBytes(CRLF);
                client.wire(full, 0, full.writerIndex());
            } else {
                client.piece(full, CHUNK_HEAD, length);
            }
        } finally {
            full.release();
        }
    }

    private static void writeSize(ByteBuf chunk, int length) {
        for (int i = 0; i < 8; i++) {
            chunk.setByte(i, Character.forDigit(length >>> 28 - 4 * i & 15, 16));
        }
        chunk.setBytes(8, CRLF);
    }

    private void giveBack() {
        if (coder != null) {
            coders.giveBack(accepted, coder);
            coder = null;
        }
    }

    /** The answer is over, however it ended; to be called also when the client has gone. */
    void drop() {
        giveBack();
        unflushed = false;
        if (out != null) {
            out.release();
            out = null;
        }
    }

    @Override
    public void answer(LocalAnswer answer) {
        drop();
        client.answer(rules != null && answer.status() == 304 ? weakened(answer) : answer);
    }

    /** A file's tag as the client has it, where it was weakened when the file was compressed. */
    private LocalAnswer weakened(LocalAnswer answer) {
        List<FieldLine> fields = answer.fields().stream().map(this::weakened).toList();
        return fields.equals(answer.fields()) ? answer : new LocalAnswer(answer.status(), answer.reason(), fields, answer.body()).with(VARY);
    }

    private FieldLine weakened(FieldLine field) {
        boolean tag = field.name().equalsIgnoreCase("ETag") && weakTags.contains("W/" + field.value());
        return tag ? new FieldLine(field.name(), "W/" + field.value()) : field;
    }

    @Override
    public void cut() {
        drop();
        client.cut();
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        client.tunnel(bytes);
    }

    @Override
    public boolean writable() {
        return client.writable();
    }

    @Override
    public void reading(boolean on) {
        client.reading(on);
    }
}
