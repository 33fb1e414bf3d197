package dev.banyan.postgres.wire;

/** What the router wants of TLS towards a server: libpq's sslmode. */
public enum SslMode {
    /** Never. */
    DISABLE,
    /** Where the server has it; a handshake that fails is an error, not a reason to go on in clear. */
    PREFER,
    /** Always, with whatever certificate. */
    REQUIRE,
    /** Always, with a certificate of an authority we trust. */
    VERIFY_CA,
    /** And with the server's name in it. */
    VERIFY_FULL
}
