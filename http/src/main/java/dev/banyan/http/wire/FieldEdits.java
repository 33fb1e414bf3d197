package dev.banyan.http.wire;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is taken out of a head and put into it while it is written on; reused for each message. Owned by one IO loop. */
public final class FieldEdits {
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CRLF = ascii("\r\n");

    /** Changes nothing. */
    public static final FieldEdits NONE = new FieldEdits();

    private final List<byte[]> removed = new ArrayList<>();
    private final List<FieldLine> added = new ArrayList<>();
    private final List<byte[]> parameters = new ArrayList<>();

    public void clear() {
        removed.clear();
        added.clear();
        parameters.clear();
    }

    public boolean isEmpty() {
        return removed.isEmpty() && added.isEmpty() && parameters.isEmpty();
    }

    /** Takes every parameter of that name, letter for letter, out of the query. */
    public void removeParameter(String name) {
        parameters.add(ascii(name));
    }

    public boolean removesParameters() {
        return !parameters.isEmpty();
    }

    /** Writes {@code target[from, to)}, a path and its query, without the parameters that are taken out. */
    public void writeTarget(byte[] target, int from, int to, HeadBuffer out) {
        int query = end(target, from, to, '?');
        if (parameters.isEmpty() || query == to) {
            out.put(target, from, to);
            return;
        }
        out.put(target, from, query);
        char mark = '?';
        for (int pair = query + 1; pair < to; ) {
            int end = end(target, pair, to, '&');
            if (!removesParameter(target, pair, end(target, pair, end, '='))) {
                out.put(mark).put(target, pair, end);
                mark = '&';
            }
            pair = end + 1;
        }
    }

    private boolean removesParameter(byte[] target, int from, int to) {
        for (byte[] name : parameters) {
            if (Arrays.equals(target, from, to, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    private static int end(byte[] target, int from, int to, char mark) {
        int i = from;
        while (i < to && target[i] != mark) {
            i++;
        }
        return i;
    }

    /** Takes out every field of that name that came. */
    public void remove(String name) {
        removed.add(ascii(name.toLowerCase(Locale.ROOT)));
    }

    /** Puts a field behind those that came. */
    public void add(FieldLine line) {
        added.add(line);
    }

    /** Puts a field in place of those of that name, whoever wrote them. */
    public void set(FieldLine line) {
        remove(line.name());
        added.removeIf(other -> other.name().equalsIgnoreCase(line.name()));
        added.add(line);
    }

    /** Does what others do too. */
    public void addAll(FieldEdits others) {
        removed.addAll(others.removed);
        added.addAll(others.added);
    }

    /** Whether a field of this name that came is taken out. */
    public boolean removes(String name) {
        for (int i = 0; i < removed.size(); i++) {
            if (new String(removed.get(i), java.nio.charset.StandardCharsets.US_ASCII).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a field that came is taken out. */
    public boolean removes(Fields fields, int field) {
        for (int i = 0; i < removed.size(); i++) {
            if (Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(field), fields.nameEnd(field), removed.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** The names of fields that are taken out, in lower case. */
    public List<String> removed() {
        return removed.stream().map(name -> new String(name, StandardCharsets.US_ASCII)).distinct().toList();
    }

    public List<FieldLine> added() {
        return added;
    }

    /** Writes the fields that are put in, a line each. */
    public void write(HeadBuffer out) {
        for (int i = 0; i < added.size(); i++) {
            FieldLine line = added.get(i);
            out.text(line.name()).put(COLON).text(line.value()).put(CRLF);
        }
    }
}
