package dev.banyan.http.gateway.callers;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a file of API keys: a line each of NAME SHA256, then {@code expires=TIME} and LABEL=VALUE where wanted; # begins a comment. */
final class KeysFileReader {
    static final int LARGEST = 16 * 1024 * 1024;

    private static final Pattern NAME = Pattern.compile("[!-~]{1,250}");
    private static final Pattern SHA256 = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final Pattern LABEL = Pattern.compile("[!-<>-~]{1,100}=[!-~]{1,250}");

    private KeysFileReader() {}

    static Map<Digest, ApiKeys.Key> read(byte[] bytes) throws Unusable {
        Map<Digest, ApiKeys.Key> keys = new HashMap<>();
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(line.split("\\s+"), i + 1, keys);
            }
        }
        return Map.copyOf(keys);
    }

    /** The message shows no word of the line but the name: any of them may be a key by mistake. */
    private static void add(String[] words, int line, Map<Digest, ApiKeys.Key> keys) throws Unusable {
        if (words.length < 2 || !NAME.matcher(words[0]).matches() || !SHA256.matcher(words[1]).matches()) {
            throw new Unusable("line " + line + " is not NAME SHA256, the SHA-256 of the key in 64 hexadecimal digits, as 'printf %s KEY | sha256sum' writes them");
        }
        Map<String, Claim> labels = new HashMap<>();
        long until = Long.MAX_VALUE;
        for (String word : List.of(words).subList(2, words.length)) {
            if (!LABEL.matcher(word).matches()) {
                throw new Unusable("line " + line + " (" + words[0] + ") has something behind the hash that is not LABEL=VALUE");
            }
            int equals = word.indexOf('=');
            if (word.startsWith("expires=")) {
                until = time(word.substring(equals + 1)).orElseThrow(() -> new Unusable("line " + line + " (" + words[0] + ") expires at no day or time of RFC 3339, as 2027-01-31 or 2027-01-31T12:00:00Z")).toEpochMilli();
            } else {
                labels.put(word.substring(0, equals), Claim.text(word.substring(equals + 1)));
            }
        }
        if (keys.put(Digest.parse(words[1]), new ApiKeys.Key(Caller.of(words[0], labels), until)) != null) {
            throw new Unusable("line " + line + " (" + words[0] + ") has the key of another line: make one for each caller, with 'openssl rand -hex 32'");
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.length() == 10 ? text + "T00:00:00Z" : text).toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
