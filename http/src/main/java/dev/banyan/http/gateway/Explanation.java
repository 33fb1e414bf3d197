package dev.banyan.http.gateway;

import java.util.List;

/**
 * What becomes of a request at the gateway, and why: plain texts, for a terminal or as JSON.
 *
 * @param considered the routes in file order up to the one that takes the request, and why each does or does not
 * @param route the one that does; "" when none does, and the application answers
 * @param answer what the gateway answers by itself, as {@code 308 https://example.com/}; "" when the request goes on
 * @param checks what the request would be asked, in order
 * @param service who answers then; "" when nobody is asked
 * @param target the path and query that the service gets
 * @param mirror who gets a copy; "" for nobody
 * @param request what is changed in the headers that the service gets: {@code - Name} is taken out, {@code + Name: value} put in
 * @param response the same of those that the client gets
 */
public record Explanation(
        List<Considered> considered, String route, String answer, List<String> checks, String service, String target, String mirror, List<String> request, List<String> response) {

    public Explanation {
        considered = List.copyOf(considered);
        checks = List.copyOf(checks);
        request = List.copyOf(request);
        response = List.copyOf(response);
    }

    /** One route. */
    public record Considered(String route, boolean taken, String why) {}

    /** A sentence a line. */
    public List<String> lines() {
        return ExplanationText.lines(this);
    }
}
