package dev.banyan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "drill", description = "Breaks a running site on purpose, or asks it hard questions, and says whether what it promises held.",
        subcommands = {DrillReadsCommand.class, DrillBankCommand.class, DrillCacheCommand.class})
final class DrillCommand implements Callable<Integer> {
    private final Terminal terminal;

    DrillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.problem("say which drill: banyan drill reads, banyan drill bank, or banyan drill cache");
        return Failures.USAGE;
    }
}
