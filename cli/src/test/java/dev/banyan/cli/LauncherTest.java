package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code /banyan} in a small tree of its own, with a Maven that only copies a jar. */
class LauncherTest {
    private static final Path SCRIPT = Path.of("../banyan");
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    /** What the script needs of the system, besides Java and Maven. */
    private static final List<String> TOOLS =
            List.of("sh", "dirname", "readlink", "find", "head", "touch", "mkdir", "cat", "rm", "ls", "mv", "grep", "tail", "sleep", "cp", "echo");
    /** Prints its words and folder, as the real one would have them. */
    private static final String PROGRAM = """
            package dev.banyan.cli;
            class Banyan {
                public static void main(String[] words) {
                    System.out.println(String.join("|", words) + " in " + System.getProperty("user.dir") + " of " + System.getProperty("banyan.home"));
                    System.out.println("options " + java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
                }
            }
            """;

    @TempDir
    private Path temp;

    private Path tree;
    private Path tools;

    @BeforeEach
    void plant() throws IOException {
        temp = temp.toRealPath();
        tree = Files.createDirectories(temp.resolve("the tree"));
        Files.copy(SCRIPT, tree.resolve("banyan"));
        Files.createDirectories(tree.resolve("http/src/main/java"));
        Files.writeString(tree.resolve("http/src/main/java/A.java"), "class A {}");
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        try (Stream<Path> files = Files.walk(tree)) {
            files.forEach(LauncherTest::makeOld);
        }
        tools = Files.createDirectories(temp.resolve("tools"));
        for (String tool : TOOLS) {
            Path program = Stream.of("/usr/bin", "/bin").map(bin -> Path.of(bin, tool)).filter(Files::isExecutable).findFirst().orElseThrow();
            plantScript(tools.resolve(tool), "exec " + program + " \"$@\"\n");
        }
    }

