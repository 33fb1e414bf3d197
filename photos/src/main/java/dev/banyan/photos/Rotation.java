package dev.banyan.photos;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

/** How a camera was held: the eight values of Exif's Orientation tag (Exif 2.32, 4.6.4.A). */
record Rotation(int orientation) {
    static final Rotation NONE = new Rotation(1);

    Rotation {
        if (orientation < 1 || orientation > 8) {
            orientation = 1;
        }
    }

    /** Whether width and height change places. */
    boolean swaps() {
        return orientation >= 5;
    }

    /** The picture as one should see it. */
    BufferedImage apply(BufferedImage image) {
        if (orientation == 1) {
            return image;
        }
        int w = image.getWidth();
        int h = image.getHeight();
        // The matrix columns (m00 m10 m01 m11 m02 m12) that bring pixel (x, y) to its place.
        AffineTransform turn = switch (orientation) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, w, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, w, h);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, h);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, h, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, h, w);
            default -> new AffineTransform(0, -1, 1, 0, 0, w);
        };
        BufferedImage turned = new BufferedImage(swaps() ? h : w, swaps() ? w : h, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = turned.createGraphics();
        pen.drawImage(image, turn, null);
        pen.dispose();
        return turned;
    }
}
