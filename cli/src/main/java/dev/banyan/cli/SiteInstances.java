package dev.banyan.cli;

import dev.banyan.control.InstanceName;
import dev.banyan.control.Instances;
import dev.banyan.engines.ApplicationInstance;
import dev.banyan.engines.ProcessEvent;
import dev.banyan.engines.Supervisor;
import dev.banyan.net.FreePorts;
import dev.banyan.topology.Application;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** The application's processes, for control. Safe for any thread. */
final class SiteInstances implements Instances {
    private final Supervisor supervisor;
    private final FreePorts ports;
    private final Path siteFile;
    private final Resources resources;
    private final Map<InstanceName, Kept> kept = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** What an instance is told of what the site has for it. */
    interface Resources {
        /** @param cached whether the cache is among it */
        Map<String, Secret> variables(boolean cached);
    }

    /** @param supervisor whose listener hands its events to {@link #heard} */
    SiteInstances(Supervisor supervisor, FreePorts ports, Path siteFile, Resources resources) {
        this.supervisor = supervisor;
        this.ports = ports;
        this.siteFile = siteFile;
        this.resources = resources;
    }

    @Override
    public HostPort start(InstanceName name, Application application, boolean cached, Watcher watcher) {
        if (closed) {
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the site is stopping");
        }
        Kept instance = new Kept(watcher);
        kept.put(name, instance);
        try {
            instance.runs = ApplicationInstance.start(supervisor, application, name.toString(), ports.next(), resources.variables(cached), siteFile);
        } catch (RuntimeException e) {
            kept.remove(name, instance);
            throw e;
        }
        return instance.runs.address();
    }

    @Override
    public void awaitHealthy(InstanceName name) throws InterruptedException {
        Kept instance = kept.get(name);
        if (instance == null || instance.runs == null) {
            throw new BanyanException(ErrorCode.APPLICATION_FAILED, name + " does not run any more");
        }
        instance.runs.awaitHealthy();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public void stop(InstanceName name) {
        Kept instance = kept.remove(name);
        if (instance != null && instance.runs != null) {
            instance.runs.stop();
        }
    }

    /** Starts none from now on and ends all, at the same time. Blocks. */
    void close(ExecutorService work) throws Exception {
        closed = true;
        for (Future<?> end : kept.keySet().stream().map(name -> work.submit(() -> stop(name))).toList()) {
            end.get();
        }
    }

    Optional<ApplicationInstance> running(InstanceName name) {
        return Optional.ofNullable(kept.get(name)).map(instance -> instance.runs);
    }

    /** The supervisor tells what happened to a process; those that are not the application's are not ours. */
    void heard(ProcessEvent event) {
        kept.entrySet().stream().filter(entry -> entry.getKey().toString().equals(event.name())).findFirst()
                .ifPresent(entry -> entry.getValue().heard(event));
    }

    /** One instance and who watches it; its events come one after the other, from the thread that supervises it. */
    private static final class Kept {
        private final Watcher watcher;
        private volatile ApplicationInstance runs;
        private boolean startedBefore;
        private String how = "";

        Kept(Watcher watcher) {
            this.watcher = watcher;
        }

        synchronized void heard(ProcessEvent event) {
            switch (event) {
                case ProcessEvent.Started _ -> {
                    if (startedBefore) {
                        watcher.startedAgain();
                    }
                    startedBefore = true;
                }
                case ProcessEvent.Exited exited -> how = exited.sentence();
                case ProcessEvent.Restarting again -> watcher.ended(how, again.in(), again.attempt());
                case ProcessEvent.Stopped _, ProcessEvent.Killed _, ProcessEvent.Noted _ -> { /* it was told to */ }
            }
        }
    }
}
