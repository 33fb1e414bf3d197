package dev.banyan.photos;

import static dev.banyan.photos.Canvas.alpha;
import static dev.banyan.photos.Canvas.mix;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What the seed's pictures show. A scene, a light and a number make one picture, always the same. */
enum Scene {
    MOUNTAINS("ridge", "summit", "high pass", "valley", "last snow"),
    SEA("harbour", "quiet bay", "open water", "western shore", "last ferry"),
    CITY("skyline", "old town", "rooftops", "river front", "night shift"),
    DUNES("dunes", "dry country", "long road south", "sand sea", "salt flats"),
    FOREST("forest", "fir wood", "misty clearing", "northern woods", "trail home"),
    AURORA("northern lights", "winter sky", "cold night", "frozen lake", "polar night"),
    BALLOONS("balloons", "festival morning", "slow flight", "upper winds", "early start"),
    LIGHTS("city lights", "market", "party", "rain on the window", "carnival");

    /** The light of an hour: the sky's two colours, the sun's, and the land's, far and near. */
    private record Light(String name, Color top, Color bottom, Color sun, Color far, Color near) {}

    private static final List<Light> LIGHTS_OF_DAY = List.of(
            light("Golden hour over the", 0x3b5b92, 0xffc27a, 0xfff1c4, 0xc98b75, 0x2c2538),
            light("First light on the", 0x6d8fc7, 0xffd9c0, 0xfff7e6, 0x9fb0cf, 0x27405c),
            light("Blue hour at the", 0x0f1f4b, 0x8a7fb8, 0xf7d9e3, 0x5a5f97, 0x11132b),
            light("After the storm: the", 0x44546a, 0xb9c9cf, 0xf3f7f2, 0x7d919b, 0x1f2c33),
            light("A long day at the", 0x2f86c9, 0xd6f0f7, 0xfffbe0, 0x7fb3b5, 0x1f5a4a),
            light("Embers over the", 0x3a1538, 0xff7a45, 0xffe08a, 0xa6453f, 0x1f0e1e),
            light("Rose evening at the", 0x6a4c93, 0xffb3c1, 0xfff0ee, 0xb583a8, 0x35254f),
            light("One more look at the", 0x125d62, 0xf4e3b2, 0xfffdf0, 0x6fa08b, 0x16322f));

    private final List<String> places;

    Scene(String... places) {
        this.places = List.of(places);
    }

    private static Light light(String name, int top, int bottom, int sun, int far, int near) {
        return new Light(name, new Color(top), new Color(bottom), new Color(sun), new Color(far), new Color(near));
    }

    /** The scene of picture {@code number}: neighbours differ. */
    static Scene of(int number) {
        return values()[number % values().length];
    }

    private static Light light(int number) {
        return LIGHTS_OF_DAY.get((number / values().length * 3 + number) % LIGHTS_OF_DAY.size());
    }

    /** A title for a photo that uses picture {@code number}. */
    String title(int number, RandomGenerator random) {
        return light(number).name() + " " + places.get(random.nextInt(places.size()));
    }

    BufferedImage draw(int number, long seed) {
        RandomGenerator random = new SplittableRandom(seed * 1_000_003 + number);
        Canvas canvas = switch (number % 5) {
            case 0, 1, 3 -> new Canvas(1200, 900, random);
            case 2 -> new Canvas(1280, 800, random);
            default -> new Canvas(960, 1200, random);
        };
        Light light = light(number);
        switch (this) {
            case MOUNTAINS -> mountains(canvas, light);
            case SEA -> sea(canvas, light);
            case CITY -> city(canvas, light);
            case DUNES -> dunes(canvas, light);
            case FOREST -> forest(canvas, light);
            case AURORA -> aurora(canvas, light);
            case BALLOONS -> balloons(canvas, light);
            case LIGHTS -> lights(canvas, light);
        }
        return canvas.finish();
    }

