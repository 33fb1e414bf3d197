package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How callers show who they are. Which of it a route asks for is said in the route: {@link Admission}. */
@Doc("How callers show who they are; routes say for themselves whom they let in (gateway.routes[].callers).")
public record Callers(
        @Doc("API keys.") Optional<Keys> keys,
        @Doc("Signed tokens (JWT) of issuers that are believed.") Optional<Tokens> tokens,
        @Doc("Users with passwords (HTTP Basic).") Optional<Users> users,
        @Written(Form.FIELD_VALUE) @Default("site") @Doc("What the callers are asked to log in to (the realm of WWW-Authenticate), which browsers show when they ask for a password.") String realm,
        @Doc("Claims of tokens, and labels of keys, that the service gets in headers of their own.") List<Passed> pass,
        @Range(from = "1", to = "100000") @Default("20") @Doc("How many wrong keys, tokens and passwords an address may show in a minute; after that it gets 429 for what is not known already.") int failures) {

    public Callers {
        pass = List.copyOf(pass);
    }

    /** The same with its files where that finds them. */
    public Callers withFiles(UnaryOperator<Path> found) {
        Optional<Keys> ofKeys = keys.map(at -> new Keys(at.header, at.query, at.known, at.file.map(found)));
        Optional<Tokens> ofTokens = tokens.map(at -> new Tokens(at.issuers.stream().map(issuer -> issuer.withFiles(found)).toList(), at.cookie));
        return new Callers(ofKeys, ofTokens, users.map(at -> new Users(found.apply(at.file), at.remember)), realm, pass, failures);
    }

    @Doc("API keys.")
    public record Keys(
            @Written(Form.FIELD_NAME) @Default("X-API-Key") @Doc("The header that holds a caller's key.") String header,
            @Written(Form.QUERY_NAME) @Doc("A parameter of the query that may hold it instead, which is taken out before the request goes on; none when absent, since addresses end up in logs.") Optional<String> query,
            @Doc("The keys, by the caller's name.") Map<String, Key> known,
            @Doc("A file with more of them, read again when it changes; a line each: NAME SHA256, then expires=TIME and LABEL=VALUE where wanted.") Optional<Path> file) {

        public Keys {
            known = Map.copyOf(known);
        }
    }

    @Doc("An API key.")
    public record Key(
            @Written(Form.SHA256) @Doc("The key's SHA-256 in hexadecimal digits; the key itself is for its caller only, at least 128 random bits: 'openssl rand -hex 32'.") String sha256,
            @KeyedBy(Form.FIELD_NAME) @Written(Form.LABEL) @Doc("What is known of the caller, for rules and headers, as a token's claims are.") Map<String, String> labels,
            @Doc("When it ends; never when absent.") Optional<Instant> expires) {

        public Key {
            labels = Map.copyOf(labels);
        }
    }

    @Doc("Signed tokens (JWT), sent as 'Authorization: Bearer TOKEN'.")
    public record Tokens(
            @Doc("Who signs tokens that are believed.") List<Issuer> issuers,
            @Written(Form.COOKIE_NAME) @Doc("A cookie that may hold the token instead; none when absent. Then forms of other sites act in the user's name unless the cookie is SameSite.") Optional<String> cookie) {

        public Tokens {
            issuers = List.copyOf(issuers);
        }
    }

    @Doc("Who signs tokens, and what must hold for them besides: a time of expiry ('exp') that is not over, no 'nbf' or 'iat' that is still to come.")
    @ExactlyOne({"keysUrl", "keysFile", "secret"})
    public record Issuer(
            @Written(Form.LABEL) @Doc("The claim 'iss' of its tokens, letter for letter.") String issuer,
            @Written(Form.LABEL) @Doc("Of these the claim 'aud' must name one; any, or none, when absent: only where the issuer serves nobody else.") List<String> audiences,
            @Written(Form.SIGNATURE) @Doc("Signature algorithms that count: of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA, or with a secret of HS256, HS384, HS512; when absent RS256, ES256 and EdDSA, or HS256.") List<String> algorithms,
            @Written(Form.KEYS_URL) @Doc("Where its keys are (JWKS), as its 'jwks_uri' says; fetched again in time, and when a token names a key that is not there.") Optional<String> keysUrl,
            @Doc("A file with its public keys, JWKS or PEM, read again when it changes.") Optional<Path> keysFile,
            @Doc("A secret that the issuer shares with the gateway, for HS256 and its like: at least 32 characters, 48 for HS384, 64 for HS512.") Optional<Secret> secret,
            @Range(from = "1m", to = "1d") @Default("15m") @Doc("How long keys from keys-url are used before they are fetched again; an answer's max-age counts when it is shorter, down to a minute.") Duration refresh,
            @Range(from = "100ms", to = "1m") @Default("5s") @Doc("How long fetching them may take.") Duration timeout,
            @Range(from = "0s", to = "10m") @Default("30s") @Doc("By how much clocks may differ.") Duration leeway,
            @Written(Form.LABEL) @Doc("Claims that must be there.") List<String> require,
            @Written(Form.LABEL) @Default("sub") @Doc("The claim that names the caller.") String name) {

        public Issuer {
            audiences = List.copyOf(audiences);
            algorithms = List.copyOf(algorithms);
            require = List.copyOf(require);
        }

        private Issuer withFiles(UnaryOperator<Path> found) {
            return new Issuer(issuer, audiences, algorithms, keysUrl, keysFile.map(found), secret, refresh, timeout, leeway, require, name);
        }
    }

    @Doc("Users with passwords (HTTP Basic).")
    public record Users(
            @Doc("The users as 'htpasswd -B' writes them (bcrypt), read again when it changes.") Path file,
            @Range(from = "0s", to = "1d") @Default("5m") @Doc("How long a password that was right is not checked again.") Duration remember) {}

    @Doc("A claim that the service gets in a header of its own.")
    public record Passed(
            @Written(Form.LABEL) @Doc("The token's claim or the key's label.") String claim,
            @Written(Form.FIELD_NAME) @Doc("The header. What clients send under this name never goes on.") String header) {}
}
