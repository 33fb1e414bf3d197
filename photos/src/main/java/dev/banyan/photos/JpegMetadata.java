package dev.banyan.photos;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a camera writes into a JPEG beside the picture. Exif says where the photo was taken, so a site must not publish it: everything but
 * what decoding needs (JFIF, the colour profile, Adobe's colour transform) and the rotation is taken out. A file without such
 * segments keeps its bytes.
 */
final class JpegMetadata {
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int START_OF_SCAN = 0xDA;
    private static final int ORIENTATION = 0x0112;

    private JpegMetadata() {}

    private interface Segment {
        /** The segment with marker {@code 0xFF marker} fills the bytes from {@code from} to {@code to}, its marker included. */
        void at(int marker, int from, int to);
    }

    static Rotation rotation(byte[] jpeg) {
        int[] found = {1};
        segments(jpeg, (marker, from, to) -> {
            if (marker == APP1 && ascii(jpeg, from + 4, "Exif\0\0", to)) {
                found[0] = orientation(jpeg, from + 10, to);
            }
        });
        return new Rotation(found[0]);
    }

    /** The same picture without metadata; a minimal Exif segment keeps a rotation. */
    static byte[] without(byte[] jpeg, Rotation rotation) {
        boolean[] any = {false};
        segments(jpeg, (marker, from, to) -> any[0] |= isMetadata(marker));
        if (!any[0]) {
            return jpeg;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(jpeg.length);
        out.write(jpeg, 0, 2);
        if (rotation.orientation() != 1) {
            out.writeBytes(exif(rotation));
        }
        int rest = segments(jpeg, (marker, from, to) -> {
            if (!isMetadata(marker)) {
                out.write(jpeg, from, to - from);
            }
        });
        out.write(jpeg, rest, jpeg.length - rest);
        return out.toByteArray();
    }

    private static boolean isMetadata(int marker) {
        boolean application = marker >= APP0 && marker <= APP15;
        return marker == COMMENT || application && marker != APP0 && marker != APP2 && marker != APP14;
    }

    /** Visits the segments before the first scan; where that (or what is not understood) begins. */
    private static int segments(byte[] jpeg, Segment segment) {
        int at = 2;
        while (at + 4 <= jpeg.length && (jpeg[at] & 0xFF) == 0xFF) {
            int marker = jpeg[at + 1] & 0xFF;
            int end = at + 2 + big(jpeg, at + 2);
            boolean hasLength = marker >= 0xC0 && marker != 0xFF && (marker < 0xD0 || marker > 0xD9);
            if (!hasLength || marker == START_OF_SCAN || end > jpeg.length || end < at + 4) {
                return at;
            }
            segment.at(marker, at, end);
            at = end;
        }
        return at;
    }

    /** Exif is a TIFF file: byte order, offset of the first directory, its entries of 12 bytes. */
    private static int orientation(byte[] bytes, int tiff, int end) {
        if (tiff + 8 > end) {
            return 1;
        }
        boolean little = bytes[tiff] == 'I';
        long directory = tiff + four(bytes, tiff + 4, little);
        if (directory < tiff || directory + 2 > end) {
            return 1;
        }
        int entries = two(bytes, (int) directory, little);
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + 12L * i;
            if (entry + 12 > end) {
                return 1;
            }
            if (two(bytes, (int) entry, little) == ORIENTATION) {
                return two(bytes, (int) entry + 8, little);
            }
        }
        return 1;
    }

    private static byte[] exif(Rotation rotation) {
        byte[] segment = new byte[36];
        byte[] head = {(byte) 0xFF, (byte) APP1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) rotation.orientation()};
        System.arraycopy(head, 0, segment, 0, head.length);
        return segment;
    }

    private static boolean ascii(byte[] bytes, int at, String text, int end) {
        byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
        return at + expected.length <= end && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
    }

    private static int big(byte[] bytes, int at) {
        return two(bytes, at, false);
    }

    private static int two(byte[] bytes, int at, boolean little) {
        int first = bytes[at] & 0xFF;
        int second = bytes[at + 1] & 0xFF;
        return little ? second << 8 | first : first << 8 | second;
    }

    private static long four(byte[] bytes, int at, boolean little) {
        long first = two(bytes, at, little);
        long second = two(bytes, at + 2, little);
        return little ? second << 16 | first : first << 16 | second;
    }
}
