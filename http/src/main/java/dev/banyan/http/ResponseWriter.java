package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.ResponseHead;

/** Writes the head that a client gets where the server's own cannot be forwarded as it is. Reused. Owned by one IO loop. */
final class ResponseWriter {
    private static final byte[] VERSION = ascii("HTTP/1.1");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final int VERSION_LENGTH = 8;

    private final HeadBuffer out;

    ResponseWriter(HeadBuffer out) {
        this.out = out;
    }

    /**
     * Writes a whole head into the buffer.
     *
     * @param close whether the client's connection ends after this response
     * @param dechunk whether the body goes on without its chunks
     * @param edits what is left out and put in
     */
    void write(ResponseHead head, boolean close, boolean dechunk, FieldEdits edits) {
        out.clear().put(VERSION).put(head.bytes(), head.start() + VERSION_LENGTH, head.fieldsStart());
        Fields fields = head.fields();
        boolean upgrade = head.status() == 101;
        for (int i = 0; i < fields.count(); i++) {
            boolean kept = !head.endsHere(i) || upgrade && fields.name(i) == FieldName.UPGRADE;
            if (kept && fields.name(i) != FieldName.TRANSFER_ENCODING && !edits.removes(fields, i)) {
                out.put(fields.bytes(), fields.nameStart(i), fields.nameEnd(i)).put(':').put(' ');
                out.put(fields.bytes(), fields.valueStart(i), fields.valueEnd(i)).put(CRLF);
            }
        }
        if (head.chunked() && !dechunk) {
            out.put(CHUNKED);
        }
        edits.write(out);
        if (upgrade) {
            out.put(UPGRADE);
        } else if (close) {
            out.put(CLOSE);
        }
        out.put(CRLF);
    }
}
