package dev.banyan.http;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Who is at the other end of a client's connection, and what of it is written into each request, encoded once a connection.
 *
 * @param ip the address as text, without a port
 * @param trusted whether it is a proxy whose forwarding headers are believed
 * @param secure whether the connection is by TLS
 * @param edge whether it is an edge that has shown its pass
 * @param address {@code ip} as bytes
 * @param forwarded {@code for=..;proto=..} of RFC 7239 as bytes
 */
record Peer(String ip, boolean trusted, boolean secure, boolean edge, byte[] address, byte[] forwarded) {
    static Peer of(SocketAddress remote, boolean secure, DoorSettings settings) {
        return of(text(remote), secure, settings);
    }

    static Peer of(String ip, boolean secure, DoorSettings settings) {
        return of(ip, secure, settings.trustedProxies.contain(ip), false);
    }

    /** An edge that has shown its {@link EdgePass}. */
    static Peer edge(SocketAddress remote, boolean secure) {
        return of(text(remote), secure, true, true);
    }

    private static String text(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null ? NetUtil.toAddressString(inet.getAddress(), true) : "unknown";
    }

    private static Peer of(String ip, boolean secure, boolean trusted, boolean edge) {
        String node = ip.indexOf(':') >= 0 ? "\"[" + ip + "]\"" : ip;
        String forwarded = "for=" + node + ";proto=" + (secure ? "https" : "http");
        return new Peer(ip, trusted, secure, edge, ascii(ip), ascii(forwarded));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
