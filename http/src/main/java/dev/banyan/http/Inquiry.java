package dev.banyan.http;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A request that is asked about and not sent: what would become of it. Immutable. */
public final class Inquiry {
    private static final int MOST_FIELDS = 1000;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private final String method;
    private final boolean secure;
    private final String host;
    private final String target;
    private final List<FieldLine> fields;
    private final String from;
    private final boolean byEdge;
    private final Set<String> secrets;
    private final RequestHead head;
    private final Discretion discretion;

    private Inquiry(String method, boolean secure, String host, String target, List<FieldLine> fields, String from, boolean byEdge, Set<String> secrets) {
        this.method = method;
        this.secure = secure;
        this.host = host;
        this.target = target;
        this.fields = List.copyOf(fields);
        this.from = from;
        this.byEdge = byEdge;
        this.secrets = secrets;
        this.head = parsed();
        this.discretion = new Discretion(secrets, fields, target);
    }

    /**
     * A request.
     *
     * @param url as {@code https://host/path?query}, or a path, which is asked for at {@code authority}, plainly
     * @param fields its headers; with a {@code Host} of their own that one counts
     * @param from the client's address
     * @param authority where a client that says nothing else finds the site, as {@code localhost:8080}
     * @param secrets names of headers, parameters and cookies that hold keys at this site, in lower case; those that are called so are known
     * @throws BanyanException USAGE when no client could send it
     */
    public static Inquiry of(String method, String url, List<FieldLine> fields, String from, String authority, Set<String> secrets) {
        require(method.matches(TOKEN), "'" + method + "' is no method; write it as GET or POST");
        require(NetUtil.createByteArrayFromIpAddressString(from) != null, "'" + from + "' is no address of a client; write it as 192.0.2.7 or 2001:db8::7");
        boolean secure = url.startsWith("https://");
        boolean absolute = secure || url.startsWith("http://");
        require(absolute || url.startsWith("/"), "'" + url + "' is neither a URL as https://host/path nor a path as /path");
        int begin = !absolute ? 0 : url.indexOf("//") + 2;
        int path = begin;
        while (path < url.length() && "/?#".indexOf(url.charAt(path)) < 0) {
            path++;
        }
        int end = url.indexOf('#', path) < 0 ? url.length() : url.indexOf('#', path);
        String rest = url.substring(path, end);
        return new Inquiry(method, secure, absolute ? url.substring(begin, path) : authority, rest.startsWith("/") ? rest : "/" + rest, fields, from, false, secrets);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new BanyanException(ErrorCode.USAGE, otherwise);
        }
    }

    private RequestHead parsed() {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (fields.stream().noneMatch(line -> line.name().equalsIgnoreCase("host"))) {
            text.append("Host: ").append(host).append("\r\n");
        }
        fields.forEach(line -> text.append(line.name()).append(": ").append(line.value()).append("\r\n"));
        byte[] bytes = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        RequestHead read = new RequestHead();
        HeadVerdict verdict = read.read(bytes, 0, bytes.length, MOST_FIELDS);
        require(verdict == HeadVerdict.WHOLE, "such a request is refused before anything is decided of it: " + verdict.status() + ", " + verdict.reason());
        return read;
    }

    /** The same request as an edge hands it on, whose own client it came from. */
    public Inquiry behind(FrontDoor edge) {
        boolean trusted = peer(edge.settings()).trusted();
        List<FieldLine> lines = new ArrayList<>(fields);
        lines.removeIf(line -> line.name().equalsIgnoreCase("x-forwarded-proto") || !trusted && line.name().equalsIgnoreCase("x-forwarded-for"));
        lines.add(new FieldLine("X-Forwarded-For", peer(edge.settings()).ip()));
        lines.add(new FieldLine("X-Forwarded-Proto", ClientAddress.secure(head.fields(), peer(edge.settings())) ? "https" : "http"));
        return new Inquiry(method, secure, host, target, lines, from, true, secrets);
    }

    /** Who sends it. */
    Peer peer(DoorSettings settings) {
        return byEdge ? Peer.edge(new InetSocketAddress("127.0.0.1", 0), false) : Peer.of(from, secure, settings);
    }

    RequestHead head() {
        return head;
    }

    Discretion discretion() {
        return discretion;
    }

    /** The client's address. */
    public String from() {
        return from;
    }

    /** Method and URL, without what is secret of it. */
    @Override
    public String toString() {
        return method + " " + discretion.in((secure ? "https://" : "http://") + host + target);
    }
}
