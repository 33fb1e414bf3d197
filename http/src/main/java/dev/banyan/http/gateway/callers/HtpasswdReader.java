package dev.banyan.http.gateway.callers;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads users as {@code htpasswd -B} writes them: a line each of NAME:HASH, the hash by bcrypt; # begins a comment. The older forms (MD5, SHA-1,
 * crypt, plain text) are refused: they are guessed millions of times a second.
 */
final class HtpasswdReader {
    static final int LARGEST = 16 * 1024 * 1024;

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}:]{1,250}");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
    /** Each step doubles the work; past this one look at a password takes a second. */
    private static final int COSTLIEST = 14;
    private static final int CHEAPEST = 4;

    private HtpasswdReader() {}

    static Map<String, String> read(byte[] bytes) throws Unusable {
        Map<String, String> users = new HashMap<>();
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(line, i + 1, users);
            }
        }
        if (users.isEmpty()) {
            throw new Unusable("it names no user; add one with: htpasswd -B FILE NAME");
        }
        return Map.copyOf(users);
    }

    private static void add(String line, int number, Map<String, String> users) throws Unusable {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon));
        if (!NAME.matcher(name).matches()) {
            throw new Unusable("line " + number + " is not NAME:HASH, as 'htpasswd -B' writes it");
        }
        Matcher hash = BCRYPT.matcher(line.substring(colon + 1));
        if (!hash.matches()) {
            throw new Unusable("line " + number + " (" + name + ") has no hash by bcrypt, the only one that counts here; write it anew with: htpasswd -B FILE " + name);
        }
        int cost = Integer.parseInt(hash.group(1));
        if (cost < CHEAPEST || cost > COSTLIEST) {
            throw new Unusable("line " + number + " (" + name + ") has a cost of " + cost + "; it is " + CHEAPEST + " to " + COSTLIEST + ", as 'htpasswd -B -C 10' gives");
        }
        if (users.put(name, hash.group()) != null) {
            throw new Unusable("line " + number + " names " + name + " again: keep one line for each user");
        }
    }
}
