package dev.banyan.http.gateway.callers;

import java.nio.file.Files;
import java.nio.file.Path;

/** Prints what a token costs, verified and remembered; run by hand, its figures are in docs/gateway.md. */
final class TokenTiming {
    private TokenTiming() {}

    public static void main(String[] arguments) throws Exception {
        Path keys = Files.writeString(Files.createTempFile("keys", ".json"), Signer.jwks(Signer.of("RSA", "r"), Signer.of("P-256", "e"), Signer.of("Ed25519", "d")));
        try (Gate gate = Gate.of("{tokens: {issuers: [{issuer: a, keys-file: '" + keys + "', algorithms: [RS256, ES256, EdDSA]}]}, failures: 100000}", "{}")) {
            for (String[] each : new String[][] {{"RSA", "r", "RS256"}, {"P-256", "e", "ES256"}, {"Ed25519", "d", "EdDSA"}}) {
                String[] tokens = new String[2_000];
                for (int i = 0; i < tokens.length; i++) {
                    tokens[i] = token(each[0], each[1], each[2], i);
                }
                time(each[2] + " verified, cold", 0, 1_000, i -> gate.ask("Authorization: Bearer " + tokens[i]));
                time(each[2] + " verified", 1_000, 2_000, i -> gate.ask("Authorization: Bearer " + tokens[i]));
                time(each[2] + " remembered, cold", 0, 20_000, i -> gate.ask("Authorization: Bearer " + tokens[i % 1_000]));
                time(each[2] + " remembered", 0, 50_000, i -> gate.ask("Authorization: Bearer " + tokens[i % 1_000]));
            }
            time("nothing shown", 0, 100_000, i -> gate.ask());
        } finally {
            Files.delete(keys);
        }
    }

    private static String token(String kind, String id, String algorithm, int i) {
        return Signer.of(kind, id).token(algorithm, "{\"iss\":\"a\",\"sub\":\"user-" + i + "\",\"scope\":\"read write\",\"exp\":" + (Gate.NOW.getEpochSecond() + 600) + "}");
    }

    /** Processor time, so that a busy machine says the same as a quiet one. */
    private static void time(String what, int from, int to, java.util.function.IntConsumer work) {
        var threads = java.lang.management.ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        for (int i = from; i < to; i++) {
            work.accept(i);
        }
        System.out.printf("%s: %d ns%n", what, (threads.getCurrentThreadCpuTime() - began) / (to - from));
    }
}
