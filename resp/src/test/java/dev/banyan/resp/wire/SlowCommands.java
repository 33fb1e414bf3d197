package dev.banyan.resp.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The oracle: reads commands from bytes that are all there, one after the other, in the plainest way. */
final class SlowCommands {
    private final String text;
    private final CommandScanner.Caps caps;
    private int at;

    private SlowCommands(byte[] bytes, CommandScanner.Caps caps) {
        this.text = new String(bytes, StandardCharsets.ISO_8859_1);
        this.caps = caps;
    }

    /** What the bytes say: each command's arguments joined by commas with the place of its end, then {@code more} or what is wrong. */
    static List<String> read(byte[] bytes, CommandScanner.Caps caps) {
        var slow = new SlowCommands(bytes, caps);
        List<String> said = new ArrayList<>();
        try {
            while (true) {
                List<String> command = slow.command();
                if (!command.isEmpty()) {
                    said.add(String.join(",", command) + "@" + slow.at);
                }
            }
        } catch (StringIndexOutOfBoundsException e) {
            said.add("more");
        } catch (IllegalStateException e) {
            said.add("Protocol error: " + e.getMessage());
        }
        return said;
    }

    private List<String> command() {
        if (text.charAt(at) != '*') {
            return inline();
        }
        long count = number("invalid multibulk length", "too big mbulk count string");
        List<String> arguments = new ArrayList<>();
        require(count <= caps.arguments(), "invalid multibulk length");
        for (long i = 0; i < count; i++) {
            require(text.charAt(at) == '$', "expected '$', got '" + text.charAt(at) + "'");
            long length = number("invalid bulk length", "too big bulk count string");
            require(length >= 0 && length <= caps.argument(), "invalid bulk length");
            arguments.add(text.substring(at, at + (int) length));
            at += (int) length;
            require(text.substring(at, at + 2).equals("\r\n"), "expected CR LF after an argument of " + length + " bytes");
            at += 2;
        }
        return arguments;
    }

    private long number(String wrong, String endless) {
        int end = text.indexOf('\r', at);
        require((end < 0 ? text.length() : end) - at - 1 <= caps.inline(), endless);
        char next = text.charAt(end < 0 ? text.length() : end + 1);
        String digits = text.substring(at + 1, end);
        require(next == '\n' && digits.matches("0|-?[1-9][0-9]{0,17}"), wrong);
        at = end + 2;
        return Long.parseLong(digits);
    }

    private List<String> inline() {
        int end = text.indexOf('\n', at);
        require((end < 0 ? text.length() : end + 1) - at <= caps.inline(), "too big inline request");
        text.charAt(end);
        String line = text.substring(at, end > at && text.charAt(end - 1) == '\r' ? end - 1 : end);
        at = end + 1;
        return words(line);
    }

    /** By one regular expression a word. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        String space = "[ \\t-\\r]";
        var word = Pattern.compile(space + "*+(?:([^ \\t\\r\\n\"']*)(?:\"((?:\\\\.|[^\"\\\\])*)\"|'((?:\\\\'|[^'])*?)(?<!\\\\)')(?=" + space + "|\\z)|([^ \\t\\r\\n\"']+)(?=[ \\t\\r\\n]|\\z))", Pattern.DOTALL).matcher(line);
        int from = 0;
        while (word.find(from) && word.start() == from) {
            words.add(word.group(4) != null ? word.group(4) : word.group(1) + (word.group(2) != null ? unescaped(word.group(2)) : word.group(3).replace("\\'", "'")));
            from = word.end();
        }
        require(line.substring(from).matches(space + "*"), "unbalanced quotes in request");
        return words;
    }

    private static String unescaped(String quoted) {
        return Pattern.compile("\\\\(x([0-9a-fA-F]{2})|.)", Pattern.DOTALL).matcher(quoted).replaceAll(escape -> Matcher.quoteReplacement(
                escape.group(2) != null ? "" + (char) Integer.parseInt(escape.group(2), 16) : plain(escape.group(1))));
    }

    private static String plain(String letter) {
        return switch (letter) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            case "b" -> "\b";
            case "a" -> "\u0007";
            default -> letter;
        };
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