    @Test
    void buildsOnce_thenStartsWithTheWordsInTheUsersFolder() throws Exception {
        plantMaven(0);
        Ran first = run("up", "my site.yaml", "");
        assertThat(first.errors()).startsWith("banyan: building (").contains("build.log").hasLineCount(1);
        assertThat(first.output()).startsWith("up|my site.yaml| in " + temp + " of " + tree + "\n");
        assertThat(first.code()).isZero();

        Ran second = run("status");
        assertThat(second.errors()).isEmpty();
        assertThat(second.output()).startsWith("status in ");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void buildsAgain_whenASourceIsNewer() throws Exception {
        plantMaven(0);
        run("x");
        Files.setLastModifiedTime(tree.resolve("http/src/main/java/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
        run("x");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void doesNotBuildForWhatItDoesNotRun() throws Exception {
        plantMaven(0);
        run("x");
        for (String module : List.of("bench", "sim")) {
            Files.createDirectories(tree.resolve(module + "/src/main/java"));
            Files.writeString(tree.resolve(module + "/src/main/java/B.java"), "class B {}");
            Files.writeString(tree.resolve(module + "/pom.xml"), "<project/>");
            Files.setLastModifiedTime(tree.resolve(module + "/pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));
        }
        run("x");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void isFoundThroughSymbolicLinks() throws Exception {
        plantMaven(0);
        Path bin = Files.createDirectories(temp.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("one"), Path.of("../the tree/banyan"));
        Files.createSymbolicLink(bin.resolve("two"), Path.of("one"));
        assertThat(run(bin.resolve("two"), Map.of("JAVA_HOME", JDK.toString()), "x").output()).startsWith("x in " + temp + " of " + tree + "\n");
    }

    @Test
    void startsFromACache_andWithoutOneAllTheSame() throws Exception {
        plantMaven(0);
        run("x");
        Path cache = tree.resolve("cli/target/banyan.aot");
        assertThat(cache).exists();
        Files.writeString(cache, "not a cache");
        Ran garbage = run("x");
        assertThat(garbage.errors()).isEmpty();
        assertThat(garbage.output()).startsWith("x in ");
        Files.delete(cache);
        Ran none = run("x");
        assertThat(none.errors()).isEmpty();
        assertThat(none.output()).startsWith("x in ");
    }

    @Test
    void showsTheErrors_whenTheBuildFails() throws Exception {
        plantMaven(1);
        Ran ran = run("up");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.errors()).contains("[ERROR] no such symbol").contains("banyan: the build failed; all of its output is in ").doesNotContain("[INFO]");
        assertThat(tree.resolve("cli/target/building")).as("the next build is not locked out").doesNotExist();
    }

    @Test
    void saysWhatToInstall_whenThereIsNoMaven() throws Exception {
        Ran ran = run("up");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.errors()).startsWith("banyan: Maven is needed to build Banyan; install it (").hasLineCount(1);
    }

    @Test
    void saysWhatToInstall_whenThereIsNoJdk() throws Exception {
        Path script = tree.resolve("banyan");
        Files.writeString(script, Files.readString(script).replace("/usr/lib/jvm/", "/nowhere/").replace("/Library/", "/nowhere/"));
        Path old = plantJdk("old", "17.0.15");
        Ran ran = run(script, Map.of("JAVA_HOME", old.toString()), "up");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.errors()).startsWith("banyan: Banyan needs a JDK 25 or later and found none; install one (").hasLineCount(1);
    }

    @Test
    void saysWhatIsWrong_whenTheChosenJdkIsTooOld() throws Exception {
        Path old = plantJdk("old", "21.0.2");
        Ran ran = run(tree.resolve("banyan"), Map.of("BANYAN_JAVA_HOME", old.toString()), "up");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.errors()).startsWith("banyan: BANYAN_JAVA_HOME is " + old + ", which holds no JDK 25 or later;").hasLineCount(1);
    }

    @Test
    void takesTheUsersJvmOptions_anotherCollectorToo() throws Exception {
        plantMaven(0);
        Ran ran = run(tree.resolve("banyan"), Map.of("JAVA_HOME", JDK.toString(), "BANYAN_JAVA_OPTS", "-Xmx77m -XX:+UseParallelGC"), "x");
        assertThat(ran.code()).isZero();
        assertThat(ran.output()).contains("-Xmx77m", "-XX:+UseParallelGC").doesNotContain("UseSerialGC");
    }

    private void plantMaven(int exitCode) throws IOException {
        Path jar = temp.resolve("cli-1.jar");
        writeJar(jar);
        Path maven = tools.resolve("mvn");
        plantScript(maven, """
                echo built >> '%s'
                [ %d = 0 ] || { echo '[INFO] busy'; echo '[ERROR] no such symbol'; exit %d; }
                mkdir -p cli/target/lib && cp '%s' cli/target/lib/
                """.formatted(temp.resolve("builds"), exitCode, exitCode, jar));
    }

    /** Scripts rather than links: a temporary folder is deleted without a look at where links lead. */
    private static void plantScript(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void writeJar(Path jar) throws IOException {
        Path source = temp.resolve("Banyan.java");
        Files.writeString(source, PROGRAM);
        Path classes = Files.createDirectories(temp.resolve("classes"));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), source.toString())).isZero();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("dev/banyan/cli/Banyan.class"));
            out.write(Files.readAllBytes(classes.resolve("dev/banyan/cli/Banyan.class")));
        }
    }

    private Path plantJdk(String name, String version) throws IOException {
        Path jdk = Files.createDirectories(temp.resolve(name));
        Files.createDirectories(jdk.resolve("bin"));
        for (String program : new String[] {"java", "javac"}) {
            plantScript(jdk.resolve("bin").resolve(program), "exit 9\n");
        }
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private int builds() throws IOException {
        return Files.readAllLines(temp.resolve("builds")).size();
    }

    private Ran run(String... words) throws Exception {
        return run(tree.resolve("banyan"), Map.of("JAVA_HOME", JDK.toString()), words);
    }

    private Ran run(Path script, Map<String, String> environment, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile())
                .redirectOutput(temp.resolve("out").toFile()).redirectError(temp.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", tools.toString(), "HOME", temp.toString()));
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Ran(code, Files.readString(temp.resolve("out"), StandardCharsets.UTF_8), Files.readString(temp.resolve("err"), StandardCharsets.UTF_8));
    }

    private static void makeOld(Path path) {
        try {
            Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Ran(int code, String output, String errors) {}
}
