package dev.banyan.http.gateway;

import dev.banyan.http.cache.ContentReader;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import java.util.List;

/** What a request for a file is answered. */
public sealed interface FileAnswer {
    /** An answer without a file: not there, not changed, elsewhere. */
    record Local(LocalAnswer answer) implements FileAnswer {}

    /**
     * A file, or a part of one.
     *
     * @param status 200 or 206
     * @param fields all but those of framing and connection
     * @param length of the content in bytes, HEAD's too
     * @param content the content, whoever gets this closes it; for HEAD there is none in it
     */
    record Content(int status, List<FieldLine> fields, long length, ContentReader content) implements FileAnswer {}
}
