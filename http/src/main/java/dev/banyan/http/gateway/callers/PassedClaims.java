package dev.banyan.http.gateway.callers;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.Callers.Passed;
import java.util.List;
import java.util.Locale;

/**
 * The headers in which services get what is known of a caller. As a check it takes out what clients send under those names, and stands
 * before every route, also those that ask nobody. Safe for any thread.
 */
final class PassedClaims implements Check {
    private final List<Passed> passed;
    private final byte[][] names;

    PassedClaims(List<Passed> passed) {
        this.passed = passed;
        this.names = passed.stream().map(claim -> ascii(claim.header().toLowerCase(Locale.ROOT))).toArray(byte[][]::new);
    }

    boolean none() {
        return names.length == 0;
    }

    @Override
    public LocalAnswer check(Call call, long nowNanos) {
        Fields fields = call.head().fields();
        for (int i = 0; i < fields.count(); i++) {
            if (forged(fields, i)) {
                call.request().remove(Shown.text(fields.bytes(), fields.nameStart(i), fields.nameEnd(i)));
            }
        }
        return null;
    }

    /** With {@code _} for {@code -} as well: programs that turn names into variables cannot tell the two apart. */
    private boolean forged(Fields fields, int field) {
        int from = fields.nameStart(field);
        for (byte[] name : names) {
            if (name.length == fields.nameEnd(field) - from && same(fields.bytes(), from, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] bytes, int from, byte[] lower) {
        for (int i = 0; i < lower.length; i++) {
            byte b = Grammar.lower(bytes[from + i]);
            if (b != lower[i] && !(b == '_' && lower[i] == '-') && !(b == '-' && lower[i] == '_')) {
                return false;
            }
        }
        return true;
    }

    void write(Caller caller, Call call) {
        for (Passed claim : passed) {
            Claim known = caller.claims().get(claim.claim());
            if (known != null) {
                call.request().add(new FieldLine(claim.header(), FieldText.of(known.text())));
            }
        }
    }
}
