package dev.banyan.photos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;

/**
 * A photo on its way in: as {@code multipart/form-data} with the parts {@code title} and {@code photo}, or as the bare file with the title in the
 * query. A form's file goes to disk while it comes, so that slow clients hold no memory; then few at a time are decoded.
 */
record Upload(String title, String csrf, byte[] bytes) {
    private static final int MOST_AT_ONCE = 4;
    private static final Semaphore DECODING = new Semaphore(MOST_AT_ONCE, true);
    private static final MultiPartConfig FORM = new MultiPartConfig.Builder()
            .location(Path.of(System.getProperty("java.io.tmpdir")))
            .maxParts(8).maxHeadersSize(4 * 1024).maxMemoryPartSize(16 * 1024).maxPartSize(Picture.MOST_BYTES)
            .maxSize(Picture.MOST_BYTES + 64 * 1024).build();

    /** What becomes of the upload while it has one of the few places. */
    interface Use<T> {
        T with(Upload upload) throws Exception;
    }

    /** @throws Problem 400, 413 or 415 if the body is not a photo of at most 10 MB in one of the two forms */
    static <T> T receive(Exchange exchange, Use<T> use) throws Exception {
        String contentType = String.valueOf(exchange.header("Content-Type"));
        if (contentType.startsWith("multipart/form-data")) {
            try (MultiPartFormData.Parts parts = parts(exchange, contentType)) {
                return oneOfFew(() -> use.with(of(parts)));
            }
        }
        if (contentType.startsWith("image/")) {
            return oneOfFew(() -> use.with(new Upload(exchange.query("title").orElse(""), "", bytes(exchange.body()))));
        }
        throw new Problem(415, "Send the photo as multipart/form-data (title, photo) or as the bare file with Content-Type image/*.");
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    private static <T> T oneOfFew(Step<T> step) throws Exception {
        DECODING.acquire();
        try {
            return step.run();
        } finally {
            DECODING.release();
        }
    }

    private static MultiPartFormData.Parts parts(Exchange exchange, String contentType) {
        try {
            return MultiPartFormData.getParts(exchange.request(), exchange.request(), contentType, FORM);
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /** Jetty wraps what went wrong; the innermost reason says it. */
    private static Problem refused(Throwable e) {
        for (Throwable reason = e; reason != null; reason = reason.getCause()) {
            String message = String.valueOf(reason.getMessage());
            if (message.contains("max") || reason instanceof HttpException http && http.getCode() == 413) {
                return new Problem(413, "A photo has at most 10 MB.");
            }
        }
        return new Problem(400, "The multipart/form-data body is damaged or was cut off.");
    }

    private static Upload of(MultiPartFormData.Parts parts) throws IOException {
        MultiPart.Part photo = parts.getFirst("photo");
        if (photo == null || photo.getLength() == 0) {
            throw new Problem(422, "Choose a file: the part 'photo' is missing or empty.");
        }
        try (InputStream in = Content.Source.asInputStream(photo.createContentSource())) {
            return new Upload(text(parts, "title"), text(parts, "csrf"), bytes(in));
        }
    }

    private static String text(MultiPartFormData.Parts parts, String name) {
        MultiPart.Part part = parts.getFirst(name);
        return part == null || part.getLength() > 4096 ? "" : part.getContentAsString(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(Picture.MOST_BYTES + 1);
        if (bytes.length > Picture.MOST_BYTES) {
            throw new Problem(413, "A photo has at most 10 MB.");
        }
        return bytes;
    }
}
