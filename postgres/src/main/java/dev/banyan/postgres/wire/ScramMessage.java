package dev.banyan.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages of SCRAM (RFC 5802 section 7), as text of one character a byte. Extensions are passed over, mandatory ones refused. */
final class ScramMessage {
    private static final String NONCE = "([\\x21-\\x2b\\x2d-\\x7e]+)";
    private static final String EXTENSIONS = "((?:,[A-Za-ln-z]=[^,\\x00]+)*)";
    private static final String BASE64 = "([A-Za-z0-9+/]+={0,2})";

    private ScramMessage() {}

    /**
     * @param header with its last comma, as {@code n,,}
     * @param binding n: the client has none; y: it would have; p: it is used
     * @param bare what stands behind the header
     */
    record ClientFirst(String header, char binding, String bindingType, String bare, String nonce) {
        private static final Pattern FORM = Pattern.compile("((?:([ny])|p=([A-Za-z0-9.-]+)),(a=[^,\\x00]*)?,)(n=[^,\\x00]*,r=" + NONCE + EXTENSIONS + ")");

        static ClientFirst read(String message) throws Refused {
            Matcher form = matched(FORM, message, "client-first-message");
            if (form.group(4) != null) {
                throw new Refused(Refusal.AUTHORIZATION_IDENTITY.fatal());
            }
            char binding = form.group(2) == null ? 'p' : form.group(2).charAt(0);
            return new ClientFirst(form.group(1), binding, binding == 'p' ? form.group(3) : "", form.group(5), form.group(6));
        }
    }

    /** @param iterations as the server says: may be absurd */
    record ServerFirst(String nonce, byte[] salt, int iterations) {
        private static final Pattern FORM = Pattern.compile("r=" + NONCE + ",s=" + BASE64 + ",i=([1-9][0-9]{0,8})" + EXTENSIONS);

        static ServerFirst read(String message) throws Refused {
            Matcher form = matched(FORM, message, "server-first-message");
            return new ServerFirst(form.group(1), base64(form.group(2)), Integer.parseInt(form.group(3)));
        }
    }

    /** @param withoutProof the message without its last attribute */
    record ClientFinal(String withoutProof, byte[] binding, String nonce, byte[] proof) {
        private static final Pattern FORM = Pattern.compile("(c=" + BASE64 + ",r=" + NONCE + EXTENSIONS + "),p=" + BASE64);

        static ClientFinal read(String message) throws Refused {
            Matcher form = matched(FORM, message, "client-final-message");
            byte[] proof = base64(form.group(5));
            if (proof.length != ScramSha256.KEY_BYTES) {
                throw new Refused(Refusal.BAD_SCRAM.fatal("a proof of " + proof.length + " bytes"));
            }
            return new ClientFinal(form.group(1), base64(form.group(2)), form.group(3), proof);
        }
    }

    private static Matcher matched(Pattern form, String message, String which) throws Refused {
        Matcher matcher = form.matcher(message);
        if (!matcher.matches()) {
            throw new Refused(Refusal.BAD_SCRAM.fatal("this is no " + which));
        }
        return matcher;
    }

    static byte[] base64(String text) throws Refused {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Refused(Refusal.BAD_SCRAM.fatal("not base64"));
        }
    }

    static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] join(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }
}
