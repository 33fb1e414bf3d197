package dev.banyan.topology.file;

import dev.banyan.topology.file.Shape.Fields;
import dev.banyan.topology.file.Shape.Tombstone;
import java.util.Optional;

/** A key that may be unknown to a record, and what its writer should be told. */
record UnknownKey(Fields fields, String key) {
    /** Empty when the record has that key. */
    Optional<String> problem() {
        if (fields.field(key).isPresent()) {
            return Optional.empty();
        }
        Tombstone tombstone = fields.removed().get(key);
        if (tombstone != null) {
            return Optional.of("was removed in " + tombstone.since() + ": write " + tombstone.heir() + " instead");
        }
        if (key.equals("<<")) {
            return Optional.of("merge keys are not part of YAML 1.2: write the keys out");
        }
        return Optional.of("unknown key; " + Nearest.of(key, fields.keys())
                .map(near -> "did you mean '" + near + "'?")
                .orElseGet(() -> "allowed here are " + String.join(", ", fields.keys())));
    }
}
