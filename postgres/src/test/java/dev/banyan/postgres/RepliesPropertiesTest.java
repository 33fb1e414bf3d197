package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.Replies.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The queue of owed answers against a list. */
class RepliesPropertiesTest {
    @Property(tries = 300)
    void itIsAQueue_howeverItGrowsAndTurns(@ForAll Random random) {
        Replies replies = new Replies();
        ArrayDeque<Kind> model = new ArrayDeque<>();
        ArrayDeque<Replies.Named> subjects = new ArrayDeque<>();
        Replies.Named none = new Replies.Named(null, null);
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(20)) {
                case 0 -> {
                    replies.forgetSyncs();
                    List<Kind> kinds = new ArrayList<>(model);
                    List<Replies.Named> all = new ArrayList<>(subjects);
                    model.clear();
                    subjects.clear();
                    for (int at = 0; at < kinds.size(); at++) {
                        if (kinds.get(at) != Kind.SYNC) {
                            model.add(kinds.get(at));
                            subjects.add(all.get(at));
                        }
                    }
                }
                case 1, 2, 3, 4, 5, 6, 7 -> {
                    if (!model.isEmpty()) {
                        replies.pop();
                        model.remove();
                        subjects.remove();
                    }
                }
                default -> {
                    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
                    Replies.Named subject = random.nextBoolean() ? none : new Replies.Named(null, null);
                    replies.add(kind, subject);
                    model.add(kind);
                    subjects.add(subject);
                }
            }
            agree(replies, model, subjects);
        }
        replies.clear();
        assertThat(replies.isEmpty()).isTrue();
        assertThat(replies.head()).isNull();
    }

    private static void agree(Replies replies, ArrayDeque<Kind> model, ArrayDeque<Replies.Named> subjects) {
        assertThat(replies.size()).isEqualTo(model.size());
        assertThat(replies.isEmpty()).isEqualTo(model.isEmpty());
        assertThat(replies.head()).isEqualTo(model.peek());
        int at = 0;
        for (Kind kind : model) {
            assertThat(replies.at(at++)).isEqualTo(kind);
        }
        assertThat(replies.at(at)).isNull();
        if (!subjects.isEmpty()) {
            assertThat(replies.subject()).isSameAs(subjects.peek());
            assertThat(replies.subjectAt(subjects.size() - 1)).isSameAs(subjects.peekLast());
        }
        assertThat(replies.readiesOwed()).isEqualTo((int) model.stream().filter(kind -> kind == Kind.QUERY || kind == Kind.SYNC).count());
    }
}
