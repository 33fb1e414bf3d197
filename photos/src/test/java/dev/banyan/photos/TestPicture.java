package dev.banyan.photos;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Small pictures to upload; each number has its own bytes. */
final class TestPicture {
    private TestPicture() {}

    static byte[] jpeg(int number) {
        return encoded("jpg", 64, 48, number);
    }

    static byte[] encoded(String format, int width, int height, int number) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(new Color(number * 7919 & 0xFFFFFF));
        pen.fillRect(0, 0, width, height);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width / 2, height / 4);
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
