package dev.banyan.http.gateway.callers;

import dev.banyan.http.gateway.Call;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A parameter of a query, by its name letter for letter; its value as it came, nothing decoded. */
record QueryParameter(String name) {
    /**
     * Where it was found; the last place when there are several.
     *
     * @param times how often it is there
     */
    record Found(int times, int from, int to) {}

    /** Looks for it in {@code target[from, to)}, a path and its query. */
    Found find(byte[] target, int from, int to) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        Found found = new Found(0, 0, 0);
        int pair = end(target, from, to, '?') + 1;
        while (pair < to) {
            int end = end(target, pair, to, '&');
            int value = pair + wanted.length + 1;
            if (value <= end && target[value - 1] == '=' && Arrays.equals(target, pair, value - 1, wanted, 0, wanted.length)) {
                found = new Found(found.times + 1, value, end);
            }
            pair = end + 1;
        }
        return found;
    }

    private static int end(byte[] target, int from, int to, char mark) {
        int i = from;
        while (i < to && target[i] != mark) {
            i++;
        }
        return i;
    }

    void strip(Call call) {
        if (find(call.head().bytes(), call.head().pathStart(), call.head().targetEnd()).times() > 0) {
            call.request().removeParameter(name);
        }
    }
}
