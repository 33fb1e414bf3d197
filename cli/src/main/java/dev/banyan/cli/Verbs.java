package dev.banyan.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParseResult;

/** Makes each verb with the terminal it talks to. */
final class Verbs implements IFactory {
    private final Terminal terminal;

    Verbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Terminal.class) {
                return type.cast(constructor.newInstance(terminal));
            }
        }
        return CommandLine.defaultFactory().create(type);
    }

    /** The last verb said; without one the help, as wrong usage. */
    static int execute(ParseResult parsed) {
        if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested()) {
            parsed.commandSpec().commandLine().usage(parsed.commandSpec().commandLine().getErr());
            return Failures.USAGE;
        }
        return new CommandLine.RunLast().execute(parsed);
    }
}
