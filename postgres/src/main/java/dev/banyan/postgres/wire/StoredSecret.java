package dev.banyan.postgres.wire;

import dev.banyan.topology.Secret;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user's secret in the forms that pg_authid and a users file hold. */
final class StoredSecret {
    private static final Pattern SCRAM = Pattern.compile("SCRAM-SHA-256\\$([1-9][0-9]{0,8}):([A-Za-z0-9+/=]{1,1000})\\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)");
    private static final Pattern MD5 = Pattern.compile("md5[0-9a-f]{32}");

    private StoredSecret() {}

    /** Empty where it is neither a SCRAM nor an md5 verifier, so a password. */
    static Optional<Verifier> read(String text) {
        Matcher scram = SCRAM.matcher(text);
        if (scram.matches()) {
            try {
                Base64.Decoder base64 = Base64.getDecoder();
                return Optional.of(new Verifier.Scram(
                        Integer.parseInt(scram.group(1)), base64.decode(scram.group(2)), base64.decode(scram.group(3)), base64.decode(scram.group(4))));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return MD5.matcher(text).matches() ? Optional.of(new Verifier.Md5(new Secret(text))) : Optional.empty();
    }
}
