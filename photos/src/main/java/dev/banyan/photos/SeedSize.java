package dev.banyan.photos;

import java.util.List;

/** How large the seed's world is; {@code follows} is the Zipf exponent of who is followed. */
record SeedSize(int users, int photos, int likes, int comments, double follows, long seed) {
    static SeedSize parse(List<String> arguments) {
        SeedSize size = new SeedSize(200, 1000, 12_000, 3_000, 1.1, 1);
        for (int i = 0; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(arguments.get(i) + " needs a number after it");
            }
            size = size.with(arguments.get(i), arguments.get(i + 1));
        }
        return size;
    }

    private SeedSize with(String name, String value) {
        try {
            return switch (name) {
                case "--users" -> new SeedSize(count(value, 2), photos, likes, comments, follows, seed);
                case "--photos" -> new SeedSize(users, count(value, 0), likes, comments, follows, seed);
                case "--likes" -> new SeedSize(users, photos, count(value, 0), comments, follows, seed);
                case "--comments" -> new SeedSize(users, photos, likes, count(value, 0), follows, seed);
                case "--follows" -> new SeedSize(users, photos, likes, comments, Double.parseDouble(value), seed);
                case "--seed" -> new SeedSize(users, photos, likes, comments, follows, Long.parseLong(value));
                default -> throw new IllegalArgumentException("unknown option " + name
                        + "; seed takes --users --photos --likes --comments --follows --seed");
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " needs a number, not '" + value + "'");
        }
    }

    private static int count(String value, int least) {
        int count = Integer.parseInt(value);
        if (count < least || count > 10_000_000) {
            throw new IllegalArgumentException("a count is from " + least + " to 10000000, not " + value);
        }
        return count;
    }
}
