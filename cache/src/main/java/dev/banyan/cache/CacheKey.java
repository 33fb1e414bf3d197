package dev.banyan.cache;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A key of a declared prefix; the bytes are not copied, and two with the same bytes are the same. */
final class CacheKey {
    /** Longer ones cannot be keys of an index in PostgreSQL (a third of a page). */
    static final int LONGEST = 2_700;

    private final Rule rule;
    private final byte[] bytes;
    private final int hash;

    CacheKey(Rule rule, byte[] bytes) {
        this.rule = rule;
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** The key of a row. */
    static CacheKey of(Rule rule, List<String> parts) {
        return new CacheKey(rule, (rule.prefix() + String.join(":", parts)).getBytes(StandardCharsets.UTF_8));
    }

    Rule rule() {
        return rule;
    }

    byte[] bytes() {
        return bytes;
    }

    /**
     * What follows the prefix: as it is when one part is asked for, colons too; else exactly so many parts with colons between.
     *
     * @throws Refused when there are more or fewer, or no text
     */
    List<String> parts(int count) {
        String rest = text();
        if (count == 0) {
            if (!rest.isEmpty()) {
                throw new Refused("ERR the statement of '" + rule.prefix() + "' (cache.keys) has no parameters: the prefix is the whole key");
            }
            return List.of();
        }
        if (count == 1) {
            return List.of(rest);
        }
        List<String> parts = new ArrayList<>(Arrays.asList(rest.split(":", -1)));
        if (parts.size() != count) {
            throw new Refused("ERR a key of the declared prefix '" + rule.prefix() + "' (cache.keys) has " + count + " parts with colons between after it, not " + parts.size());
        }
        return List.copyOf(parts);
    }

    private String text() {
        if (bytes.length > LONGEST) {
            throw new Refused("ERR a key of the declared prefix '" + rule.prefix() + "' (cache.keys) has at most " + LONGEST + " bytes, not " + bytes.length);
        }
        int prefix = rule.prefixBytes().length;
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, prefix, bytes.length - prefix)).toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // as below
        }
        throw new Refused("ERR a key of the declared prefix '" + rule.prefix() + "' (cache.keys) is UTF-8 text without zero bytes");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
