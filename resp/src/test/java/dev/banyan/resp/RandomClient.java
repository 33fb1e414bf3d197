package dev.banyan.resp;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Says commands at random on keys of its own, many at once, and knows what each must be answered. Where nodes may be lost, a key may be missing, as
 * it was before a write that failed, or the node may be down: but no answer is ever another's.
 */
final class RandomClient {
    private static final int KEYS = 10;

    private final RouterWithNodes world;
    private final RandomGenerator random;
    private final String name;
    private final boolean nodesAreLost;
    private final Map<String, List<String>> possible = new HashMap<>();
    private final ArrayDeque<Awaited> awaited = new ArrayDeque<>();
    private final List<String> batch = new ArrayList<>();
    private Talk talk;
    private int life;
    private int counter;

    private record Awaited(String command, Predicate<String> right) {}

    RandomClient(RouterWithNodes world, RandomGenerator random, String name, boolean nodesAreLost) {
        this.world = world;
        this.random = random;
        this.name = name;
        this.nodesAreLost = nodesAreLost;
        begin();
    }

    /** With other keys: what was under way may still be done. */
    private void begin() {
        talk = Talk.to(world.router().address());
        possible.clear();
        awaited.clear();
        life++;
    }

    void say(int batches) {
        for (int i = 0; i < batches; i++) {
            try {
                batch();
            } catch (UncheckedIOException e) {
                if (!nodesAreLost || e.getMessage().contains("timed out")) {
                    throw new AssertionError(name + " awaits " + awaited.peek() + " and " + awaited.size() + " more", e);
                }
                talk.close();
                begin(); // as by a server that has gone: its subscriptions or watched keys were there
            }
        }
        talk.close();
    }

    private void batch() {
        batch.clear();
        for (int commands = 1 + random.nextInt(12); commands > 0; commands--) {
            command();
        }
        talk.say(batch.toArray(String[]::new));
        if (random.nextInt(25) == 0) {
            talk.close();
            begin();
            return;
        }
        while (!awaited.isEmpty()) {
            String heard = talk.hear();
            Awaited next = awaited.peek();
            if (!next.right().test(heard)) {
                throw new AssertionError(name + ": " + next.command() + " was answered " + shown(heard));
            }
            awaited.poll();
        }
    }

    private static String shown(String text) {
        return text.length() > 200 ? text.substring(0, 200) + " ... (" + text.length() + ")" : text;
    }

    private void command() {
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> set(key());
            case 3, 4 -> get(key());
            case 5 -> mget();
            case 6 -> delete(key());
            case 7 -> transaction();
            case 8 -> list();
            case 9 -> add("ECHO " + ++counter, String.valueOf(counter)::equals);
            case 10 -> silent(key());
            case 11 -> subscription();
            default -> watch(key());
        }
    }

    private String key() {
        return name + "-" + life + ":" + random.nextInt(KEYS);
    }

    private String value() {
        String beginning = name + "v" + ++counter + "-";
        int length = random.nextInt(12) == 0 ? random.nextInt(120_000) : random.nextInt(40);
        return beginning + "x".repeat(length);
    }

    private void add(String command, Predicate<String> right) {
        batch.add(command);
        awaited.add(new Awaited(shown(command), nodesAreLost ? right.or(RandomClient::isDown) : right));
    }

    private static boolean isDown(String answer) {
        return answer.startsWith("-NODEDOWN") || answer.startsWith("-EXECABORT");
    }

    private List<String> values(String key) {
        return List.copyOf(possible.computeIfAbsent(key, _ -> new ArrayList<>(List.of("(nil)"))));
    }

    private void writes(String key, String value) {
        if (!nodesAreLost) {
            possible.put(key, new ArrayList<>(List.of(value)));
        } else {
            values(key);
            possible.get(key).add(value);
        }
    }

    private boolean mayBe(List<String> values, String heard) {
        return values.contains(heard);
    }

    private void set(String key) {
        String value = value();
        writes(key, value);
        add("SET " + key + " " + value, "OK"::equals);
    }

    private void get(String key) {
        List<String> values = values(key);
        add("GET " + key, heard -> mayBe(values, heard));
    }

    private void mget() {
        List<String> keys = IntStream.range(0, 4).mapToObj(_ -> key()).toList();
        List<List<String>> values = keys.stream().map(this::values).toList();
        add("MGET " + String.join(" ", keys), heard -> {
            String[] each = heard.startsWith("[") ? heard.substring(1, heard.length() - 1).split(" ") : new String[0];
            return each.length == 4 && IntStream.range(0, 4).allMatch(i -> mayBe(values.get(i), each[i]));
        });
    }

    private void delete(String key) {
        String other = key();
        long there = List.of(key, other).stream().distinct().filter(each -> !values(each).equals(List.of("(nil)"))).count();
        writes(key, "(nil)");
        writes(other, "(nil)");
        add("DEL " + key + " " + other, heard -> nodesAreLost ? List.of("0", "1", "2").contains(heard) : heard.equals(String.valueOf(there)));
    }

    private void transaction() {
        String key = "{" + name + "-" + life + "}t";
        String value = value();
        writes(key, value);
        add("MULTI", "OK"::equals);
        add("SET " + key + " " + value, "QUEUED"::equals);
        add("GET " + key, "QUEUED"::equals);
        add("EXEC", ("[OK " + value + "]")::equals);
        get(key);
    }

    private void list() {
        String key = "{" + name + "-" + life + "}list" + ++counter;
        add("BLPOP " + key + " 0.005", "(nil)"::equals);
        add("RPUSH " + key + " a" + counter, "1"::equals);
        String popped = "[" + key + " a" + counter + "]";
        add("BLPOP " + key + " 1", heard -> heard.equals(popped) || nodesAreLost && heard.equals("(nil)"));
    }

    private void silent(String key) {
        String value = value();
        writes(key, value);
        batch.add("CLIENT REPLY SKIP");
        batch.add("SET " + key + " " + value);
        get(key);
    }

    private void subscription() {
        String channel = name + "c" + ++counter;
        add("SUBSCRIBE " + channel, ("[subscribe " + channel + " 1]")::equals);
        add("PING", "[pong ]"::equals);
        add("UNSUBSCRIBE " + channel, ("[unsubscribe " + channel + " 0]")::equals);
    }

    private void watch(String key) {
        String value = value();
        List<String> before = values(key);
        writes(key, value);
        add("WATCH " + key, "OK"::equals);
        add("GET " + key, heard -> mayBe(before, heard));
        add("MULTI", "OK"::equals);
        add("SET " + key + " " + value, "QUEUED"::equals);
        add("EXEC", heard -> heard.equals("[OK]") || nodesAreLost && heard.equals("(nil)"));
    }
}
