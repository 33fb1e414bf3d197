package dev.banyan.photos;

/** Width and height of a WebP file from its first chunk (RFC 9649): the JDK has no decoder, browsers have. */
final class WebpSize {
    private WebpSize() {}

    /** @throws Problem 422 if the first chunk is cut off or of no known kind */
    static int[] of(byte[] webp) {
        if (webp.length >= 30 && webp[12] == 'V' && webp[13] == 'P' && webp[14] == '8') {
            switch (webp[15]) {
                case 'X' -> {
                    return new int[] {1 + little(webp, 24, 3), 1 + little(webp, 27, 3)};
                }
                case 'L' -> {
                    int bits = little(webp, 21, 4);
                    return new int[] {1 + (bits & 0x3FFF), 1 + (bits >>> 14 & 0x3FFF)};
                }
                case ' ' -> {
                    return new int[] {little(webp, 26, 2) & 0x3FFF, little(webp, 28, 2) & 0x3FFF};
                }
                default -> throw new Problem(422, "The WebP file begins with an unknown chunk.");
            }
        }
        throw new Problem(422, "The WebP file is damaged: its first chunk is cut off.");
    }

    private static int little(byte[] bytes, int at, int length) {
        int value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }
}
