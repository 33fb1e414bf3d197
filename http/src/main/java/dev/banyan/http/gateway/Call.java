package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.RequestHead;
import java.util.Optional;

/** A request on its way through a route's checks, and what they have found; reused for each request. Owned by one IO loop. */
public final class Call {
    private final FieldEdits request = new FieldEdits();
    private final FieldEdits response = new FieldEdits();
    private RequestHead head;
    private String client = "";
    private boolean secure;
    private Optional<Identity> identity = Optional.empty();

    /**
     * Begins with the next request.
     *
     * @param client the address of the client itself, past trusted proxies
     */
    public void begin(RequestHead newHead, String newClient, boolean isSecure) {
        head = newHead;
        client = newClient;
        secure = isSecure;
        identity = Optional.empty();
        request.clear();
        response.clear();
    }

    /** Only during the checks: it is filled anew for the next request. */
    public RequestHead head() {
        return head;
    }

    public String client() {
        return client;
    }

    public boolean secure() {
        return secure;
    }

    /** Who calls, once a check has found out. */
    public Optional<Identity> identity() {
        return identity;
    }

    public void identify(Identity caller) {
        identity = Optional.of(caller);
    }

    /** What is changed in the head that the service gets. */
    public FieldEdits request() {
        return request;
    }

    /** What is changed in the head that the client gets, whoever answers. */
    public FieldEdits response() {
        return response;
    }
}
