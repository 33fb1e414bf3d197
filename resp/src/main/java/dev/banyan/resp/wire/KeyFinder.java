package dev.banyan.resp.wire;

/** Finds the keys of one call of a command; allocates nothing. */
final class KeyFinder {
    private KeyFinder() {}

    /** See {@link CommandTable#keys}. */
    static int find(Command command, Arguments call, int[] into) {
        if (!command.is(Command.Flag.MOVABLEKEYS)) {
            return command.specs().isEmpty() || !command.specs().getFirst().notKey() ? range(command, call, into) : 0;
        }
        return switch (command.name()) {
            case "sort" -> sort(call, into);
            case "migrate" -> migrate(call, into);
            default -> bySpecs(command, call, into);
        };
    }

    private static int range(Command command, Arguments call, int[] into) {
        int last = command.last() < 0 ? call.count() + command.last() : command.last();
        return command.first() <= 0 ? 0 : range(call, command.first(), last, command.step(), into, 0);
    }

    private static int bySpecs(Command command, Arguments call, int[] into) {
        int found = 0;
        boolean unknown = command.specs().isEmpty();
        for (int i = 0; i < command.specs().size(); i++) {
            KeySpec spec = command.specs().get(i);
            if (spec.notKey()) {
                continue;
            }
            if (spec.begin() instanceof KeySpec.Begin.Unknown || spec.find() instanceof KeySpec.Find.Unknown) {
                unknown = true;
                continue;
            }
            int from = begin(spec.begin(), call);
            found = from == 0 ? found : keys(spec.find(), from, call, into, found);
            if (found < 0) {
                return -1;
            }
        }
        return found == 0 && unknown ? -1 : found;
    }

    /** The argument to look from on; 0 when there is none. */
    private static int begin(KeySpec.Begin begin, Arguments call) {
        return switch (begin) {
            case KeySpec.Begin.Index at -> at.index() < 0 ? Math.max(0, call.count() + at.index()) : at.index();
            case KeySpec.Begin.Keyword(String word, int from) -> behind(word, from, call);
            case KeySpec.Begin.Unknown _ -> 0;
        };
    }

    private static int behind(String word, int from, Arguments call) {
        int step = from < 0 ? -1 : 1;
        for (int i = from < 0 ? call.count() + from : from; i > 0 && i < call.count(); i += step) {
            if (i + 1 < call.count() && is(word, call, i)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static int keys(KeySpec.Find find, int from, Arguments call, int[] into, int found) {
        return switch (find) {
            case KeySpec.Find.Range range -> range(call, from, last(range, from, call.count()), range.step(), into, found);
            case KeySpec.Find.Numbered numbered -> numbered(numbered, from, call, into, found);
            case KeySpec.Find.Unknown _ -> found;
        };
    }

    private static int last(KeySpec.Find.Range range, int from, int count) {
        if (range.last() >= 0) {
            return from + range.last();
        }
        return range.limit() > 1 ? from + (count - from) / range.limit() + range.last() : count + range.last();
    }

    private static int numbered(KeySpec.Find.Numbered numbered, int from, Arguments call, int[] into, int found) {
        int keys = number(call, from + numbered.number());
        if (keys <= 0) {
            return keys < 0 ? -1 : found;
        }
        int first = from + numbered.first();
        return keys > call.count() ? -1 : range(call, first, first + (keys - 1) * Math.max(1, numbered.step()), numbered.step(), into, found);
    }

    private static int range(Arguments call, int first, int last, int step, int[] into, int found) {
        if (last >= call.count() || last < first) {
            return -1;
        }
        int keys = found;
        for (int i = first; i <= last; i += Math.max(1, step)) {
            keys = add(i, into, keys);
        }
        return keys;
    }

    private static int add(int key, int[] into, int found) {
        if (found < into.length) {
            into[found] = key;
        }
        return found + 1;
    }

    /** The specs leave out where the result goes, since the word for it may stand anywhere but where it is another's argument. */
    private static int sort(Arguments call, int[] into) {
        int store = 0;
        for (int i = 2; i < call.count(); i++) {
            if (is("LIMIT", call, i)) {
                i += 2;
            } else if (is("GET", call, i) || is("BY", call, i)) {
                i++;
            } else if (is("STORE", call, i) && i + 1 < call.count()) {
                store = ++i;
            }
        }
        if (call.count() < 2) {
            return -1;
        }
        int found = add(1, into, 0);
        return store == 0 ? found : add(store, into, found);
    }

    /** {@code MIGRATE host port key database timeout [options] [KEYS key ...]}: those behind KEYS if there is that word and the key is empty. */
    private static int migrate(Arguments call, int[] into) {
        if (call.count() < 6) {
            return -1;
        }
        for (int i = 6; i < call.count() && call.length(3) == 0; i++) {
            if (is("KEYS", call, i)) {
                return range(call, i + 1, call.count() - 1, 1, into, 0);
            }
            i += is("AUTH", call, i) ? 1 : is("AUTH2", call, i) ? 2 : 0;
        }
        return add(3, into, 0);
    }

    /** A count; -1 for what is none. */
    private static int number(Arguments call, int argument) {
        if (argument >= call.count() || call.length(argument) == 0 || call.length(argument) > 9) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < call.length(argument); i++) {
            int digit = call.at(argument, i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static boolean is(String word, Arguments call, int argument) {
        if (call.length(argument) != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            int letter = call.at(argument, i);
            if ((letter >= 'a' && letter <= 'z' ? letter - 32 : letter) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
