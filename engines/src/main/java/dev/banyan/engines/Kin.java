package dev.banyan.engines;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which of the machine's processes belong to one state folder, or to one child in it. A process does when
 * <ul>
 *   <li>it carries the folder's (and the child's) marker in its environment, which everything below a child inherits, however often it was
 *       handed to another parent; or
 *   <li>a record names its id <em>and</em> its birth, so that a stranger with a reused id never does; or
 *   <li>it is a PostgreSQL process that works in the folder (PostgreSQL writes over its environment); or
 *   <li>it was started by one of these, or shares the session of a child that still runs.
 * </ul>
 * This very process and those it was started by never do.
 */
record Kin(Set<String> markers, Set<ProcessRecord> records, Predicate<SeenProcess> postgres) {
    static final String OWNER = "BANYAN_OWNER";
    static final String PROCESS = "BANYAN_PROCESS";
    private static final String POSTGRES = "postgres";

    /** Everything that any Banyan started in this folder. */
    static Kin of(StateFolder home, ProcessTable table) {
        return new Kin(Set.of(OWNER + "=" + home), Set.copyOf(ProcessRecord.all(home)), postgresIn(home.path(), table));
    }

    /** One child and everything below it. */
    static Kin of(StateFolder home, ChildSpec child, ProcessRecord record, ProcessTable table) {
        Set<String> markers = Set.of(OWNER + "=" + home, PROCESS + "=" + child.name());
        Predicate<SeenProcess> postgres = child.directory().startsWith(home.path()) ? postgresIn(child.directory(), table) : process -> false;
        return new Kin(markers, Set.of(record), postgres);
    }

    /** One child on record and everything below it, while that child runs. */
    static Kin of(StateFolder home, ProcessRecord record) {
        return new Kin(Set.of(OWNER + "=" + home, PROCESS + "=" + record.name()), Set.of(record), process -> false);
    }

    private static Predicate<SeenProcess> postgresIn(Path folder, ProcessTable table) {
        return process -> isPostgres(process, table) && table.folder(process.pid()).filter(at -> at.startsWith(folder)).isPresent();
    }

    static boolean isPostgres(SeenProcess process, ProcessTable table) {
        return table.program(process.pid()).filter(program -> program.endsWith(POSTGRES)).isPresent();
    }

    Set<SeenProcess> find(ProcessTable table) {
        List<SeenProcess> all = table.all();
        Set<Long> never = selfAndAbove(all);
        List<SeenProcess> others = all.stream().filter(process -> !never.contains(process.pid())).toList();
        Set<Long> ours = withAllBelow(others.stream().filter(process -> isOurs(process, table)).map(SeenProcess::pid).collect(Collectors.toSet()), others);
        return others.stream().filter(process -> ours.contains(process.pid())).collect(Collectors.toSet());
    }

    private boolean isOurs(SeenProcess process, ProcessTable table) {
        return records.stream().anyMatch(record -> record.is(process))
                || table.environment(process.pid()).containsAll(markers)
                || postgres.test(process);
    }

    /** These, whatever they have started, and who is in the session of one of them. */
    static Set<Long> withAllBelow(Set<Long> heads, List<SeenProcess> all) {
        Set<Long> tree = new HashSet<>(heads);
        while (tree.addAll(below(all, tree))) {
            // Once more: what was just found may have children of its own.
        }
        return tree;
    }

    private static Set<Long> below(List<SeenProcess> all, Set<Long> ours) {
        return all.stream()
                .filter(process -> ours.contains(process.parent()) || process.session() > 0 && ours.contains(process.session()))
                .map(SeenProcess::pid)
                .collect(Collectors.toSet());
    }

    private static Set<Long> selfAndAbove(List<SeenProcess> all) {
        Map<Long, Long> parents = new HashMap<>();
        all.forEach(process -> parents.put(process.pid(), process.parent()));
        Set<Long> never = new HashSet<>(Set.of(0L, 1L));
        Long pid = ProcessHandle.current().pid();
        while (pid != null && never.add(pid)) {
            pid = parents.get(pid);
        }
        return never;
    }
}
