package dev.banyan.drill;

import java.nio.file.Path;
import java.util.Map;

/** A process that writes to a ledger until it is killed. */
final class LedgerWriter {
    private LedgerWriter() {}

    public static void main(String[] arguments) {
        Ledger ledger = Ledger.open(Path.of(arguments[0]));
        for (int i = 1; i < 10_000_000; i++) {
            ledger.acknowledged(ledger.sent("comment", "key-" + i, Map.of()), "id-" + i);
            if (i == 1000) {
                System.out.println("noted 1000");
            }
        }
    }
}
