package dev.banyan.topology.file;

import dev.banyan.topology.file.Tree.Scalar;
import dev.banyan.topology.file.ValueType.Unfit;
import dev.banyan.topology.file.Variables.Filled;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads single values: variables filled in, the type's form checked. Remembers which may be shown. Owned by one reading. */
final class ScalarReader {
    private final Variables variables;
    private final Findings findings;
    private final Set<At> open = new HashSet<>();
    private final Set<At> secret = new HashSet<>();

    ScalarReader(Variables variables, Findings findings) {
        this.variables = variables;
        this.findings = findings;
    }

    /** Whether the value at that place was asked for and is no secret. */
    boolean mayShow(Scalar scalar) {
        return open.contains(scalar.at()) && !secret.contains(scalar.at()) && !Shown.namesUser(scalar.text());
    }

    /** The value; empty when it is none, and the problems are told. */
    Optional<Object> read(ValueType<?> type, Tree tree, String path) {
        if (!(tree instanceof Scalar scalar)) {
            return refuse(tree, path, "is " + tree.noun() + ", not " + type.what() + ": " + type.how());
        }
        (type.secret() ? secret : open).add(scalar.at());
        if (scalar.kind() == ScalarKind.NOTHING) {
            return refuse(scalar, path, "has no value; needed is " + type.needed());
        }
        Filled filled = variables.fill(scalar.text());
        if (!filled.faults().isEmpty()) {
            filled.faults().forEach(fault -> refuse(scalar, path, fault));
            return Optional.empty();
        }
        if (!filled.foreign() && !type.kinds().contains(scalar.kind()) && type.fits(filled.text())) {
            return refuse(scalar, path, scalar.plain()
                    ? subject(type, scalar, filled) + " is " + scalar.kind().noun() + " to YAML, not a text: put it in quotes"
                    : subject(type, scalar, filled) + " stands in quotes, which makes it a text: write " + type.what() + " without them");
        }
        return parse(type, scalar, filled, path);
    }

    private Optional<Object> parse(ValueType<?> type, Scalar scalar, Filled filled, String path) {
        try {
            return Optional.of(type.read(filled.text()));
        } catch (Unfit unfit) {
            return refuse(scalar, path, subject(type, scalar, filled) + " " + unfit.getMessage());
        } catch (IllegalArgumentException unfit) {
            return refuse(scalar, path, subject(type, scalar, filled) + " is not " + type.what() + ": " + type.how() + guess(type, filled));
        }
    }

    private static String subject(ValueType<?> type, Scalar scalar, Filled filled) {
        if (type.secret()) {
            return "the value (not shown)";
        }
        return (filled.foreign() ? "the value of '" : "'") + Shown.text(scalar.text()) + "'";
    }

    private static String guess(ValueType<?> type, Filled filled) {
        if (filled.foreign() || type.choices().isEmpty() || !type.kinds().contains(ScalarKind.TEXT)) {
            return "";
        }
        return Nearest.of(filled.text(), type.choices().stream().map(ValueType.Choice::text).toList())
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("");
    }

    private Optional<Object> refuse(Tree tree, String path, String message) {
        findings.problem(tree.at(), path, message);
        return Optional.empty();
    }
}
