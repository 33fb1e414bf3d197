package dev.banyan.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An application with every habit that poisons caches: it believes whatever headers say of its own address, takes another path or method from them, reads bodies of GETs, tidies paths up
 * and says all of it in a page that may be stored for a minute; and what it dislikes of a request it answers with an error.
 */
final class NaiveApplication implements Origin.Script {
    private static final int LARGEST_HEAD = 8 * 1024;

    /** What it says of a request that is as it should be. */
    static String page(String host, String path, String query) {
        return "method=GET scheme=http host=" + host + " port= prefix= path=" + path + " query=" + query + " body=";
    }

    @Override
    public void serve(Origin.Request request, OutputStream out) throws IOException {
        String body = body(request);
        String[] line = request.line().split(" ");
        String method = first(request, "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override").orElse(line[0]);
        String error = error(request, method);
        if (!error.isEmpty()) {
            answer(out, error, "", "", line[0]);
            return;
        }
        String target = first(request, "X-Original-URL", "X-Rewrite-URL").orElse(line[1].replaceFirst("^https?://[^/]*", ""));
        int question = target.indexOf('?');
        String path = tidy(question < 0 ? target : target.substring(0, question));
        String query = question < 0 ? "" : target.substring(question + 1);
        if (path.startsWith("/account")) {
            account(request, out, line[0]);
            return;
        }
        String host = first(request, "X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server", "Base-Url").orElse(request.header("Host"));
        String scheme = first(request, "X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Url-Scheme", "X-Forwarded-Protocol").orElse("http");
        String ssl = first(request, "Front-End-Https", "X-Forwarded-SSL").orElse("off").equalsIgnoreCase("on") ? "https" : scheme;
        answer(out, "200 OK", "Cache-Control: max-age=60\r\n", "method=" + method + " scheme=" + ssl + " host=" + host + " port=" + request.header("X-Forwarded-Port") + " prefix="
                + request.header("X-Forwarded-Prefix") + " path=" + path + " query=" + last(query) + " body=" + body, line[0]);
    }

    /** What frameworks say to odd requests, none of it to be stored by the rules, all of it stored by careless caches. */
    private static String error(Origin.Request request, String method) {
        if (request.head().length() > LARGEST_HEAD) {
            return "400 Request Header Too Large";
        }
        if (!List.of("GET", "HEAD", "POST").contains(method) || method.equals("POST") && request.line().startsWith("GET")) {
            return "405 Method Not Allowed";
        }
        if (request.header("Range").startsWith("bytes=") && !request.header("Range").matches("bytes=[0-9]+-.*")) {
            return "416 Range Not Satisfiable";
        }
        if (!request.header("Expect").isEmpty()) {
            return "417 Expectation Failed";
        }
        if (request.header("Accept").equals("bogus/type")) {
            return "406 Not Acceptable";
        }
        if (request.header("Authorization").startsWith("Bogus")) {
            return "403 Forbidden";
        }
        if (!request.header("If-Match").isEmpty()) {
            return "412 Precondition Failed";
        }
        if (request.header("If-None-Match").equals("*")) {
            return "304 Not Modified";
        }
        if (!request.header("X-Invalid").isEmpty()) {
            return "400 Bad Request";
        }
        if (!request.header("Content-Encoding").isEmpty()) {
            return "415 Unsupported Media Type";
        }
        return request.header("X-Boom").isEmpty() ? "" : "500 Internal Server Error";
    }

    /** A page of whoever's session it is, under any address that begins like it; what it says of storing comes with the query. */
    private static void account(Origin.Request request, OutputStream out, String method) throws IOException {
        String who = first(request, "Cookie", "Authorization").orElse("nobody");
        String fields = request.header("X-Test-Fields").isEmpty() ? "" : request.header("X-Test-Fields").replace("|", "\r\n") + "\r\n";
        answer(out, "200 OK", fields, "account of " + who, method);
    }

    private static void answer(OutputStream out, String status, String fields, String body, String method) throws IOException {
        String sent = method.equals("HEAD") || status.startsWith("304") ? "" : body;
        Origin.write(out, "HTTP/1.1 " + status + "\r\n" + fields + (status.startsWith("304") ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + sent);
    }

    private static Optional<String> first(Origin.Request request, String... names) {
        return Arrays.stream(names).map(request::header).filter(value -> !value.isEmpty()).findFirst();
    }

    private static String body(Origin.Request request) throws IOException {
        String length = request.header("Content-Length");
        return length.isEmpty() ? "" : new String(request.body().readNBytes(Integer.parseInt(length)), StandardCharsets.ISO_8859_1);
    }

    /** The last of equal names wins, and {@code ;} separates as {@code &} does. */
    private static String last(String query) {
        String x = "";
        for (String pair : query.split("[&;]")) {
            x = pair.startsWith("x=") ? pair : x;
        }
        return x;
    }

    private static String tidy(String path) {
        String plain = path.replace('\\', '/').replaceFirst("[#;].*", "");
        try {
            plain = URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return plain;
        }
        String[] segments = plain.replaceFirst("[?#;\0\r\n].*", "").split("/+");
        StringBuilder tidy = new StringBuilder();
        for (String segment : segments) {
            if (segment.equals("..")) {
                tidy.setLength(Math.max(0, tidy.lastIndexOf("/")));
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                tidy.append('/').append(segment.strip());
            }
        }
        return tidy.isEmpty() ? "/" : tidy.toString();
    }
}
