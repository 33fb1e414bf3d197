package dev.banyan.postgres.sql;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** PostgreSQL's own parser as libpg_query has it (Debian: libpg-query-dev, 15-4.0.0, which is PostgreSQL 15's), called through java.lang.foreign. */
@SuppressWarnings("restricted") // native code; tests run with --enable-native-access
final class PgQuery {
    static final String ABSENT = "libpg_query.so is not on this machine (Debian: apt-get install libpg-query-dev): nothing to compare with";

    private static final StructLayout PARSED = MemoryLayout.structLayout(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    private static final StructLayout SPLIT = MemoryLayout.structLayout(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, MemoryLayout.paddingLayout(4), ValueLayout.ADDRESS, ValueLayout.ADDRESS);

    private final JsonMapper json = JsonMapper.builder().build();
    private final MethodHandle parse;
    private final MethodHandle freeParsed;
    private final MethodHandle split;
    private final MethodHandle freeSplit;

    private PgQuery(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        parse = linker.downcallHandle(library.findOrThrow("pg_query_parse"), FunctionDescriptor.of(PARSED, ValueLayout.ADDRESS));
        freeParsed = linker.downcallHandle(library.findOrThrow("pg_query_free_parse_result"), FunctionDescriptor.ofVoid(PARSED));
        split = linker.downcallHandle(library.findOrThrow("pg_query_split_with_scanner"), FunctionDescriptor.of(SPLIT, ValueLayout.ADDRESS));
        freeSplit = linker.downcallHandle(library.findOrThrow("pg_query_free_split_result"), FunctionDescriptor.ofVoid(SPLIT));
    }

    static Optional<PgQuery> find() {
        try {
            return Optional.of(new PgQuery(SymbolLookup.libraryLookup("libpg_query.so", Arena.global())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The list of the text's raw statements; empty where PostgreSQL's grammar refuses the text. */
    Optional<JsonNode> parse(String sql) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = (MemorySegment) parse.invokeExact((SegmentAllocator) arena, arena.allocateFrom(sql));
            try {
                if (result.get(ValueLayout.ADDRESS, 16).address() != 0) {
                    return Optional.empty();
                }
                String tree = result.get(ValueLayout.ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
                return Optional.of(json.readTree(tree).path("stmts"));
            } finally {
                freeParsed.invokeExact(result);
            }
        } catch (Throwable e) {
            throw new AssertionError("libpg_query failed on " + sql, e);
        }
    }

    /** The texts of a script's statements by PostgreSQL's scanner; empty where it refuses the script. */
    Optional<List<String>> split(String script) {
        byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = (MemorySegment) split.invokeExact((SegmentAllocator) arena, arena.allocateFrom(script));
            try {
                if (result.get(ValueLayout.ADDRESS, 24).address() != 0) {
                    return Optional.empty();
                }
                int count = result.get(ValueLayout.JAVA_INT, 8);
                MemorySegment pointers = result.get(ValueLayout.ADDRESS, 0).reinterpret(8L * count);
                List<String> statements = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    MemorySegment one = pointers.getAtIndex(ValueLayout.ADDRESS, i).reinterpret(8);
                    statements.add(new String(bytes, one.get(ValueLayout.JAVA_INT, 0), one.get(ValueLayout.JAVA_INT, 4), StandardCharsets.UTF_8));
                }
                return Optional.of(statements);
            } finally {
                freeSplit.invokeExact(result);
            }
        } catch (Throwable e) {
            throw new AssertionError("libpg_query failed on a script of " + bytes.length + " bytes", e);
        }
    }
}
