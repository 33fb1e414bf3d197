package dev.banyan.resp;

/** What a client has said of itself. Owned by one IO loop. */
final class SessionState {
    private final long id;
    private final RouterLoop loop;
    private int protocol = 2;
    private int database;
    private boolean authenticated;
    private String name = "";
    private String library = "";
    private String libraryVersion = "";
    private Replying replying = Replying.ON;
    private Links links;

    /** What CLIENT REPLY asked for. */
    enum Replying {
        ON,
        OFF,
        /** Off for the next command. */
        SKIP
    }

    SessionState(long id, RouterLoop loop) {
        this.id = id;
        this.loop = loop;
        this.authenticated = loop.router().password().isEmpty();
    }

    long id() {
        return id;
    }

    int protocol() {
        return protocol;
    }

    void protocol(int version) {
        protocol = version;
        links = null;
    }

    int database() {
        return database;
    }

    void database(int index) {
        database = index;
        links = null;
    }

    /** The shared connections that fit it. */
    Links links() {
        if (links == null) {
            links = loop.links(protocol, database);
        }
        return links;
    }

    boolean authenticated() {
        return authenticated;
    }

    void authenticated(boolean is) {
        authenticated = is;
    }

    String name() {
        return name;
    }

    void name(String given) {
        name = given;
    }

    String library() {
        return library;
    }

    void library(String given) {
        library = given;
    }

    String libraryVersion() {
        return libraryVersion;
    }

    void libraryVersion(String given) {
        libraryVersion = given;
    }

    Replying replying() {
        return replying;
    }

    void replying(Replying mode) {
        replying = mode;
    }

    /** As a new client. */
    void reset() {
        protocol(2);
        database(0);
        authenticated = loop.router().password().isEmpty();
        name = "";
        replying = Replying.ON;
    }
}
