package dev.banyan.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.Secret;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersTest {
    private static final String SCRAM = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    @TempDir
    Path folder;

    final EmbeddedChannel channel = new EmbeddedChannel();
    final List<String> found = new ArrayList<>();

    private void find(Users users, String user) {
        users.find(user, channel.eventLoop(), answer -> found.add(user + " " + switch (answer) {
            case Users.Found.Known known -> known.verifier().getClass().getSimpleName();
            case Users.Found.Unknown _ -> "unknown";
            case Users.Found.Failed failed -> failed.why().state() + " " + failed.why().message();
        }));
        channel.runPendingTasks();
    }

    private Path file(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("users.txt"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void readsAFileOfUsers() throws Exception {
        UsersFile file = UsersFile.read(file("# ours\n\"ada\" \"pass \"\"word\"\"\"\n\n  ; theirs\n\"b\"\"b\"\t\"md50123456789abcdef0123456789abcdef\"  \n\"eve\" \"" + SCRAM + "\"\n"));
        assertThat(file.warnings()).isEmpty();
        assertThat(file.users()).containsOnlyKeys("ada", "b\"b", "eve").containsEntry("ada", new Secret("pass \"word\""));
        assertThat(file.toString()).doesNotContain("word");
        Users users = new KnownUsers(file.users(), Runnable::run, Loops.secrets());
        List.of("ada", "b\"b", "eve", "nobody").forEach(user -> find(users, user));
        assertThat(found).containsExactly("ada Plain", "b\"b Md5", "eve Scram", "nobody unknown");
    }

    @Test
    void namesEveryProblemWithItsLine() throws Exception {
        Path file = file("\"ada\" \"x\"\nbob secret\n\"ada\" \"y\"\n\"\" \"x\"\n\"eve\" \"\"\n\"dan\" \"SCRAM-SHA-256$4096:oops\"\n\"open\" \"x\n");
        assertThatThrownBy(() -> UsersFile.read(file)).hasMessage(String.join("\n",
                file + ":2: a line is \"user\" \"secret\", both in quotes, a quote inside written twice",
                file + ":3: \"ada\" stands in an earlier line too",
                file + ":4: the user is empty",
                file + ":5: the secret is empty",
                file + ":6: the secret of \"dan\" begins as a SCRAM verifier but is none; copy rolpassword of pg_authid whole",
                file + ":7: a line is \"user\" \"secret\", both in quotes, a quote inside written twice"));
        assertThatThrownBy(() -> UsersFile.read(folder.resolve("none"))).hasMessageEndingWith("none: there is no such file");
        Files.write(file, new byte[] {'"', (byte) 0xff});
        assertThatThrownBy(() -> UsersFile.read(file)).hasMessageEndingWith("it is not UTF-8");
    }

    @Test
    void warnsOfAFileThatOthersCanRead() throws Exception {
        Path file = file("\"ada\" \"x\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(UsersFile.read(file).warnings()).containsExactly("database.router.users-file " + file + " can be read or written by others; chmod 600 " + file);
    }

    @Test
    void computesOffTheLoop_once_outOfTurnForWhoWaits() {
        List<Runnable> blocking = new ArrayList<>();
        Users users = new KnownUsers(Map.of("ada", new Secret("a"), "bob", new Secret("b")), blocking::add, Loops.secrets());
        assertThat(blocking).as("one task in the background").hasSize(1);
        find(users, "ada");
        assertThat(found).isEmpty();
        blocking.get(1).run();
        channel.runPendingTasks();
        assertThat(found).containsExactly("ada Plain");
        blocking.get(0).run();
        find(users, "bob");
        assertThat(found).containsExactly("ada Plain", "bob Plain");
        assertThat(blocking).hasSize(2);
    }

    /** Answers when it is told to. */
    private static final class SlowLookup implements Lookup {
        final List<String> asked = new ArrayList<>();
        final List<Reply> replies = new ArrayList<>();

        @Override
        public void ask(String user, EventLoop loop, Reply reply) {
            asked.add(user);
            replies.add(reply);
        }
    }

    private static final class Hand implements Clock {
        long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public void sleep(Duration time) {
            nanos += time.toNanos();
        }
    }

    @Test
    void asksTheCatalogueOnceForManyAtATime_andAgainWhenTheAnswerIsOld() {
        SlowLookup lookup = new SlowLookup();
        Hand clock = new Hand();
        Users users = new CatalogueUsers(lookup, clock, Duration.ofSeconds(5), 10);
        find(users, "ada");
        find(users, "ada");
        assertThat(lookup.asked).containsExactly("ada");
        lookup.replies.getFirst().secret(Optional.of(SCRAM));
        channel.runPendingTasks();
        find(users, "ada");
        clock.nanos = Duration.ofSeconds(5).toNanos() - 1;
        find(users, "ada");
        assertThat(found).containsOnly("ada Scram").hasSize(4);
        clock.nanos++;
        find(users, "ada");
        assertThat(lookup.asked).hasSize(2);
        lookup.replies.getLast().secret(Optional.empty());
        channel.runPendingTasks();
        assertThat(found).last().isEqualTo("ada unknown");
    }

    @Test
    void doesNotTakeASilentServerForAWrongPassword_norKeepThatAnswer() {
        SlowLookup lookup = new SlowLookup();
        Users users = Users.chain(List.of(new KnownUsers(Map.of(), Runnable::run, Loops.secrets()), new CatalogueUsers(lookup, new Hand(), Duration.ofSeconds(5), 10)));
        find(users, "ada");
        lookup.replies.getFirst().failed(Refusal.MONITOR_TOO_SLOW.error("db-1", 100));
        channel.runPendingTasks();
        assertThat(found).containsExactly("ada 58000 the router cannot check the password of user \"ada\" now: server db-1 did not answer within 100 ms");
        find(users, "ada");
        assertThat(lookup.asked).hasSize(2);
    }

    @Test
    void remembersABoundedNumberOfUsers_thoughStrangersMakeUpNames() {
        SlowLookup lookup = new SlowLookup();
        Users users = new CatalogueUsers(lookup, new Hand(), Duration.ofSeconds(5), 3);
        for (int i = 0; i < 10; i++) {
            find(users, "u" + i);
        }
        lookup.replies.forEach(reply -> reply.secret(Optional.empty()));
        channel.runPendingTasks();
        assertThat(found).as("also those who were forgotten").hasSize(10);
        for (int i = 7; i < 10; i++) {
            find(users, "u" + i);
        }
        assertThat(lookup.asked).hasSize(10);
        find(users, "u6");
        assertThat(lookup.asked).hasSize(11);
    }

    @Test
    void quotesNames_howeverStringsAreRead() {
        assertThat(ServerLookup.quoted("o'x\\'; drop")).isEqualTo("E'o''x\\\\''; drop'");
    }
}
