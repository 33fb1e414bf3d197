package dev.banyan.topology.file;

import dev.banyan.topology.file.Tree.Entries;
import dev.banyan.topology.file.Tree.Entry;
import dev.banyan.topology.file.Tree.Items;
import dev.banyan.topology.file.Tree.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Makes a {@link Tree} of YAML text, from the parser's events: so depth and size are bounded while it reads, before memory is spent.
 * For one document; not for several threads.
 */
final class TreeReader {
    static final int MOST_CHARACTERS = 1 << 20;
    static final int DEEPEST = 32;
    static final int MOST_NODES = 20_000;
    private static final int LONGEST_SENTENCE = 200;
    private static final String YAML_TAG = "tag:yaml.org,2002:";

    private final Iterator<Event> events;
    private final Map<Anchor, Tree> anchors = new HashMap<>();
    private int nodes;

    private TreeReader(String yaml) {
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(MOST_CHARACTERS + 1).build();
        this.events = new Parse(settings).parseString(yaml).iterator();
    }

    /**
     * The document; empty when there is nothing in the text but comments.
     *
     * @throws Unreadable when it is not one YAML document, or too large or too deep
     */
    static Optional<Tree> read(String yaml) {
        if (yaml.length() > MOST_CHARACTERS) {
            throw new Unreadable(At.FILE, "the file has " + yaml.length() + " characters; a site file has at most " + MOST_CHARACTERS);
        }
        try {
            return new TreeReader(yaml).document();
        } catch (MarkedYamlEngineException broken) {
            Optional<Mark> mark = broken.getProblemMark().or(broken::getContextMark);
            throw new Unreadable(mark.map(At::of).orElse(At.FILE), "is not YAML: " + sentence(broken));
        } catch (ReaderException broken) {
            throw new Unreadable(place(yaml, broken.getPosition()), "is not YAML: the character U+%04X is not allowed".formatted(broken.getCodePoint()));
        } catch (YamlEngineException broken) {
            throw new Unreadable(At.FILE, "is not YAML: " + Shown.text(broken.getMessage()));
        }
    }

    /** The parser's own words, without its snippet of the file: that may hold a secret. */
    private static String sentence(MarkedYamlEngineException broken) {
        String context = broken.getContext() == null ? "" : broken.getContext() + ", ";
        return Shown.text(context + (broken.getProblem() == null ? "it ends too early" : broken.getProblem()), LONGEST_SENTENCE);
    }

    private static At place(String yaml, int position) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < Math.min(position, yaml.length()); i++) {
            if (yaml.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new At(line, Math.max(1, position - start + 1));
    }

    private Optional<Tree> document() {
        events.next();
        Event first = events.next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            return Optional.empty();
        }
        Tree tree = node(events.next(), 1);
        events.next();
        Event last = events.next();
        if (last.getEventId() != Event.ID.StreamEnd) {
            throw new Unreadable(start(last), "a second document begins here; a site file is one");
        }
        return tree instanceof Scalar(String text, _, _, _) && text.isEmpty() ? Optional.empty() : Optional.of(tree);
    }

    private Tree node(Event event, int depth) {
        if (depth > DEEPEST) {
            throw new Unreadable(start(event), "is nested deeper than " + DEEPEST + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        count(1, event);
        Tree tree = switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case SequenceStart -> items((CollectionStartEvent) event, depth);
            case MappingStart -> entries((CollectionStartEvent) event, depth);
            default -> throw new IllegalStateException("the YAML parser gave " + event.getEventId() + " where a node stands");
        };
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, tree));
        return tree;
    }

    private Tree alias(AliasEvent event) {
        Tree target = anchors.get(event.getAlias());
        if (target == null) {
            throw new Unreadable(start(event), "the alias '*" + Shown.text(event.getAlias().getValue()) + "' has no finished anchor before it");
        }
        count(target.size(), event);
        return target;
    }

    private void count(int more, Event event) {
        nodes += more;
        if (nodes > MOST_NODES) {
            throw new Unreadable(start(event), "has more than " + MOST_NODES + " values, aliases written out");
        }
    }

    private Scalar scalar(ScalarEvent event) {
        refuseTag(event.getTag(), event);
        At end = event.getEndMark().map(At::of).orElse(At.FILE);
        return new Scalar(event.getValue(), event.isPlain(), start(event), end);
    }

    private Items items(CollectionStartEvent start, int depth) {
        refuseTag(start.getTag(), start);
        List<Tree> items = new ArrayList<>();
        int size = 1;
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            Tree item = node(event, depth + 1);
            size += item.size();
            items.add(item);
        }
        return new Items(List.copyOf(items), start(start), size);
    }

    private Entries entries(CollectionStartEvent start, int depth) {
        refuseTag(start.getTag(), start);
        List<Entry> entries = new ArrayList<>();
        int size = 1;
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(node(event, depth + 1) instanceof Scalar key)) {
                throw new Unreadable(start(event), "a key is a text");
            }
            Tree value = node(events.next(), depth + 1);
            size += 1 + value.size();
            entries.add(new Entry(key, value));
        }
        return new Entries(List.copyOf(entries), start(start), size);
    }

    private static void refuseTag(Optional<String> tag, Event event) {
        if (tag.isPresent()) {
            throw new Unreadable(start(event), "tags as '" + Shown.text(tag.get().replace(YAML_TAG, "!!")) + "' are not used in a site file; put a text in quotes instead");
        }
    }

    private static At start(Event event) {
        return event.getStartMark().map(At::of).orElse(At.FILE);
    }
}
