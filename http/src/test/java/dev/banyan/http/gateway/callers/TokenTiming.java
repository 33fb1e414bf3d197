package dev.banyan.http.gateway.callers;

import dev.banyan.net.Clock;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints what a token costs, verified and remembered; run by hand, its figures are in docs/gateway.md. */
final class TokenTiming {
    private TokenTiming() {}

    public static void main(String[] arguments) throws Exception {
        Path keys = Files.writeString(Files.createTempFile("keys", ".json"), Signer.jwks(Signer.of("RSA", "r"), Signer.of("P-256", "e"), Signer.of("Ed25519", "d")));
        try (Gate gate = Gate.of("{tokens: {issuers: [{issuer: a, keys-file: '" + keys + "', algorithms: [RS256, ES256, EdDSA]}]}, failures: 100000}", "{}")) {
            time("RS256", 2_000, i -> gate.ask("Authorization: Bearer " + token("RSA", "r", "RS256", i)));
            for (String[] each : new String[][] {{"RSA", "r", "RS256"}, {"P-256", "e", "ES256"}, {"Ed25519", "d", "EdDSA"}}) {
                String[] tokens = new String[1_000];
                for (int i = 0; i < tokens.length; i++) {
                    tokens[i] = token(each[0], each[1], each[2], i + 1_000_000);
                }
                time(each[2] + " verified", tokens.length, i -> gate.ask("Authorization: Bearer " + tokens[i]));
                time(each[2] + " remembered", tokens.length, i -> gate.ask("Authorization: Bearer " + tokens[i]));
                for (int round = 0; round < 20; round++) {
                    for (String token : tokens) {
                        gate.ask("Authorization: Bearer " + token);
                    }
                }
                time(each[2] + " remembered, warm", tokens.length, i -> gate.ask("Authorization: Bearer " + tokens[i]));
            }
            time("nothing shown", 100_000, i -> gate.ask());
        } finally {
            Files.delete(keys);
        }
    }

    private static String token(String kind, String id, String algorithm, int i) {
        return Signer.of(kind, id).token(algorithm, "{\"iss\":\"a\",\"sub\":\"user-" + i + "\",\"scope\":\"read write\",\"exp\":" + (Gate.NOW.getEpochSecond() + 600) + "}");
    }

    private static void time(String what, int times, java.util.function.IntConsumer work) {
        long began = Clock.system().nanos();
        for (int i = 0; i < times; i++) {
            work.accept(i);
        }
        System.out.printf("%s: %d ns%n", what, (Clock.system().nanos() - began) / times);
    }
}
