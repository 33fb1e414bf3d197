package dev.banyan.cache;

import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.CacheKeys.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Commands that only read: a document or a column is a string, a hash a hash, and what is not there is not there. Does not block. */
final class ReadCommands {
    private static final Reply ZERO = new Reply.Number(0);
    private static final Reply NO_ROW = new Reply.Number(-2);
    /** Rows do not expire; that their values in the cache do is nobody's business. */
    private static final Reply NO_EXPIRY = new Reply.Number(-1);

    private final KeyRules rules;
    private final Function<CacheKey, CompletionStage<Optional<byte[]>>> values;

    ReadCommands(KeyRules rules, Function<CacheKey, CompletionStage<Optional<byte[]>>> values) {
        this.rules = rules;
        this.values = values;
    }

    /** Empty when it is no command that only reads. @throws Refused when its arguments are wrong */
    Optional<CompletionStage<Reply>> answer(String name, byte[][] arguments) {
        return switch (name) {
            case "GET" -> string(name, arguments, 2, ReadCommands::bulk, Reply.NULL);
            case "GETEX" -> getex(arguments);
            case "STRLEN" -> string(name, arguments, 2, value -> new Reply.Number(value.length), ZERO);
            case "GETRANGE", "SUBSTR" -> range(name, arguments);
            case "MGET" -> Optional.of(mget(arguments));
            case "EXISTS", "TOUCH" -> Optional.of(exists(name, arguments));
            case "TYPE" -> any(name, arguments, 2, key -> new Reply.Simple(key.rule().shape() == Shape.HASH ? "hash" : "string"), new Reply.Simple("none"));
            case "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME" -> any(name, arguments, 2, _ -> NO_EXPIRY, NO_ROW);
            case "PERSIST" -> any(name, arguments, 2, _ -> ZERO, ZERO);
            case "HGET" -> hash(name, arguments, 3, fields -> field(fields, arguments[2]).orElse(Reply.NULL));
            case "HMGET" -> hash(name, arguments, -3, fields -> new Reply.Array(Arrays.stream(arguments, 2, arguments.length).map(field -> field(fields, field).orElse(Reply.NULL)).toList()));
            case "HGETALL" -> hash(name, arguments, 2, fields -> new Reply.Pairs(pairs(fields)));
            case "HLEN" -> hash(name, arguments, 2, fields -> new Reply.Number(fields.size()));
            case "HKEYS" -> hash(name, arguments, 2, fields -> new Reply.Array(fields.keySet().stream().map(Reply::bulk).toList()));
            case "HVALS" -> hash(name, arguments, 2, fields -> new Reply.Array(fields.values().stream().map(Reply::bulk).toList()));
            case "HEXISTS" -> hash(name, arguments, 3, fields -> new Reply.Number(fields.containsKey(text(arguments[2])) ? 1 : 0));
            case "HSTRLEN" -> hash(name, arguments, 3, fields -> field(fields, arguments[2]).map(value -> (Reply) new Reply.Number(((Reply.Bulk) value).bytes().length)).orElse(ZERO));
            default -> Optional.empty();
        };
    }

    private static Reply bulk(byte[] value) {
        return new Reply.Bulk(value);
    }

    private Optional<CompletionStage<Reply>> string(String name, byte[][] arguments, int count, Function<byte[], Reply> there, Reply absent) {
        CacheKey key = key(name, arguments, count);
        if (key.rule().shape() == Shape.HASH) {
            throw Refused.wrongType();
        }
        return Optional.of(values.apply(key).thenApply(value -> value.map(there).orElse(absent)));
    }

    private Optional<CompletionStage<Reply>> any(String name, byte[][] arguments, int count, Function<CacheKey, Reply> there, Reply absent) {
        CacheKey key = key(name, arguments, count);
        return Optional.of(values.apply(key).thenApply(value -> value.isPresent() ? there.apply(key) : absent));
    }

    private Optional<CompletionStage<Reply>> hash(String name, byte[][] arguments, int count, Function<Map<String, String>, Reply> of) {
        CacheKey key = key(name, arguments, count);
        if (key.rule().shape() != Shape.HASH) {
            throw Refused.wrongType();
        }
        return Optional.of(values.apply(key).thenApply(value -> of.apply(value.map(HashValue::parse).orElse(Map.of()))));
    }

