package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

@Command(name = "psql", description = "Opens psql on the application's database, through the router; what it does not know itself goes to psql, as -c 'select 1'.")
final class PsqlCommand implements Callable<Integer> {
    @Mixin
    private Place place = new Place();

    @Unmatched
    private List<String> words = new ArrayList<>();

    /** The password goes into psql's environment, not on its command line, which everyone on the machine can see. */
    @Override
    public Integer call() throws InterruptedException {
        DatabaseAccess access = DatabaseAccess.of(place.stateFolder());
        List<String> command = new ArrayList<>(List.of("psql"));
        command.addAll(words);
        ProcessBuilder psql = new ProcessBuilder(command).inheritIO();
        access.variables().forEach((name, value) -> psql.environment().put(name, value.reveal()));
        try {
            return psql.start().waitFor();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "psql cannot be started (" + e.getMessage()
                    + "); install it (Debian: postgresql-client), or use another client: eval \"$(banyan env)\" gives it DATABASE_URL", e);
        }
    }
}
