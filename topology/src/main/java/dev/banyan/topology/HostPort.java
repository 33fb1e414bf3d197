package dev.banyan.topology;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a TCP port.
 *
 * @param host a name or an IP address; an IPv6 address without its brackets
 * @param port 0 to 65535; 0 lets the system choose where something listens
 */
public record HostPort(String host, int port) {
    /** Where something listens when only a port is given and all interfaces are meant. */
    public static final String ALL_INTERFACES = "0.0.0.0";

    private static final Pattern FORM = Pattern.compile("(?:(?:([A-Za-z0-9._-]{1,253})|\\[([0-9A-Fa-f:.]{2,45})])?:)?([0-9]{1,5})");

    private static final Set<String> EVERYWHERE = Set.of(ALL_INTERFACES, "::", "0:0:0:0:0:0:0:0");

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|::1|(0{1,4}:){7}0{0,3}1");

    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a host is needed before the port");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /**
     * {@code 127.0.0.1:8080}, {@code web.local:8080}, {@code [::1]:8080}, {@code :8080} or {@code 8080}.
     *
     * @param usualHost the host when the text has a port only
     */
    public static HostPort parse(String text, String usualHost) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("an address is HOST:PORT or a port, as 127.0.0.1:8080, not '" + text + "'");
        }
        if (form.group(2) != null && !(InetAddress.ofLiteral(form.group(2)) instanceof Inet6Address)) {
            throw new IllegalArgumentException("brackets hold an IPv6 address, as [::1]:8080, not '" + text + "'");
        }
        String host = form.group(1) != null ? form.group(1) : form.group(2) != null ? form.group(2) : usualHost;
        return new HostPort(host, Integer.parseInt(form.group(3)));
    }

    /** Whether only programs of this machine reach what listens there: a loopback address, or the name that stands for one. */
    public boolean isLoopback() {
        return host.equalsIgnoreCase("localhost") || LOOPBACK.matcher(host).matches();
    }

    /** Whether what listens there does so at every address of this machine. */
    public boolean isEverywhere() {
        return EVERYWHERE.contains(host);
    }

    /** Where a client on this machine reaches what listens there: under that name when it is everywhere. */
    public HostPort reachedBy(String loopback) {
        return isEverywhere() ? new HostPort(loopback, port) : this;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
