package dev.banyan.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Words that make no command: one sentence, the nearest right word, and where the help is. */
final class Misuse implements IParameterExceptionHandler {
    private final Terminal terminal;

    Misuse(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] words) {
        CommandLine verb = wrong.getCommandLine();
        terminal.problem(wrong.getMessage() + nearest(wrong) + "; see: " + verb.getCommandSpec().qualifiedName() + " --help");
        return Failures.USAGE;
    }

    private static String nearest(ParameterException wrong) {
        List<String> suggestions = wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return suggestions.isEmpty() ? "" : "; did you mean '" + suggestions.getFirst() + "'?";
    }
}
