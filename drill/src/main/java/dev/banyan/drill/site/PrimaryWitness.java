package dev.banyan.drill.site;

import dev.banyan.drill.bank.Watchers;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether two servers of the database took writes at once, by their own answers. */
final class PrimaryWitness implements Witness {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Watchers watchers;

    PrimaryWitness(DrilledSite site, Optional<String> allowRemote, Loops loops, Clock clock) {
        this.watchers = new Watchers(site::servers, allowRemote, loops, clock, over::get);
    }

    @Override
    public void look() {
        watchers.look();
    }

    @Override
    public Testimony testimony() {
        List<String> doubles = watchers.doubles();
        return new Testimony(watchers.answers(), doubles.size(), doubles);
    }

    @Override
    public void close() {
        over.set(true);
    }
}
