package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A request that is asked about, and not sent.
 *
 * @param url as {@code https://host/path}, or a path of the site
 * @param headers as {@code Name: value}
 * @param from the client's address
 */
public record RequestQuestion(String method, String url, List<String> headers, String from) {
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST = 65_536;

    /** @throws BanyanException USAGE when it is too large, or a header has no name */
    public RequestQuestion {
        headers = List.copyOf(headers);
        if (headers.size() > MOST_HEADERS || url.length() + headers.stream().mapToInt(String::length).sum() > LONGEST) {
            throw new BanyanException(ErrorCode.USAGE, "a request that is asked about has at most " + MOST_HEADERS + " headers, and " + LONGEST + " characters in all");
        }
        if (headers.stream().anyMatch(line -> line.indexOf(':') < 1)) {
            throw new BanyanException(ErrorCode.USAGE, "write each header as 'Name: value'"); // the line may be a key: it is not said again
        }
    }

    /** From the admin API: {@code {"url": "/a", "method": "GET", "headers": ["Accept: text/html"], "from": "192.0.2.7"}}, all but the URL with a default. */
    static RequestQuestion of(JsonNode body) {
        List<String> headers = body.path("headers").valueStream().map(line -> text(line, "")).toList();
        return new RequestQuestion(text(body.path("method"), "GET"), text(body.path("url"), ""), headers, text(body.path("from"), "127.0.0.1"));
    }

    private static String text(JsonNode node, String otherwise) {
        return Optional.of(node).filter(JsonNode::isString).map(JsonNode::stringValue).orElse(otherwise);
    }
}