    private static void sky(Canvas canvas, Light light, double x, double y, double size) {
        canvas.wash(0, 1, light.top(), light.bottom());
        canvas.glow(x, y, 0.55, light.sun(), 0.55);
        canvas.disc(x, y, size, light.sun());
        for (int i = 0; i < 14; i++) {
            canvas.glow(canvas.between(0, 1), canvas.between(0.05, 0.4), canvas.between(0.08, 0.22), mix(light.bottom(), Color.WHITE, 0.5), 0.13);
        }
    }

    private static void mountains(Canvas canvas, Light light) {
        sky(canvas, light, canvas.between(0.2, 0.8), canvas.between(0.22, 0.4), 0.035);
        for (int i = 0; i < 6; i++) {
            Color color = mix(light.far(), light.near(), i / 5.0);
            canvas.ridge(0.46 + 0.095 * i, 0.13 - 0.012 * i, 0.95, mix(color, light.bottom(), 0.12), mix(color, light.bottom(), 0.5 - 0.09 * i));
        }
    }

    private static void sea(Canvas canvas, Light light) {
        double x = canvas.between(0.3, 0.7);
        double horizon = canvas.between(0.5, 0.6);
        sky(canvas, light, x, horizon - canvas.between(0.03, 0.12), 0.05);
        canvas.ridge(horizon - 0.015, 0.02, 0.6, light.far(), mix(light.far(), light.near(), 0.4));
        canvas.wash(horizon, 1, mix(light.bottom(), light.far(), 0.45), mix(light.near(), light.top(), 0.35));
        for (int i = 0; i < 900; i++) {
            double depth = Math.pow(canvas.random.nextDouble(), 1.6);
            double y = horizon + depth * (1 - horizon);
            boolean glitter = canvas.random.nextInt(3) == 0;
            double wide = (0.01 + 0.05 * depth) * canvas.between(0.5, 1.6);
            double at = glitter ? x + (canvas.random.nextGaussian()) * (0.02 + 0.09 * depth) : canvas.between(-0.05, 1);
            canvas.block(at - wide / 2, y, wide, 0.0012 + 0.004 * depth, alpha(glitter ? light.sun() : light.near(), glitter ? 0.5 : 0.16));
        }
    }

    private static void city(Canvas canvas, Light light) {
        sky(canvas, light, canvas.between(0.15, 0.85), canvas.between(0.15, 0.3), 0.03);
        for (int row = 0; row < 4; row++) {
            Color wall = mix(light.far(), mix(light.near(), Color.BLACK, 0.25), row / 3.0);
            for (double x = -0.03; x < 1; x += canvas.between(0.035, 0.085)) {
                double tall = canvas.between(0.14, 0.5) * (1 - 0.14 * row);
                house(canvas, x, 0.74 + 0.09 * row - tall, canvas.between(0.045, 0.09), wall, light.sun(), row);
            }
        }
    }

    private static void house(Canvas canvas, double x, double y, double wide, Color wall, Color lamp, int row) {
        canvas.block(x, y, wide, 1 - y, wall);
        if (row == 0) {
            return;
        }
        double cell = 0.011 + 0.002 * row;
        for (double wy = y + 0.02; wy < 0.98; wy += cell * 2.1) {
            for (double wx = x + 0.008; wx < x + wide - cell; wx += cell * 1.35) {
                if (canvas.random.nextInt(10) < 3) {
                    canvas.block(wx, wy, cell * 0.6, cell * 1.1, alpha(mix(lamp, new Color(0xffb84d), 0.5), canvas.between(0.35, 0.95)));
                }
            }
        }
    }

    private static void dunes(Canvas canvas, Light light) {
        sky(canvas, light, canvas.between(0.2, 0.8), canvas.between(0.2, 0.34), 0.045);
        Color sand = mix(light.far(), new Color(0xe8a765), 0.5);
        for (int i = 0; i < 6; i++) {
            canvas.ridge(0.48 + 0.1 * i, 0.07 + 0.012 * i, 0.05, mix(sand, light.sun(), 0.35 - 0.05 * i), mix(sand, light.near(), 0.35 + 0.11 * i));
        }
    }

