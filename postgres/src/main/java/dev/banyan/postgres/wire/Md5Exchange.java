package dev.banyan.postgres.wire;

import dev.banyan.postgres.Proof;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.Optional;

/** Asks for a password by MD5: all that a verifier of that kind can check. */
final class Md5Exchange implements ClientExchange {
    private final String user;
    private final Verifier.Md5 verifier;
    private final byte[] salt = new byte[4];

    Md5Exchange(String user, Verifier.Md5 verifier, SecureRandom secrets) {
        this.user = user;
        this.verifier = verifier;
        secrets.nextBytes(salt);
    }

    @Override
    public void ask(ByteBuf out) {
        AuthenticationRequest.writeMd5(out, salt);
    }

    @Override
    public Optional<Proof> answer(ByteBuf body, ByteBuf out) throws Refused {
        byte[] answer = new byte[body.readableBytes()];
        body.readBytes(answer);
        byte[] expected = ScramMessage.bytes(Passwords.md5Answer(verifier.verifier().reveal(), salt) + "\0");
        if (!ScramSha256.same(answer, expected)) {
            throw new Refused(Refusal.WRONG_PASSWORD.fatal(user));
        }
        return Optional.of(new Proof.Md5(verifier.verifier()));
    }

    @Override
    public Refusal otherExpected() {
        return Refusal.EXPECTED_PASSWORD;
    }
}
