package dev.banyan.drill;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Where requests go: one origin, resolved once.
 *
 * @param at the address that is connected to
 * @param authority what the Host header says
 * @param path the path and query of the URL, at least {@code /}
 * @param loopback whether {@code at} is this machine
 */
record Target(HostPort at, String authority, String path, boolean tls, boolean loopback) {
    /** Fewer letters than this are no sentence. */
    private static final int A_REASON = 10;

    /**
     * @param allowRemote why an address that is not this machine's may be loaded
     * @throws BanyanException USAGE, when the URL is none, its host is unknown, or it is remote and nobody said why that is right
     */
    static Target of(URI url, Optional<String> allowRemote) {
        boolean tls = "https".equalsIgnoreCase(url.getScheme());
        if (!tls && !"http".equalsIgnoreCase(url.getScheme()) || url.getHost() == null || url.getRawUserInfo() != null) {
            throw new BanyanException(ErrorCode.USAGE, "--url is http://HOST:PORT/PATH or https://..., without user and password; not '" + url + "'");
        }
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        String host = url.getHost().startsWith("[") ? url.getHost().substring(1, url.getHost().length() - 1) : url.getHost();
        InetAddress address = resolve(host);
        if (!address.isLoopbackAddress()) {
            refuseWithoutReason(url, address, allowRemote);
        }
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return new Target(new HostPort(address.getHostAddress(), port), url.getRawAuthority(), path + query, tls, address.isLoopbackAddress());
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new BanyanException(ErrorCode.USAGE, "--url: the host '" + host + "' is unknown; check its spelling and this machine's DNS", e);
        }
    }

    private static void refuseWithoutReason(URI url, InetAddress address, Optional<String> allowRemote) {
        if (allowRemote.map(String::strip).orElse("").length() < A_REASON) {
            throw new BanyanException(ErrorCode.USAGE, url + " is at " + address.getHostAddress() + ", not on this machine. Load on somebody's server is an attack"
                    + " unless they agreed: say why it is right, in a sentence, with --allow-remote 'WHY'");
        }
    }
}
