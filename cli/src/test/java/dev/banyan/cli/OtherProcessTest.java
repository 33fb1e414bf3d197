package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherProcessTest {
    /** A child of a child, as the shell leaves it: nobody here can wait for it as for one's own. */
    @Test
    void theEndOfAProcessThatIsNoChildIsSeen_andThatOneWasGoneBefore() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "sleep 1000 > /dev/null 2>&1 & echo $!").start();
        long pid = Long.parseLong(shell.inputReader().readLine().strip());
        try {
            CompletableFuture<Void> ended = OtherProcess.ended(pid);
            assertThat(ended).isNotDone();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            ended.get(60, TimeUnit.SECONDS);
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        assertThat(shell.waitFor()).isZero();
        assertThat(OtherProcess.ended(shell.pid())).as("it is reaped already").isDone();
    }
}
