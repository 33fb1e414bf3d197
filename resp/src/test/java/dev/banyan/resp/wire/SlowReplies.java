package dev.banyan.resp.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The oracle: finds the ends of answers in bytes that are all there, by recursion. */
final class SlowReplies {
    private final String text;
    private final int depth;
    private int at;

    private SlowReplies(byte[] bytes, int depth) {
        this.text = new String(bytes, StandardCharsets.ISO_8859_1);
        this.depth = depth;
    }

    /** Of each answer its first byte and the place of its end; then {@code more} or {@code fault}. */
    static List<String> read(byte[] bytes, int depth) {
        var slow = new SlowReplies(bytes, depth);
        List<String> said = new ArrayList<>();
        try {
            while (true) {
                said.add(slow.item(0) + "@" + slow.at);
            }
        } catch (StringIndexOutOfBoundsException e) {
            said.add("more");
        } catch (IllegalStateException e) {
            said.add("fault");
        }
        return said;
    }

    private char item(int level) {
        char kind = text.charAt(at++);
        switch (kind) {
            case '+', '-', ':', ',', '(', '#', '_' -> line();
            case '$', '!', '=' -> string(kind);
            case '*', '~', '>' -> items(number(kind == '*' ? -1 : 0), level);
            case '%' -> items(number(0) * 2, level);
            case '|' -> {
                long items = number(0) * 2;
                for (long i = 0; i < items; i++) {
                    item(level);
                }
                return item(level);
            }
            default -> require(false);
        }
        return kind;
    }

    private void items(long items, int level) {
        require(items <= 0 || level < depth);
        for (long i = 0; i < items; i++) {
            item(level + 1);
        }
    }

    private void string(char kind) {
        long length = number(kind == '$' ? -1 : 0);
        if (length >= 0) {
            text.charAt((int) (at + length));
            at += (int) length;
            end();
        }
    }

    private void line() {
        while (text.charAt(at) != '\r') {
            at++;
        }
        end();
    }

    private void end() {
        require(text.charAt(at++) == '\r');
        require(text.charAt(at++) == '\n');
    }

    private long number(long least) {
        int from = at;
        while (text.charAt(at) != '\r') {
            require(++at - from <= 32);
        }
        String digits = text.substring(from, at++);
        require(text.charAt(at++) == '\n' && digits.matches("0|-?[1-9][0-9]{0,17}"));
        long number = Long.parseLong(digits);
        require(number >= least && number <= ReplyScanner.MOST);
        return number;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException();
        }
    }
}
