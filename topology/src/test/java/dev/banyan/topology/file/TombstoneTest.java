package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Default;
import dev.banyan.topology.Doc;
import dev.banyan.topology.Problem;
import dev.banyan.topology.Removed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A key that a record once had names its heir; no key of the real site file is gone yet. */
class TombstoneTest {
    @Doc("A door of long ago.")
    @Removed(key = "port", heir = "front-door.listen", since = "0.2")
    @Removed(key = "bind", heir = "front-door.listen", since = "0.3")
    record Door(@Default("8080") @Doc("Where it listens.") int listen) {}

    @Test
    void aRemovedKeyNamesItsHeir_andSinceWhen() {
        assertThat(problems("port: 80\nbind: 81\nlistne: 82\n")).containsExactly(
                new Problem(1, 1, "port", "was removed in 0.2: write front-door.listen instead"),
                new Problem(2, 1, "bind", "was removed in 0.3: write front-door.listen instead"),
                new Problem(3, 1, "listne", "unknown key; did you mean 'listen'?"));
    }

    private static List<Problem> problems(String yaml) {
        Findings findings = new Findings();
        ScalarReader scalars = new ScalarReader(new Variables(_ -> Optional.empty()), findings);
        new SiteReader(scalars, findings).read(Shapes.of(Door.class), TreeReader.read(yaml).orElseThrow(), "");
        return findings.problems();
    }
}