    /** @param count of words, exactly; negative is at least */
    private CacheKey key(String name, byte[][] arguments, int count) {
        mustCount(name, arguments, count);
        return rules.key(arguments[1]);
    }

    static void mustCount(String name, byte[][] arguments, int count) {
        if (count < 0 ? arguments.length < -count : arguments.length != count) {
            throw Refused.arguments(name);
        }
    }

    private Optional<CompletionStage<Reply>> getex(byte[][] arguments) {
        if (arguments.length > 2 && !(arguments.length == 3 && text(arguments[2]).equalsIgnoreCase("PERSIST"))) {
            throw expiry("GETEX", rules.key(arguments[1]));
        }
        return string("GETEX", Arrays.copyOf(arguments, 2), 2, ReadCommands::bulk, Reply.NULL);
    }

    static Refused expiry(String name, CacheKey key) {
        return new Refused("ERR '" + name + "' cannot set an expiry on keys of the declared prefix '" + key.rule().prefix()
                + "' (cache.keys): they are rows of the database, which have none; how long values are cached is declared as ttl");
    }

    private Optional<CompletionStage<Reply>> range(String name, byte[][] arguments) {
        mustCount(name, arguments, 4);
        long from = number(arguments[2]);
        long to = number(arguments[3]);
        return string(name, arguments, 4, value -> new Reply.Bulk(slice(value, from, to)), new Reply.Bulk(new byte[0]));
    }

    /** Both ends count; negative ones from the end. */
    private static byte[] slice(byte[] value, long from, long to) {
        long first = Math.max(0, from < 0 ? value.length + from : from);
        long last = Math.min(value.length - 1, to < 0 ? value.length + to : to);
        return first > last ? new byte[0] : Arrays.copyOfRange(value, (int) first, (int) last + 1);
    }

    static long number(byte[] argument) {
        String text = text(argument);
        if (text.matches("-?(0|[1-9][0-9]{0,18})")) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // out of range
            }
        }
        throw new Refused("ERR value is not an integer or out of range");
    }

    /** As Redis has it, a key of another kind is as one that is not there. */
    private CompletionStage<Reply> mget(byte[][] arguments) {
        mustCount("MGET", arguments, -2);
        List<CacheKey> keys = rules.keys(arguments, 1);
        return all(keys.stream().map(key -> key.rule().shape() == Shape.HASH
                ? CompletableFuture.<Reply>completedFuture(Reply.NULL)
                : values.apply(key).thenApply(value -> value.map(ReadCommands::bulk).orElse(Reply.NULL))).toList(), Reply.Array::new);
    }

    private CompletionStage<Reply> exists(String name, byte[][] arguments) {
        mustCount(name, arguments, -2);
        List<CacheKey> keys = rules.keys(arguments, 1);
        return all(keys.stream().map(key -> values.apply(key).thenApply(value -> (Reply) new Reply.Number(value.isPresent() ? 1 : 0))).toList(),
                found -> new Reply.Number(found.stream().mapToLong(one -> ((Reply.Number) one).value()).sum()));
    }

    private static CompletionStage<Reply> all(List<? extends CompletionStage<Reply>> stages, Function<List<Reply>, Reply> together) {
        List<CompletableFuture<Reply>> futures = new ArrayList<>();
        stages.forEach(stage -> futures.add(stage.toCompletableFuture()));
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).thenApply(_ -> together.apply(futures.stream().map(CompletableFuture::join).toList()));
    }

    private static Optional<Reply> field(Map<String, String> fields, byte[] name) {
        return Optional.ofNullable(fields.get(text(name))).map(Reply::bulk);
    }

    private static List<Reply> pairs(Map<String, String> fields) {
        List<Reply> pairs = new ArrayList<>(2 * fields.size());
        fields.forEach((field, value) -> {
            pairs.add(Reply.bulk(field));
            pairs.add(Reply.bulk(value));
        });
        return pairs;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
