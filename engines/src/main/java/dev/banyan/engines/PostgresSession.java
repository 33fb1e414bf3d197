package dev.banyan.engines;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A connection to one of Banyan's own PostgreSQL servers, for questions and for base backups: protocol 3.0 (PostgreSQL's manual, chapter 53),
 * simple queries, passwords by SCRAM. Owned by one thread at a time, which it blocks; interrupting that thread closes it.
 */
final class PostgresSession implements AutoCloseable {
    private static final int PROTOCOL_3_0 = 196_608;
    /** Far more than a server sends in one message here: base backups come in pieces of 32 KiB. */
    private static final int LONGEST_MESSAGE = 1 << 20;
    private static final int BUFFER = 1 << 16;

    /** A message of the server, its body ready to be read. */
    record Message(char type, ByteBuffer body) {
        /** Up to the next zero byte. */
        String text() {
            int start = body.position();
            while (body.get() != 0) {
                // The protocol ends every text with a zero; without one the buffer's end throws.
            }
            return new String(body.array(), start, body.position() - 1 - start, StandardCharsets.UTF_8);
        }
    }

    /** What one statement gave: rows of columns as text, NULL as an empty text. */
    record Answer(List<List<String>> rows) {
        String one() throws IOException {
            if (rows.size() != 1) {
                throw new IOException("one row was expected and " + rows.size() + " came");
            }
            return rows.getFirst().getFirst();
        }
    }

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;

    private PostgresSession(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.in = new DataInputStream(new BufferedInputStream(channel.socket().getInputStream(), BUFFER));
        this.out = new DataOutputStream(new BufferedOutputStream(channel.socket().getOutputStream()));
    }

    /** Connects and logs in; each wait for the server takes at most this long. */
    static PostgresSession open(DatabaseEndpoint at, Map<String, String> parameters, Duration atMost) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().setTcpNoDelay(true);
            channel.socket().connect(new InetSocketAddress(at.address().host(), at.address().port()), millis(atMost));
            PostgresSession session = new PostgresSession(channel);
            session.atMost(atMost);
            session.logIn(at, parameters);
            return session;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** From now on each wait for the server takes at most this long, and then throws SocketTimeoutException. */
    void atMost(Duration wait) throws IOException {
        channel.socket().setSoTimeout(millis(wait));
    }

    private static int millis(Duration wait) {
        return Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE);
    }

    private void logIn(DatabaseEndpoint at, Map<String, String> parameters) throws IOException {
        StringBuilder startup = new StringBuilder("user\0" + at.user() + "\0database\0" + at.database() + "\0client_encoding\0UTF8\0application_name\0banyan\0");
        parameters.forEach((name, value) -> startup.append(name).append('\0').append(value).append('\0'));
        byte[] body = startup.append('\0').toString().getBytes(StandardCharsets.UTF_8);
        out.writeInt(8 + body.length);
        out.writeInt(PROTOCOL_3_0);
        out.write(body);
        out.flush();
        ScramLogin scram = new ScramLogin(at.password().reveal());
        for (Message message = read(); message.type() != 'Z'; message = read()) {
            if (message.type() == 'R') {
                authenticate(message.body(), scram);
            }
        }
    }

    /** Authentication requests of the manual's 53.7 that these servers make. */
    private void authenticate(ByteBuffer request, ScramLogin scram) throws IOException {
        int kind = request.getInt();
        switch (kind) {
            case 0 -> { /* AuthenticationOk */ }
            case 10 -> {
                byte[] first = scram.first().getBytes(StandardCharsets.US_ASCII);
                byte[] mechanism = (ScramLogin.MECHANISM + "\0").getBytes(StandardCharsets.US_ASCII);
                send('p', ByteBuffer.allocate(mechanism.length + 4 + first.length).put(mechanism).putInt(first.length).put(first).array());
            }
            case 11 -> send('p', scram.answer(rest(request)).getBytes(StandardCharsets.US_ASCII));
            case 12 -> scram.check(rest(request));
            default -> throw new IOException("it asks for authentication of kind " + kind + " and Banyan's own connections use scram-sha-256: see pg_hba.conf");
        }
    }

    private static String rest(ByteBuffer body) {
        return StandardCharsets.UTF_8.decode(body).toString();
    }

    /** Runs one or several statements and returns what each gave; the first that fails throws ServerRefusal. */
    List<Answer> query(String sql) throws IOException {
        ask(sql);
        List<Answer> answers = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        ServerRefusal refusal = null;
        for (Message message = readAny(); message.type() != 'Z'; message = readAny()) {
            switch (message.type()) {
                case 'D' -> rows.add(row(message));
                case 'C' -> {
                    answers.add(new Answer(List.copyOf(rows)));
                    rows.clear();
                }
                case 'E' -> refusal = refusal(message);
                default -> { /* RowDescription, notices, parameters: nothing that is asked for */ }
            }
        }
        if (refusal != null) {
            throw refusal;
        }
        return answers;
    }

    /** Sends a query whose answer the caller reads. */
    void ask(String sql) throws IOException {
        send('Q', (sql + "\0").getBytes(StandardCharsets.UTF_8));
    }

    static List<String> row(Message message) {
        int columns = message.body().getShort();
        List<String> row = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            int length = message.body().getInt();
            byte[] value = new byte[Math.max(0, length)];
            message.body().get(value);
            row.add(new String(value, StandardCharsets.UTF_8));
        }
        return row;
    }

    /** The server's next message; an error throws ServerRefusal. */
    Message read() throws IOException {
        Message message = readAny();
        if (message.type() == 'E') {
            throw refusal(message);
        }
        return message;
    }

    private Message readAny() throws IOException {
        char type = (char) in.readUnsignedByte();
        int length = in.readInt() - 4;
        if (length < 0 || length > LONGEST_MESSAGE) {
            throw new IOException("a message '" + type + "' of " + length + " bytes came; the longest that is read has " + LONGEST_MESSAGE);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the connection ended in the middle of a message");
        }
        return new Message(type, ByteBuffer.wrap(body));
    }

    private static ServerRefusal refusal(Message message) {
        String state = "";
        String said = "";
        String detail = "";
        for (char field = (char) message.body().get(); field != 0; field = (char) message.body().get()) {
            String text = message.text().replace('\n', ' ');
            switch (field) {
                case 'C' -> state = text;
                case 'M' -> said = text;
                case 'D' -> detail = " (" + text + ")";
                default -> { /* where in its source, and the like */ }
            }
        }
        return new ServerRefusal(state, said + detail);
    }

    private void send(char type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(4 + body.length);
        out.write(body);
        out.flush();
    }

    @Override
    public void close() {
        try (channel) {
            if (channel.isOpen()) {
                send('X', new byte[0]);
            }
        } catch (IOException ended) {
            // It was to end anyway.
        }
    }
}
