package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is easy to forget, over the whole repository. */
class TidyTest {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    /** {@code net} is where threads, clocks and seeds come from; {@code photos} is a program of its own; {@code bench} measures from outside. */
    private static final Set<String> WITH_CLOCKS = Set.of("net", "photos", "bench");
    private static final Pattern CLOCK = Pattern.compile(
            "System\\.(nanoTime|currentTimeMillis)\\(|(Instant|LocalDate|LocalDateTime|OffsetDateTime|ZonedDateTime)\\.now\\(|Thread\\.(sleep|ofVirtual|ofPlatform|startVirtualThread)\\(|new Thread\\("
                    + "|\\bExecutors\\.|new Random\\(|new SplittableRandom\\(\\)|ThreadLocalRandom|Math\\.random\\(");
    private static final Pattern LEFT_OVER = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");
    private static final Pattern VAGUE_NAME = Pattern.compile(".*(Manager|Utils?|Helper|Impl)\\.java");
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)#\\s]+)(#[^)]*)?\\)");

    @Test
    void onlyNetReadsClocksMakesThreadsAndDrawsSeeds() {
        // The virtual machine ends with a thread that it must be handed.
        assertThat(found(CLOCK, sources(module -> !WITH_CLOCKS.contains(module), "main"))).filteredOn(line -> !line.contains("addShutdownHook")).isEmpty();
    }

    @Test
    void aModuleUsesOnlyThoseAboveIt() throws IOException {
        List<String> order = matches(Pattern.compile("<module>([^<]+)</module>"), REPOSITORY.resolve("pom.xml"));
        for (String module : order) {
            List<String> above = order.subList(0, order.indexOf(module));
            List<String> uses = matches(Pattern.compile("<groupId>dev\\.banyan</groupId><artifactId>([^<]+)</artifactId>"), REPOSITORY.resolve(module + "/pom.xml"));
            assertThat(above).as("modules above " + module + " in pom.xml").containsAll(uses);
        }
    }

    @Test
    void theSampleApplicationKnowsNothingOfBanyan() {
        Pattern foreign = Pattern.compile("import (static )?dev\\.banyan\\.(?!photos\\b)");
        assertThat(found(foreign, sources(module -> module.equals("photos"), "main"))).isEmpty();
    }

    @Test
    void nothingIsLeftToDo_andNoNameIsVague() {
        List<Path> all = sources(_ -> true, "main");
        all.addAll(sources(_ -> true, "test"));
        all.removeIf(file -> file.endsWith("TidyTest.java"));
        assertThat(found(LEFT_OVER, all)).isEmpty();
        assertThat(all).noneMatch(file -> VAGUE_NAME.matcher(file.getFileName().toString()).matches());
    }

    @Test
    void everyPackageSaysWhatLivesThere() {
        List<Path> without = sources(_ -> true, "main").stream().map(Path::getParent).distinct().filter(folder -> !Files.exists(folder.resolve("package-info.java"))).toList();
        assertThat(without).isEmpty();
    }

    @Test
    void linksInTheDocumentsLeadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        try (Stream<Path> files = Stream.concat(Files.list(REPOSITORY), Files.list(REPOSITORY.resolve("docs")))) {
            for (Path page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
                for (String target : matches(LINK, page)) {
                    if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
                        dead.add(REPOSITORY.relativize(page) + " -> " + target);
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static List<Path> sources(java.util.function.Predicate<String> modules, String kind) {
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> REPOSITORY.relativize(file).toString().contains("/src/" + kind + "/java/"))
                    .filter(file -> modules.test(REPOSITORY.relativize(file).getName(0).toString()))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> found(Pattern pattern, List<Path> files) {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            try {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (pattern.matcher(lines.get(i)).find()) {
                        found.add(REPOSITORY.relativize(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static List<String> matches(Pattern pattern, Path file) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(file));
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
