package dev.banyan.bench.bed;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How much a benchmark of rounds measures, for those that take no other options.
 *
 * @param rounds each subject is measured once in each
 * @param seconds of each measurement
 * @param warmUpSeconds before the first
 * @param json where the report goes as JSON
 */
public record Plan(int rounds, int seconds, int warmUpSeconds, Optional<Path> json) {
    /**
     * What the command line asks for.
     *
     * @param usual what is measured where it says nothing
     * @throws IllegalArgumentException for what cannot be used, with a sentence for the user
     */
    public static Plan of(String[] arguments, String usage, Plan usual) {
        Plan plan = usual;
        Arguments words = new Arguments(List.of(arguments), usage);
        while (words.hasNext()) {
            plan = switch (words.next()) {
                case "--quick" -> new Plan(1, 1, 1, plan.json);
                case "--rounds" -> new Plan(words.number(), plan.seconds, plan.warmUpSeconds, plan.json);
                case "--seconds" -> new Plan(plan.rounds, words.number(), plan.warmUpSeconds, plan.json);
                case "--json" -> new Plan(plan.rounds, plan.seconds, plan.warmUpSeconds, Optional.of(words.path()));
                default -> throw words.unknown();
            };
        }
        return plan;
    }
}
