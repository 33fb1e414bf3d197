package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.RequestHead;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A request on its way through a route's checks, and what they have found; reused for each request. Owned by one IO loop. */
public final class Call {
    private final FieldEdits request = new FieldEdits();
    private final FieldEdits response = new FieldEdits();
    private RequestHead head;
    private String client = "";
    private boolean secure;
    private Optional<Identity> identity = Optional.empty();
    private CompletionStage<Check> awaited;

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
        awaited = null;
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

    /**
     * The check that is being asked cannot tell yet; it returns null after this.
     *
     * @param rest completed on any thread, and never exceptionally, with what remains of that check: it is asked with this same call on the
     *     request's loop, in that check's place, and may await again. The call and its head stay as they are until then.
     */
    public void await(CompletionStage<Check> rest) {
        awaited = rest;
    }

    /**
     * What the check that was just asked awaits, or null when it has told; given once. Whoever waits does so for a time of their own (ten
     * seconds are enough for anything here) and then answers {@link Check#KEPT_WAITING}; a client that leaves is not waited for.
     */
    public CompletionStage<Check> takeAwaited() {
        CompletionStage<Check> rest = awaited;
        awaited = null;
        return rest;
    }
}
