package dev.banyan.changes;

import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** A row's columns where they lie in their message: text is made of one when it is asked for, since most listeners ask for a key and no more. */
final class Row extends AbstractMap<String, Optional<String>> {
    /** In place of a length: the column is NULL. */
    static final int NULL = -1;
    /** In place of a length: nothing is known of the column. */
    static final int ABSENT = -2;

    private final Relation relation;
    private final byte[] bytes;
    /** Of each column where it begins and its length, in turn. */
    private final int[] at;

    Row(Relation relation, byte[] bytes, int[] at) {
        this.relation = relation;
        this.bytes = bytes;
        this.at = at;
    }

    @Override
    public Optional<String> get(Object column) {
        int index = relation.indexOf(column);
        return index < 0 ? null : value(index);
    }

    @Override
    public boolean containsKey(Object column) {
        int index = relation.indexOf(column);
        return index >= 0 && at[2 * index + 1] != ABSENT;
    }

    @Override
    public int size() {
        int size = 0;
        for (int i = 1; i < at.length; i += 2) {
            size += at[i] == ABSENT ? 0 : 1;
        }
        return size;
    }

    @Override
    public Set<Entry<String, Optional<String>>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, Optional<String>>> iterator() {
                return new Columns();
            }

            @Override
            public int size() {
                return Row.this.size();
            }
        };
    }

    /** Null when absent. */
    private Optional<String> value(int index) {
        int length = at[2 * index + 1];
        return switch (length) {
            case ABSENT -> null;
            case NULL -> Optional.empty();
            default -> Optional.of(new String(bytes, at[2 * index], length, StandardCharsets.UTF_8));
        };
    }

    private final class Columns implements Iterator<Entry<String, Optional<String>>> {
        private int next = present(0);

        private int present(int from) {
            int index = from;
            while (index < relation.columns() && at[2 * index + 1] == ABSENT) {
                index++;
            }
            return index;
        }

        @Override
        public boolean hasNext() {
            return next < relation.columns();
        }

        @Override
        public Entry<String, Optional<String>> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int index = next;
            next = present(index + 1);
            return new SimpleImmutableEntry<>(relation.name(index), value(index));
        }
    }
}
