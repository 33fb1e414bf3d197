package dev.banyan.topology.file;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Problem;
import dev.banyan.topology.Topology;
import java.util.List;

/** What came of reading a site file. */
public sealed interface Reading {
    /**
     * The file is right.
     *
     * @param warnings what is allowed but hardly meant; may be empty
     * @param lines the file's lines with everything that may be secret as stars
     */
    record Site(Topology topology, List<Problem> warnings, List<String> lines) implements Reading {}

    /**
     * The file is wrong.
     *
     * @param problems all that is wrong, in the order of the file; at least one
     * @param lines the file's lines with everything that may be secret as stars; may be empty
     */
    record Problems(List<Problem> problems, List<String> lines) implements Reading {}

    /**
     * All problems, or all warnings, each with its place, its line and a caret; empty when there is nothing to say.
     *
     * @param name the file's name as the user gave it
     */
    default String report(String name) {
        return switch (this) {
            case Site(_, List<Problem> warnings, List<String> lines) -> Report.of(name, "warning: ", warnings, lines);
            case Problems(List<Problem> problems, List<String> lines) -> Report.of(name, "", problems, lines);
        };
    }

    /** @throws BanyanException with {@link ErrorCode#BAD_SITE_FILE} and the report when the file is wrong */
    default Topology orThrow(String name) {
        return switch (this) {
            case Site site -> site.topology();
            case Problems _ -> throw new BanyanException(ErrorCode.BAD_SITE_FILE, report(name).stripTrailing());
        };
    }
}
