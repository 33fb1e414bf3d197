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

@Command(name = "redis-cli", description = "Opens redis-cli on the application's cache, through the router; what it does not know itself goes to redis-cli, as GET user:42.")
final class RedisCliCommand implements Callable<Integer> {
    @Mixin
    private Place place = new Place();

    @Unmatched
    private List<String> words = new ArrayList<>();

    /** The password goes into redis-cli's environment, not on its command line, which everyone on the machine can see. */
    @Override
    public Integer call() throws InterruptedException {
        CacheAccess access = CacheAccess.of(place.stateFolder());
        List<String> command = new ArrayList<>(List.of("redis-cli", "-h", access.address().host(), "-p", String.valueOf(access.address().port())));
        if (access.tls()) {
            command.addAll(List.of("--tls", "--insecure"));
        }
        command.addAll(words);
        ProcessBuilder cli = new ProcessBuilder(command).inheritIO();
        cli.environment().put("REDISCLI_AUTH", access.password().reveal());
        try {
            return cli.start().waitFor();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "redis-cli cannot be started (" + e.getMessage()
                    + "); install it (Debian: redis-tools), or use another client: eval \"$(banyan env)\" gives it REDIS_URL", e);
        }
    }
}
