package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.sql.CachedStatementReader;
import dev.banyan.postgres.sql.Catalogue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Prepared statements by text, by a client's name and at a server connection, against the maps of the JDK. */
class StatementNamesPropertiesTest {
    private final PreparedTexts texts = new PreparedTexts(new CachedStatementReader(() -> Catalogue.NONE, 100, 1), () -> Catalogue.NONE, 1);

    private Prepared prepare(String sql, String searchPath, boolean standardStrings) {
        byte[] bytes = (sql + "\0\0\0").getBytes(StandardCharsets.UTF_8);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        return texts.of(in, 0, bytes.length, standardStrings, searchPath);
    }

    private static ByteBuf name(String name) {
        return Unpooled.copiedBuffer(name, StandardCharsets.UTF_8);
    }

    @Property(tries = 100)
    void clientsNamesAreAMap(@ForAll Random random) {
        ClientStatements names = new ClientStatements();
        Map<String, ClientStatements.Name> model = new HashMap<>();
        Prepared prepared = prepare("select 1", "", true);
        int users = prepared.users;
        int most = 1 + random.nextInt(200);
        for (int i = 0; i < 600; i++) {
            String key = "s" + random.nextInt(most);
            ByteBuf bytes = name(key);
            ClientStatements.Name found = names.find(bytes, 0, bytes.writerIndex());
            assertThat(found).as(key).isSameAs(model.get(key));
            if (found == null) {
                model.put(key, names.add(bytes, 0, bytes.writerIndex(), prepared));
            } else if (random.nextInt(3) == 0) {
                names.remove(found);
                assertThat(found.prepared()).isNull();
                names.remove(found);
                names.putBack(found, prepared);
                assertThat(names.find(bytes, 0, bytes.writerIndex())).isSameAs(found);
            } else {
                names.remove(found);
                model.remove(key);
            }
            assertThat(names.size()).isEqualTo(model.size());
            assertThat(prepared.users - users).isEqualTo(model.size());
        }
        names.clear();
        assertThat(names.size()).isZero();
        assertThat(prepared.users).isEqualTo(users);
    }

    @Property(tries = 100)
    void theConnectionForgetsTheLeastRecentlyUsed(@ForAll Random random) {
        int most = 1 + random.nextInt(8);
        KeptStatements kept = new KeptStatements(most);
        LinkedHashMap<Prepared, Boolean> model = new LinkedHashMap<>(16, 0.75f, true);
        Set<Prepared> outOfDate = new HashSet<>();
        Prepared[] all = new Prepared[12];
        for (int i = 0; i < all.length; i++) {
            all[i] = prepare("select " + i + " /* " + random.nextInt() + " */ from t" + i, "", true);
        }
        for (int i = 0; i < 400; i++) {
            Prepared one = all[random.nextInt(all.length)];
            switch (random.nextInt(12)) {
                case 0 -> {
                    kept.expire();
                    outOfDate.addAll(model.keySet());
                    model.clear();
                }
                case 1 -> {
                    kept.forget(one);
                    model.remove(one);
                }
                default -> {
                    boolean there = model.get(one) != null;
                    assertThat(kept.has(one)).isEqualTo(there);
                    if (!there) {
                        assertThat(kept.closeOld(one)).isEqualTo(outOfDate.remove(one));
                        model.put(one, true);
                        Prepared eldest = model.size() > most ? model.firstEntry().getKey() : null;
                        model.remove(eldest);
                        assertThat(kept.keep(one)).isSameAs(eldest);
                    }
                }
            }
            assertThat(kept.size()).isEqualTo(model.size()).isLessThanOrEqualTo(most);
            assertThat(kept.isCluttered()).isEqualTo(outOfDate.size() > most);
        }
    }

    @Test
    void theSameBytesAreTheSameStatement_asLongAsSomebodyNamesThem() {
        Map<Prepared, String> seen = new IdentityHashMap<>();
        Prepared[] named = new Prepared[5_000];
        for (int i = 0; i < named.length; i++) {
            named[i] = prepare("select " + i, "", true);
            named[i].users++;
            assertThat(seen.put(named[i], "")).isNull();
        }
        assertThat(prepare("select 7", "SET a", true)).as("under another search path").isNotSameAs(named[7]);
        assertThat(prepare("select 7", "", false)).as("with other strings").isNotSameAs(named[7]);
        for (int i = 0; i < 40_000; i++) {
            prepare("select 'unnamed " + i + "'", "", true);
        }
        for (int i = 0; i < named.length; i++) {
            assertThat(prepare("select " + i, "", true)).as("select %d", i).isSameAs(named[i]);
        }
    }
}
