package dev.banyan.photos;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture that someone uploads, known by its first bytes and never by what the client calls it. Width and height are as one sees
 * it: after the camera's rotation.
 */
record Picture(Kind kind, byte[] bytes, int width, int height, Rotation rotation) {
    static final int MOST_BYTES = 10 * 1024 * 1024;
    static final int THUMBNAIL = 720;

    private static final long MOST_PIXELS = 60_000_000;

    /** The kinds that browsers show. */
    enum Kind {
        JPEG("image/jpeg", "jpg"), PNG("image/png", "png"), GIF("image/gif", "gif"), WEBP("image/webp", "webp");

        private final String contentType;
        private final String extension;

        Kind(String contentType, String extension) {
            this.contentType = contentType;
            this.extension = extension;
        }

        String contentType() {
            return contentType;
        }

        String extension() {
            return extension;
        }

        /** By a stored file's name. */
        static Kind ofFile(String name) {
            String extension = name.substring(name.lastIndexOf('.') + 1);
            return Arrays.stream(values()).filter(kind -> kind.extension.equals(extension)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no kind of picture ends in " + extension));
        }

        /** @throws Problem 415 if the bytes are none of these */
        static Kind of(byte[] bytes) {
            if (starts(bytes, 0, 0xFF, 0xD8, 0xFF)) {
                return JPEG;
            }
            if (starts(bytes, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
                return PNG;
            }
            if (starts(bytes, 0, 'G', 'I', 'F', '8')) {
                return GIF;
            }
            if (starts(bytes, 0, 'R', 'I', 'F', 'F') && starts(bytes, 8, 'W', 'E', 'B', 'P')) {
                return WEBP;
            }
            throw new Problem(415, "A photo is a JPEG, PNG, GIF or WebP file; this is none of them.");
        }

        private static boolean starts(byte[] bytes, int at, int... magic) {
            if (bytes.length < at + magic.length) {
                return false;
            }
            for (int i = 0; i < magic.length; i++) {
                if ((bytes[at + i] & 0xFF) != magic[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A small version; the picture itself where the JDK cannot decode it (WebP, CMYK) and browsers can. */
    record Thumbnail(Kind kind, byte[] bytes) {}

    /**
     * Looks at the bytes, without decoding them.
     *
     * @throws Problem 413 over 10 MB, 415 for other kinds of files, 422 for a broken or too large picture
     */
    static Picture of(byte[] raw) {
        if (raw.length > MOST_BYTES) {
            throw new Problem(413, "A photo has at most 10 MB.");
        }
        Kind kind = Kind.of(raw);
        Rotation rotation = kind == Kind.JPEG ? JpegMetadata.rotation(raw) : Rotation.NONE;
        byte[] bytes = kind == Kind.JPEG ? JpegMetadata.without(raw, rotation) : raw;
        int[] size = kind == Kind.WEBP ? WebpSize.of(bytes) : size(bytes);
        if (size[0] < 1 || size[1] < 1 || (long) size[0] * size[1] > MOST_PIXELS) {
            throw new Problem(422, "A photo has 1 to 60 million pixels; this one says " + size[0] + " x " + size[1] + ".");
        }
        return rotation.swaps() ? new Picture(kind, bytes, size[1], size[0], rotation) : new Picture(kind, bytes, size[0], size[1], rotation);
    }

    private static int[] size(byte[] bytes) {
        return reading(bytes, reader -> new int[] {reader.getWidth(0), reader.getHeight(0)});
    }

    /** A JPEG of at most 720 pixels a side; decoding takes memory for about that many, whatever the picture's size. */
    Thumbnail thumbnail() {
        if (kind == Kind.WEBP) {
            return new Thumbnail(kind, bytes);
        }
        BufferedImage image = reading(bytes, reader -> {
            ImageReadParam every = reader.getDefaultReadParam();
            int step = Math.max(1, Math.max(width, height) / (2 * THUMBNAIL));
            every.setSourceSubsampling(step, step, 0, 0);
            try {
                return reader.read(0, every);
            } catch (IIOException e) {
                if (String.valueOf(e.getMessage()).contains("Unsupported Image Type")) {
                    return null;
                }
                throw e;
            }
        });
        return image == null ? new Thumbnail(kind, bytes) : new Thumbnail(Kind.JPEG, Drawing.jpeg(Drawing.fit(rotation.apply(image), THUMBNAIL), 0.85f));
    }

    private interface Reading<T> {
        T with(ImageReader reader) throws IOException;
    }

    private static <T> T reading(byte[] bytes, Reading<T> reading) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new Problem(422, "The picture cannot be read: no decoder knows it.");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return reading.with(reader);
            } finally {
                reader.dispose();
            }
        } catch (Problem e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's decoders throw many kinds of RuntimeException at damaged files.
            throw new Problem(422, "The picture is damaged: " + e.getMessage());
        }
    }
}
