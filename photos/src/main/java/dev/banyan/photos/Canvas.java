package dev.banyan.photos;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Brushes for the seed's landscapes. Owned by the thread that draws one picture. */
final class Canvas {
    final int width;
    final int height;
    final RandomGenerator random;
    private final BufferedImage image;
    private final Graphics2D pen;

    Canvas(int width, int height, RandomGenerator random) {
        this.width = width;
        this.height = height;
        this.random = random;
        this.image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        this.pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    }

    BufferedImage finish() {
        pen.dispose();
        return image;
    }

    static Color mix(Color a, Color b, double share) {
        return new Color((int) (a.getRed() + (b.getRed() - a.getRed()) * share), (int) (a.getGreen() + (b.getGreen() - a.getGreen()) * share),
                (int) (a.getBlue() + (b.getBlue() - a.getBlue()) * share));
    }

    static Color alpha(Color color, double alpha) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) (255 * alpha));
    }

    double between(double least, double most) {
        return least + random.nextDouble() * (most - least);
    }

    /** A vertical gradient between two heights (0 top, 1 bottom). */
    void wash(double from, double to, Color above, Color below) {
        pen.setPaint(new GradientPaint(0, (float) (from * height), above, 0, (float) (to * height), below));
        pen.fillRect(0, (int) (from * height), width, (int) Math.ceil((to - from) * height) + 1);
    }

    void glow(double x, double y, double radius, Color color, double strength) {
        float r = (float) (radius * width);
        pen.setPaint(new RadialGradientPaint((float) (x * width), (float) (y * height), r, new float[] {0, 0.35f, 1},
                new Color[] {alpha(color, strength), alpha(color, strength * 0.4), alpha(color, 0)}));
        pen.fill(new Ellipse2D.Double(x * width - r, y * height - r, 2 * r, 2 * r));
    }

    void disc(double x, double y, double radius, Color color) {
        double r = radius * width;
        pen.setPaint(color);
        pen.fill(new Ellipse2D.Double(x * width - r, y * height - r, 2 * r, 2 * r));
    }

    void block(double x, double y, double w, double h, Color color) {
        pen.setPaint(color);
        pen.fill(new Rectangle2D.Double(x * width, y * height, w * width, h * height));
    }

    /** Everything below a line of summed sine waves; {@code rough} from 0 (dunes) to 1 (rocks). */
    void ridge(double base, double swing, double rough, Color above, Color below) {
        Path2D line = new Path2D.Double();
        line.moveTo(0, height);
        double[] phase = random.doubles(7, 0, 2 * Math.PI).toArray();
        double[] wave = random.doubles(7, 0.7, 1.4).toArray();
        double top = 1;
        for (int x = 0; x <= width; x += 2) {
            double sum = 0;
            for (int i = 0; i < 7; i++) {
                double weight = i < 2 ? 1.0 / (i + 1) : rough * 0.75 / Math.pow(1.75, i);
                double angle = phase[i] + x * wave[i] * Math.pow(2, i) * 1.7 * Math.PI / width / 1.4;
                sum += weight * (rough > 0.4 && i > 0 ? 1 - 2 * Math.abs(Math.sin(angle)) : Math.sin(angle));
            }
            double y = base + swing * sum * 0.6;
            top = Math.min(top, y);
            line.lineTo(x, y * height);
        }
        line.lineTo(width, height);
        line.closePath();
        pen.setPaint(new GradientPaint(0, (float) (top * height), above, 0, (float) ((top + Math.max(0.25, 2.5 * swing)) * height), below));
        pen.fill(line);
    }

    /** A fir tree that stands on {@code y}. */
    void fir(double x, double y, double size, Color color) {
        pen.setPaint(color);
        double px = x * width;
        double s = size * height;
        for (int i = 0; i < 5; i++) {
            double half = s * (0.07 + 0.045 * i);
            double peak = y * height - s + s * 0.15 * i;
            Path2D bough = new Path2D.Double();
            bough.moveTo(px, peak);
            bough.lineTo(px - half, peak + s * 0.4);
            bough.lineTo(px + half, peak + s * 0.4);
            bough.closePath();
            pen.fill(bough);
        }
    }

    /** A curtain of light that hangs from a wavy line. */
    void curtain(double base, double length, Color color) {
        double phase = between(0, 6);
        double slow = between(0.8, 1.6);
        for (int x = 0; x < width; x += 3) {
            double t = (double) x / width;
            double y = base + 0.07 * Math.sin(phase + t * 6 * slow) + 0.03 * Math.sin(2 * phase + t * 17);
            double strength = 0.10 + 0.12 * Math.abs(Math.sin(phase + t * 9 * slow) * Math.sin(t * 40 + phase));
            float low = (float) (y * height);
            float high = (float) ((y - length) * height);
            pen.setPaint(new GradientPaint(0, high, alpha(color, 0), 0, low, alpha(color, strength)));
            pen.fillRect(x - 4, (int) high, 12, (int) (low - high));
        }
    }

    /** A hot-air balloon with stripes. */
    void balloon(double x, double y, double size, Color color, Color stripe) {
        double r = size * width;
        double px = x * width;
        double py = y * height;
        pen.setPaint(color);
        pen.fill(new Ellipse2D.Double(px - r, py - r, 2 * r, 2.1 * r));
        pen.setPaint(stripe);
        pen.fill(new Ellipse2D.Double(px - r * 0.62, py - r, 1.24 * r, 2.1 * r));
        pen.setPaint(color);
        pen.fill(new Ellipse2D.Double(px - r * 0.22, py - r, 0.44 * r, 2.1 * r));
        pen.setPaint(new GradientPaint((float) (px - r), 0, new Color(255, 255, 255, 60), (float) (px + r), 0, new Color(0, 0, 0, 90)));
        pen.fill(new Ellipse2D.Double(px - r, py - r, 2 * r, 2.1 * r));
        pen.setPaint(new Color(60, 45, 35));
        pen.fill(new Rectangle2D.Double(px - r * 0.16, py + r * 1.45, r * 0.32, r * 0.24));
        pen.drawLine((int) (px - r * 0.5), (int) (py + r * 0.9), (int) (px - r * 0.15), (int) (py + r * 1.45));
        pen.drawLine((int) (px + r * 0.5), (int) (py + r * 0.9), (int) (px + r * 0.15), (int) (py + r * 1.45));
    }
}
