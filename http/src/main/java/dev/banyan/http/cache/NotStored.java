package dev.banyan.http.cache;

/** Why a response is not stored (RFC 9111 section 3), and whether the next one of its URL is to be expected to be like it. */
public enum NotStored {
    METHOD("answers to its method are not stored", "RFC 9111 section 3", false),
    WITH_BODY("its request has a body, which is no part of what it would be stored under", "RFC 9110 section 9.3.1", false),
    REQUESTS_OWN("it answers something that this one request has or lacks", "RFC 9110 section 15.5", false),
    INTERIM("it is not final", "RFC 9111 section 3", false),
    UPDATES_ONLY("it has no content of its own", "RFC 9111 section 4.3.4", false),
    CLIENT_FORBIDS("the client wants it stored nowhere (no-store)", "RFC 9111 section 5.2.1.5", false),
    AUTHORIZED("the request carried Authorization and the response is not said to be for others (public, s-maxage, must-revalidate)", "RFC 9111 section 3.5", false),
    NO_STORE("it is to be stored nowhere (no-store)", "RFC 9111 section 5.2.2.5", true),
    PRIVATE("it is for one user (private)", "RFC 9111 section 5.2.2.7", true),
    VARIES_BY_EVERYTHING("no other request is known to get the same (Vary)", "RFC 9111 section 4.1", true),
    SETS_COOKIE("it sets a cookie, which would go to others", "RFC 9111 section 7.3", true),
    NOT_UNDERSTOOD("its status is not understood and must be (must-understand)", "RFC 9111 section 5.2.2.3", true),
    NO_LIFETIME("it does not say how long it is fresh, and its status lets nobody guess", "RFC 9111 section 3", true),
    ONE_VISITORS("it says nothing of how long it is fresh, and answers a request with cookies: it may be about that visitor alone", "RFC 9111 section 4.2.2", false),
    USELESS("it is stale at once and cannot be validated", "RFC 9111 section 4.2", true),
    NO_RANGE("it holds a part of something without saying which (Content-Range)", "RFC 9111 section 3.3", true),
    SEVERAL_RANGES("it holds several parts of something", "RFC 9111 section 3.3", false),
    FAILURE("it is a failure that does not say that it may be stored", "RFC 9111 section 3", false);

    private final String words;
    private final String section;
    private final boolean lasting;

    NotStored(String words, String section, boolean lasting) {
        this.words = words;
        this.section = section;
        this.lasting = lasting;
    }

    /** A sentence without its full stop; "it" is the response. */
    public String words() {
        return words;
    }

    /** What decided. */
    public String section() {
        return section;
    }

    /** Whether it is worth remembering for a while, so that requests for the same URL do not wait for each other. */
    public boolean lasting() {
        return lasting;
    }
}
