package dev.banyan.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a socket could not be bound or connected, in the system's words alone: Netty's name the call before them and the address after. */
final class SocketFailure {
    private static final Pattern NATIVE = Pattern.compile("\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ([^:]+).*");
    private static final Pattern WITH_ADDRESS = Pattern.compile("([^:]+): \\S*/\\S+");

    private SocketFailure() {}

    static String words(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        Matcher called = NATIVE.matcher(message);
        Matcher addressed = WITH_ADDRESS.matcher(message);
        return called.matches() ? called.group(1) : addressed.matches() ? addressed.group(1) : message;
    }

    /** What helps against a failed bind of this setting. */
    static String advice(String words, String key) {
        return switch (words) {
            case "Address already in use" -> "end what holds it, or choose another with " + key;
            case "Permission denied" -> "choose a port over 1023 with " + key + ", or let this user have low ones (Linux: sysctl net.ipv4.ip_unprivileged_port_start)";
            case "Cannot assign requested address" -> "this machine has no such address; choose one of its own with " + key;
            default -> "choose another with " + key;
        };
    }
}
