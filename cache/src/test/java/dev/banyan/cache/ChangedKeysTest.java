package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cache.Bound.Evicting;
import dev.banyan.cache.Bound.LoadSql;
import dev.banyan.changes.Change;
import dev.banyan.topology.CacheKeys.OnChange;
import dev.banyan.topology.CacheKeys.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangedKeysTest {
    private static final Column ID = new Column("id", "bigint", 'N', true, false);
    private static final Column OWNER = new Column("owner", "bigint", 'N', false, false);
    private static final Table PHOTOS = new Table("public", "photos", List.of(ID, OWNER), List.of("id"), Set.of(Set.of("id")));
    private static final LoadSql LOAD = new LoadSql("", List.of(), true, 1);

    private final Bound photo = new Bound(new Rule(0, Declared.of("photo:", Strategy.READ_THROUGH).table("photos").keys()), Optional.of(PHOTOS), List.of(ID), List.of(OWNER), 1, LOAD, List.of());
    private final Bound of = evicted(1, "of:", "owner");
    private final Bound all = evicted(2, "all:");

    private static Bound evicted(int index, String prefix, String... columns) {
        Rule rule = new Rule(index, Declared.of(prefix, Strategy.READ_THROUGH).sql("SELECT 1").evictedBy("photos", columns).keys());
        return new Bound(rule, Optional.empty(), List.of(), List.of(), 1, LOAD, List.of(new Evicting(PHOTOS, List.of(columns))));
    }

    private static Map<String, Optional<String>> row(String id, String owner) {
        return Map.of("id", Optional.of(id), "owner", Optional.ofNullable(owner));
    }

    private static List<String> keys(ChangedKeys changed) {
        return changed.keys().stream().map(CacheKey::toString).toList();
    }

    @Test
    void anInsertChangesItsOwnKey_andThoseItBelongsTo() {
        ChangedKeys changed = ChangedKeys.of(List.of(photo, of), List.of(new Change.Inserted("public.photos", row("1", "7")), new Change.Inserted("public.others", row("2", "8"))));
        assertThat(keys(changed)).containsExactly("photo:1", "of:7");
        assertThat(changed.whole()).isEmpty();
    }

    @Test
    void anUpdateChangesTheOldKeysToo() {
        assertThat(keys(ChangedKeys.of(List.of(photo, of), List.of(new Change.Updated("public.photos", row("1", "7"), row("2", "8")))))).containsExactly("photo:1", "photo:2", "of:7", "of:8");
        assertThat(keys(ChangedKeys.of(List.of(photo), List.of(new Change.Updated("public.photos", Map.of(), row("2", "8")))))).containsExactly("photo:2");
    }

    @Test
    void nullIsNobodysKey() {
        assertThat(keys(ChangedKeys.of(List.of(of), List.of(new Change.Updated("public.photos", row("1", "7"), row("1", null)))))).containsExactly("of:7");
    }

    @Test
    void whatTheLogDoesNotTellMakesThePrefixOld() {
        ChangedKeys changed = ChangedKeys.of(List.of(photo, of), List.of(new Change.Deleted("public.photos", Map.of("id", Optional.of("1")))));
        assertThat(keys(changed)).containsExactly("photo:1");
        assertThat(changed.whole()).containsExactly(of.rule());
    }

    @Test
    void anEmptiedTableMakesAllOld_andAnyChangeDoesWhereNoColumnsAreNamed() {
        assertThat(ChangedKeys.of(List.of(photo, of, all), List.of(new Change.Truncated("public.photos"))).whole()).containsExactly(photo.rule(), of.rule(), all.rule());
        assertThat(ChangedKeys.of(List.of(all), List.of(new Change.Inserted("public.photos", row("1", "7")))).whole()).containsExactly(all.rule());
    }

    @Test
    void whatIsNotToBeFollowedIsNot() {
        Bound ignored = new Bound(new Rule(0, Declared.of("photo:", Strategy.READ_THROUGH).table("photos").onChange(OnChange.IGNORE).keys()), Optional.of(PHOTOS), List.of(ID), List.of(OWNER), 1, LOAD, List.of());
        assertThat(keys(ChangedKeys.of(List.of(ignored), List.of(new Change.Inserted("public.photos", row("1", "7")))))).isEmpty();
    }

    @Test
    void veryManyKeysAreGivenUpTogether() {
        List<Change> many = new ArrayList<>();
        for (int i = 0; i <= ChangedKeys.MOST_KEYS; i++) {
            many.add(new Change.Inserted("public.photos", row("" + i, "7")));
        }
        ChangedKeys changed = ChangedKeys.of(List.of(photo, of), many);
        assertThat(changed.whole()).containsExactly(photo.rule());
        assertThat(keys(changed)).containsExactly("of:7");
    }
}
