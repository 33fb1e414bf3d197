package dev.banyan.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads a chunked body without trailers, for a server in a test. */
record Chunked(InputStream in) {
    /** The length of the content, thrown away. */
    long readAll() throws IOException {
        long total = 0;
        for (int size = size(); size > 0; size = size()) {
            in.skipNBytes(size + 2);
            total += size;
        }
        in.skipNBytes(2);
        return total;
    }

    /** The content. */
    String text() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int size = size(); size > 0; size = size()) {
            text.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
            in.skipNBytes(2);
        }
        in.skipNBytes(2);
        return text.toString();
    }

    private int size() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the body was cut");
            }
            line.append((char) b);
        }
        return Integer.parseInt(line.toString().strip(), 16);
    }
}