    private static void forest(Canvas canvas, Light light) {
        sky(canvas, light, canvas.between(0.3, 0.7), 0.3, 0.03);
        for (int row = 0; row < 5; row++) {
            Color color = mix(mix(light.far(), light.bottom(), 0.35), mix(light.near(), new Color(0x0c2417), 0.5), row / 4.0);
            double ground = 0.55 + 0.11 * row;
            canvas.ridge(ground, 0.02, 0.3, color, mix(color, light.bottom(), 0.25));
            for (double x = -0.02; x < 1.02; x += canvas.between(0.012, 0.04) * (1 + 0.5 * row)) {
                canvas.fir(x, ground + 0.04, canvas.between(0.1, 0.2) * (1 + 0.35 * row), color);
            }
            canvas.wash(ground + 0.02, Math.min(1, ground + 0.14), alpha(light.bottom(), 0), alpha(light.bottom(), 0.22));
        }
    }

    private static void aurora(Canvas canvas, Light light) {
        canvas.wash(0, 1, new Color(0x050a1f), mix(new Color(0x12305a), light.top(), 0.35));
        for (int i = 0; i < 500; i++) {
            canvas.disc(canvas.between(0, 1), canvas.between(0, 0.8), canvas.between(0.0004, 0.0016), alpha(Color.WHITE, canvas.between(0.3, 1)));
        }
        canvas.curtain(canvas.between(0.4, 0.5), 0.34, new Color(0x4dffb8));
        canvas.curtain(canvas.between(0.45, 0.58), 0.3, new Color(0x6be3ff));
        canvas.curtain(canvas.between(0.3, 0.42), 0.26, mix(new Color(0xc86bff), light.bottom(), 0.3));
        canvas.ridge(0.74, 0.07, 0.9, new Color(0x16233f), new Color(0x0a1226));
        for (double x = 0; x < 1; x += canvas.between(0.01, 0.05)) {
            canvas.fir(x, 0.93, canvas.between(0.06, 0.2), new Color(0x04070f));
        }
        canvas.ridge(0.92, 0.01, 0.2, new Color(0x04070f), new Color(0x04070f));
    }

    private static void balloons(Canvas canvas, Light light) {
        sky(canvas, light, canvas.between(0.1, 0.9), canvas.between(0.4, 0.55), 0.03);
        for (int i = 0; i < 4; i++) {
            Color color = mix(light.far(), light.near(), i / 3.0);
            canvas.ridge(0.68 + 0.085 * i, 0.05, 0.25, color, mix(color, light.bottom(), 0.3));
        }
        int[] colors = {0xe4572e, 0xf3a712, 0x2e86ab, 0xa23b72, 0x3b8b5a, 0xf2e3bc};
        for (int i = 0; i < 9; i++) {
            double size = 0.012 + 0.075 * Math.pow(i / 8.0, 2) * canvas.between(0.7, 1.1);
            canvas.balloon(canvas.between(0.06, 0.94), canvas.between(0.12, 0.62), size,
                    new Color(colors[canvas.random.nextInt(5)]), new Color(colors[canvas.random.nextInt(6)]));
        }
    }

    private static void lights(Canvas canvas, Light light) {
        canvas.wash(0, 1, mix(light.top(), Color.BLACK, 0.6), mix(light.near(), Color.BLACK, 0.35));
        int[] colors = {0xffb347, 0xff6f61, 0x6ec6ff, 0xffe29a, 0xc792ea, 0x7ee0b5};
        for (int i = 0; i < 110; i++) {
            double near = Math.pow(canvas.random.nextDouble(), 2);
            Color color = new Color(colors[canvas.random.nextInt(colors.length)]);
            double x = canvas.between(0, 1);
            double y = canvas.between(0.1, 0.95);
            double radius = 0.008 + 0.07 * near;
            canvas.disc(x, y, radius, alpha(color, 0.16 + 0.2 * (1 - near)));
            canvas.disc(x, y, radius * 0.86, alpha(mix(color, Color.WHITE, 0.25), 0.12));
        }
    }
}
