package dev.banyan.console;

import dev.banyan.telemetry.Decisions;
import dev.banyan.topology.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what a Decision is about. A Decision is a sentence, made in many rooms, and names its server by the id that the drawing has: so the
 * site's ids are looked for in it, those of servers that are gone too. One that names no server is about a tier, by what it speaks of. Safe for
 * any thread; asks nobody.
 */
final class Subjects {
    private static final int MOST = 1_000;
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{Alnum}._-]+");
    private static final Pattern NUMBER = Pattern.compile("[-.]?\\d+(\\.\\d+)?$");

    /** What is spoken of, by the tier whose business it is; the first that is found counts. */
    private static final List<Map.Entry<Pattern, Site.Kind>> SPOKEN_OF = List.of(
            Map.entry(Pattern.compile("\\b(certificates?|keys|limit|front doors?|circuit|panic)\\b"), Site.Kind.FRONT_DOOR),
            Map.entry(Pattern.compile("\\b(edges?|purge|shield)\\b"), Site.Kind.EDGE),
            Map.entry(Pattern.compile("\\b(cache|write-behind|Redis|Sentinel)\\b"), Site.Kind.CACHE),
            Map.entry(Pattern.compile("\\b(slot|publication|publish|primary|replicas?|rows|database|reads)\\b"), Site.Kind.DATABASE));

    private final Map<String, String> tierOfNode = new LinkedHashMap<>();
    private final Map<Site.Kind, String> tierOfKind = new LinkedHashMap<>();

    /** Remembers who is there. */
    synchronized void note(Site site) {
        for (Site.Node node : site.nodes()) {
            if (node.kind() != Site.Kind.USERS) {
                tierOfNode.remove(node.id());
                tierOfNode.put(node.id(), node.tier());
                tierOfKind.put(node.kind(), node.tier());
            }
        }
        var oldest = tierOfNode.keySet().iterator();
        while (tierOfNode.size() > MOST) {
            oldest.next();
            oldest.remove();
        }
    }

    DecisionRow row(Decisions.Numbered numbered) {
        Decision decision = numbered.decision();
        return Stream.of(decision.what(), decision.why()).map(this::named).flatMap(Optional::stream).findFirst()
                .map(named -> new DecisionRow(numbered.number(), decision, named.getValue(), named.getKey()))
                .orElseGet(() -> new DecisionRow(numbered.number(), decision, spokenOf(decision.what()), ""));
    }

    List<DecisionRow> rows(List<Decisions.Numbered> all) {
        return all.stream().map(this::row).toList();
    }

    /** The server that a sentence names and its tier; also one that has just come, by its like: {@code web-4} is where {@code web-3} is. */
    private synchronized Optional<Map.Entry<String, String>> named(String sentence) {
        List<String> words = BETWEEN.splitAsStream(sentence).map(word -> word.replaceAll("[.-]+$", "")).toList();
        // "cache node cache-2" is about cache-2, though there is a node named cache.
        return Stream.concat(words.stream().filter(word -> NUMBER.matcher(word).find()), words.stream()).filter(tierOfNode::containsKey).findFirst()
                .map(id -> Map.entry(id, tierOfNode.get(id)))
                .or(() -> words.stream().flatMap(word -> like(word).stream()).findFirst());
    }

    private Optional<Map.Entry<String, String>> like(String word) {
        String family = family(word);
        return family.equals(word) || family.isEmpty() ? Optional.empty()
                : tierOfNode.entrySet().stream().filter(known -> !known.getKey().equals(family) && family(known.getKey()).equals(family)).findFirst()
                        .map(known -> Map.entry(word, known.getValue()));
    }

    private static String family(String id) {
        String shorter = NUMBER.matcher(id).replaceFirst("");
        return shorter.equals(id) ? id : family(shorter);
    }

    private synchronized String spokenOf(String what) {
        return SPOKEN_OF.stream().filter(each -> each.getKey().matcher(what).find()).findFirst()
                .map(each -> tierOfKind.getOrDefault(each.getValue(), "")).orElse("");
    }
}
