package dev.banyan.postgres.wire;

import java.util.Locale;

/**
 * Why the router says no, with the SQLSTATE that PostgreSQL has for it (PostgreSQL's manual, appendix A). Messages are patterns of {@link
 * String#format}; where PostgreSQL has the same error they begin with its words, which clients look for.
 */
public enum Refusal {
    // The start-up packet
    BAD_LENGTH("08P01", "invalid length of startup packet: %d bytes; 8 to %d are expected"),
    BAD_LAYOUT("08P01", "invalid startup packet layout: %s"),
    TWICE("08P01", "invalid startup packet: \"%s\" stands in it twice"),
    NOT_UTF8("22021", "invalid byte sequence for encoding \"UTF8\" in the startup packet; users, databases and settings are sent in UTF-8"),
    TOO_MANY_PARAMETERS("54000", "the startup packet has more than %d parameters"),
    UNSUPPORTED_PROTOCOL("0A000", "unsupported frontend protocol %d.%d: server supports 3.0 to 3.2"),
    NO_USER("28000", "no PostgreSQL user name specified in startup packet"),
    BAD_OPTIONS("42601", "invalid command-line argument in \"options\": %s; settings are given as -c name=value or --name=value"),
    BAD_REPLICATION("22023", "invalid value for parameter \"replication\": \"%s\""),

    // TLS and negotiation
    CLEAR_BEHIND_REQUEST("08P01", "received unencrypted data after %s request; this is a client's bug or an attempt to get between"),
    ENCRYPTION_ASKED_TWICE("08P01", "%s encryption was asked for twice"),
    NO_ALPN("08P01", "a direct TLS connection must ask for the protocol \"postgresql\" by ALPN, as sslnegotiation=direct does"),
    HANDSHAKE("08P01", "the TLS handshake failed: %s"),
    TLS_REQUIRED("28000", "the router lets in TLS connections only; connect with sslmode=require"),

    // Authentication
    BAD_MESSAGE("08P01", "%s"),
    EXPECTED_PASSWORD("08P01", "expected password response, got message type %d"),
    EXPECTED_SASL("08P01", "expected SASL response, got message type %d"),
    BAD_SCRAM("08P01", "malformed SCRAM message: %s"),
    AUTHORIZATION_IDENTITY("0A000", "client uses authorization identity, but it is not supported"),
    BINDING_DOWNGRADED("28000", "SCRAM channel binding negotiation error: the client supports channel binding but thinks the server does not; this server does"),
    UNKNOWN_BINDING("08P01", "unsupported SCRAM channel-binding type \"%s\"; tls-server-end-point is"),
    BINDING_DIFFERS("28000", "SCRAM channel binding check failed: the client sees another TLS certificate than the router's; something stands between"),
    WRONG_PASSWORD("28P01", "password authentication failed for user \"%s\""),
    USERS_UNKNOWN("58000", "the router cannot check the password of user \"%s\" now: %s"),
    TOO_SLOW("57014", "canceling authentication: the client was not logged in after %d ms"),

    // Towards servers
    UNREACHABLE("08001", "server %s cannot be reached: %s"),
    SERVER_HAS_NO_TLS("08001", "server %s has no TLS, but sslmode=%s asks for it"),
    SERVER_HANDSHAKE("08001", "the TLS handshake with server %s failed: %s"),
    SERVER_TOO_SLOW("08001", "server %s did not finish the login after %d ms"),
    SERVER_LEFT("08006", "server %s closed the connection during the login"),
    SERVER_BROKE_PROTOCOL("08P01", "server %s breaks the protocol: %s"),
    SERVER_ASKS_TOO_MUCH("28000", "server %s asks for %s of user \"%s\", but the router has only %s; %s"),
    SERVER_UNPROVED("28P01", "server %s did not prove that it knows the password of user \"%s\"; it may be an impostor"),

    // A connection of the router's own
    MONITOR_CLOSED("08003", "the connection to server %s is closed"),
    MONITOR_BUSY("53400", "%d questions to server %s are waiting already"),
    MONITOR_TOO_SLOW("57014", "server %s did not answer within %d ms"),
    MONITOR_TOO_LONG("54000", "server %s answered more than %d bytes"),

    /** A bug of ours. */
    INTERNAL("XX000", "the router failed: %s");

    private final String state;
    private final String pattern;

    Refusal(String state, String pattern) {
        this.state = state;
        this.pattern = pattern;
    }

    public String state() {
        return state;
    }

    /** It ends the connection. */
    public PostgresError fatal(Object... values) {
        return PostgresError.fatal(state, String.format(Locale.ROOT, pattern, values));
    }

    /** It ends the statement. */
    public PostgresError error(Object... values) {
        return PostgresError.error(state, String.format(Locale.ROOT, pattern, values));
    }
}
