package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What is answered for keys that are not there, by the command. Those not listed cannot miss. */
final class Misses {
    private static final Map<String, Note.Miss> BY_COMMAND = Map.ofEntries(
            Map.entry("get", Note.Miss.NULL),
            Map.entry("hget", Note.Miss.NULL),
            Map.entry("lindex", Note.Miss.NULL),
            Map.entry("zscore", Note.Miss.NULL),
            Map.entry("zrank", Note.Miss.NULL),
            Map.entry("zrevrank", Note.Miss.NULL),
            Map.entry("mget", Note.Miss.NULLS),
            Map.entry("hmget", Note.Miss.NULLS),
            Map.entry("exists", Note.Miss.ZERO),
            Map.entry("strlen", Note.Miss.ZERO),
            Map.entry("hlen", Note.Miss.ZERO),
            Map.entry("hexists", Note.Miss.ZERO),
            Map.entry("llen", Note.Miss.ZERO),
            Map.entry("scard", Note.Miss.ZERO),
            Map.entry("sismember", Note.Miss.ZERO),
            Map.entry("zcard", Note.Miss.ZERO),
            Map.entry("zcount", Note.Miss.ZERO),
            Map.entry("getbit", Note.Miss.ZERO),
            Map.entry("bitcount", Note.Miss.ZERO),
            Map.entry("pfcount", Note.Miss.ZERO),
            Map.entry("touch", Note.Miss.ZERO),
            Map.entry("lrange", Note.Miss.EMPTY_ARRAY),
            Map.entry("zrange", Note.Miss.EMPTY_ARRAY),
            Map.entry("zrangebyscore", Note.Miss.EMPTY_ARRAY),
            Map.entry("zrevrange", Note.Miss.EMPTY_ARRAY),
            Map.entry("hkeys", Note.Miss.EMPTY_ARRAY),
            Map.entry("hvals", Note.Miss.EMPTY_ARRAY),
            Map.entry("hgetall", Note.Miss.EMPTY_MAP),
            Map.entry("smembers", Note.Miss.EMPTY_SET),
            Map.entry("ttl", Note.Miss.ABSENT),
            Map.entry("pttl", Note.Miss.ABSENT));

    private Misses() {}

    /** @param command in lower case */
    static Note.Miss of(String command) {
        return BY_COMMAND.getOrDefault(command, Note.Miss.NONE);
    }

    /** The answer; null when there is none. */
    static Reply of(Note.Miss miss, int count) {
        return switch (miss) {
            case NONE -> null;
            case NULL -> Reply.NULL;
            case ZERO -> new Reply.Number(0);
            case NULLS -> new Reply.Array(Collections.nCopies(count, Reply.NULL));
            case EMPTY_ARRAY -> new Reply.Array(List.of());
            case EMPTY_MAP -> new Reply.Pairs(List.of());
            case EMPTY_SET -> new Reply.Members(List.of());
            case ABSENT -> new Reply.Number(-2);
        };
    }
}
