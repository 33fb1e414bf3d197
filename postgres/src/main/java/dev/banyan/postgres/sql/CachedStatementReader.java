package dev.banyan.postgres.sql;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Remembers what it read by fingerprint: a text whose like was read before costs one pass over its bytes and a look-up, and allocates nothing.
 * What depends on literals (the values of SET, for instance) is read anew each time. Owned by one IO loop.
 */
public final class CachedStatementReader implements StatementReader {
    /** Bytes of a statement's normalised text that are kept. */
    private static final int LONGEST_TEXT = 1_000;
    /** A copy of a larger text is not kept for the next. */
    private static final int KEPT_COPY = 64 * 1024;
    /** Hints by time words. */
    private static final int VARIANTS = 6;

    private final Supplier<Catalogue> catalogues;
    private final Lexer lexer = new Lexer();
    private final Fingerprint fingerprint;
    private final TextReader reader = new TextReader();
    private final NormalisedText normalised = new NormalisedText(LONGEST_TEXT);
    private final ReadingCache cache;
    private Catalogue catalogue = Catalogue.NONE;
    private byte[] copy = new byte[1024];

    /**
     * @param catalogue the newest snapshot; asked once a text, so it has to be cheap. What was read under an older one is forgotten.
     * @param capacity readings that are kept; the ones not used for longest go first, about
     * @param seed secret and random: fingerprints of another seed are others, so that nobody can make two statements of one fingerprint.
     *     All readers of a process take the same, for its statistics
     */
    public CachedStatementReader(Supplier<Catalogue> catalogue, int capacity, long seed) {
        this.catalogues = catalogue;
        this.fingerprint = new Fingerprint(seed);
        this.cache = new ReadingCache(capacity);
    }

    @Override
    public Statement read(ByteBuf text, int from, int to, boolean standardStrings) {
        Catalogue newest = catalogues.get();
        if (newest != catalogue) {
            catalogue = newest;
            cache.clear();
        }
        int length = to - from;
        byte[] bytes;
        int start;
        if (text.hasArray()) {
            bytes = text.array();
            start = text.arrayOffset() + from;
        } else {
            bytes = copied(text, from, length);
            start = 0;
        }
        lexer.open(bytes, start, start + length, standardStrings);
        long value = fingerprint.of(lexer);
        long key = key(value, variant());
        Statement known = cache.get(key);
        return known != null ? known : anew(bytes, start, start + length, standardStrings, value, key);
    }

    /** A remembered statement's text with ? for each literal, at most 1,000 bytes; for statistics. Empty once it is forgotten. */
    @Override
    public Optional<String> normalised(Statement statement) {
        for (int variant = 0; variant < VARIANTS; variant++) {
            Optional<String> text = cache.text(key(statement.fingerprint(), variant));
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    /** What a reading depends on beside its fingerprint. */
    private int variant() {
        int hint = fingerprint.hint().isEmpty() ? 0 : fingerprint.hint().get() == Statement.Hint.PRIMARY ? 1 : 2;
        return 2 * hint + (fingerprint.timeWord() ? 1 : 0);
    }

    private static long key(long fingerprint, int variant) {
        return fingerprint ^ variant * 0x9e3779b97f4a7c15L;
    }

    private Statement anew(byte[] bytes, int from, int to, boolean standardStrings, long value, long key) {
        TextReader.Read read = reader.read(bytes, from, to, standardStrings, fingerprint, value, catalogue);
        lexer.open(bytes, from, to, standardStrings);
        cache.put(key, read.statement(), read.ofLiterals(), normalised.of(lexer));
        return read.statement();
    }

    private byte[] copied(ByteBuf text, int from, int length) {
        byte[] bytes = copy;
        if (length > bytes.length) {
            bytes = new byte[Math.max(length, Math.min(2 * bytes.length, KEPT_COPY))];
            if (bytes.length <= KEPT_COPY) {
                copy = bytes;
            }
        }
        text.getBytes(from, bytes, 0, length);
        return bytes;
    }
}
