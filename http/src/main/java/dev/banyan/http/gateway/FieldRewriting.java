package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.topology.PathPattern;
import dev.banyan.topology.Route.FieldRules;
import dev.banyan.topology.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a route changes in the headers of requests or of answers: what is removed, then what is set, then what is added. Immutable. */
final class FieldRewriting {
    private final List<String> removed;
    private final List<Line> set;
    private final List<Line> added;

    private FieldRewriting(FieldRules rules, PathPattern path) {
        removed = rules.remove();
        set = lines(rules.set(), path);
        added = lines(rules.add(), path);
    }

    /** Null when nothing is changed. */
    static FieldRewriting of(FieldRules rules, PathPattern path) {
        return rules.isEmpty() ? null : new FieldRewriting(rules, path);
    }

    private static List<Line> lines(Map<String, Template> templates, PathPattern path) {
        return templates.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(entry -> Line.of(entry.getKey(), entry.getValue(), path)).toList();
    }

    void apply(FieldEdits edits, Facts facts) {
        removed.forEach(edits::remove);
        set.forEach(line -> edits.set(line.of(facts)));
        added.forEach(line -> edits.add(line.of(facts)));
    }

    /** The same for what a client sent: what looks like a header that is removed or set goes too. */
    void applyTo(Fields came, FieldEdits edits, Facts facts) {
        for (String name : removed) {
            removeImitations(came, HeadBuffer.ascii(name.toLowerCase(Locale.ROOT)), edits);
        }
        for (Line line : set) {
            removeImitations(came, line.lowerName(), edits);
        }
        apply(edits, facts);
    }

    /**
     * Takes out what a client sent under a name, and under names that differ only by {@code _} for {@code -}: servers that turn names into
     * variables (CGI, WSGI) cannot tell those apart.
     */
    static void removeImitations(Fields came, byte[] lowerName, FieldEdits edits) {
        for (int i = 0; i < came.count(); i++) {
            if (imitates(came, i, lowerName)) {
                edits.remove(new String(came.bytes(), came.nameStart(i), came.nameEnd(i) - came.nameStart(i), StandardCharsets.US_ASCII));
            }
        }
    }

    private static boolean imitates(Fields came, int field, byte[] lowerName) {
        int from = came.nameStart(field);
        if (came.nameEnd(field) - from != lowerName.length) {
            return false;
        }
        for (int i = 0; i < lowerName.length; i++) {
            if (hyphened(came.bytes()[from + i]) != hyphened(lowerName[i])) {
                return false;
            }
        }
        return true;
    }

    private static byte hyphened(byte b) {
        return b == '_' ? (byte) '-' : Grammar.lower(b);
    }

    /** One header to be written, made beforehand when it is the same for every request. */
    private record Line(String name, byte[] lowerName, Filling filling, FieldLine fixed) {
        static Line of(String name, Template template, PathPattern path) {
            Filling filling = new Filling(template, path);
            FieldLine fixed = filling.constant() ? new FieldLine(name, template.text()) : null;
            return new Line(name, HeadBuffer.ascii(name.toLowerCase(Locale.ROOT)), filling, fixed);
        }

        FieldLine of(Facts facts) {
            return fixed != null ? fixed : new FieldLine(name, filling.text(facts).strip());
        }
    }
}
