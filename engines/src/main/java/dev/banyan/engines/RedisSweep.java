package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Takes keys out of a node of the cache that are another node's by now. Were they left, they would come back, however old, when the other node is
 * taken away.
 */
final class RedisSweep implements AutoCloseable {
    private static final int DATABASES = 16;
    private static final int AT_A_TIME = 1000;
    private static final int LONGEST = 512 << 20;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    private RedisSweep(HostPort address, Duration timeout) throws IOException {
        socket.setSoTimeout((int) timeout.toMillis());
        socket.connect(new InetSocketAddress(address.host(), address.port()), (int) timeout.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /**
     * Sweeps all databases of a node; returns how many keys went. What is written meanwhile may be seen or not.
     *
     * @param timeout for each answer
     * @throws BanyanException ENGINE_FAILED when the node does not answer as it should
     */
    static long of(HostPort address, Secret password, Predicate<byte[]> stray, Duration timeout) {
        try (RedisSweep sweep = new RedisSweep(address, timeout)) {
            sweep.ask(bytes("AUTH"), bytes(password.reveal()));
            long gone = 0;
            for (int database = 0; database < DATABASES; database++) {
                sweep.ask(bytes("SELECT"), bytes(Integer.toString(database)));
                gone += sweep.database(stray);
            }
            return gone;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the cache node at " + address + " could not be swept: " + Reason.of(e), e);
        }
    }

    private long database(Predicate<byte[]> stray) throws IOException {
        long gone = 0;
        byte[] cursor = bytes("0");
        do {
            List<?> page = (List<?>) ask(bytes("SCAN"), cursor, bytes("COUNT"), bytes(Integer.toString(AT_A_TIME)));
            cursor = (byte[]) page.get(0);
            List<byte[]> strays = ((List<?>) page.get(1)).stream().map(byte[].class::cast).filter(stray).toList();
            if (!strays.isEmpty()) {
                List<byte[]> unlink = new ArrayList<>(List.of(bytes("UNLINK")));
                unlink.addAll(strays);
                gone += (Long) ask(unlink.toArray(byte[][]::new));
            }
        } while (!new String(cursor, StandardCharsets.US_ASCII).equals("0"));
        return gone;
    }

    private Object ask(byte[]... words) throws IOException {
        out.write(bytes("*" + words.length + "\r\n"));
        for (byte[] word : words) {
            out.write(bytes("$" + word.length + "\r\n"));
            out.write(word);
            out.write(bytes("\r\n"));
        }
        out.flush();
        return answer();
    }

    /** A text, a number, bytes, or a list of these. */
    private Object answer() throws IOException {
        String head = line();
        String rest = head.substring(Math.min(1, head.length()));
        return switch (head.isEmpty() ? ' ' : head.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(length(rest));
            case '*' -> {
                List<Object> items = new ArrayList<>();
                for (int i = length(rest); i > 0; i--) {
                    items.add(answer());
                }
                yield items;
            }
            default -> throw new IOException("it answered '" + head + "'");
        };
    }

    private static int length(String text) throws IOException {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > LONGEST) {
            throw new IOException("it answered with a length of '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private byte[] bulk(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes(2);
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int each = in.read();
        for (; each >= 0 && each != '\n' && line.length() < 1000; each = in.read()) {
            line.append((char) each);
        }
        if (each < 0) {
            throw new IOException("it closed the connection");
        }
        return line.toString().stripTrailing();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
