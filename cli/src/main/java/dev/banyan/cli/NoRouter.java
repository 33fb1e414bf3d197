package dev.banyan.cli;

import dev.banyan.control.database.DatabaseDoor;
import dev.banyan.control.database.View;
import java.time.Duration;

/** Of a site whose application needs no database. */
record NoRouter() implements DatabaseDoor {
    @Override
    public void use(View view) {}

    @Override
    public Held hold(Duration atMost) {
        return new Held(0);
    }

    @Override
    public void release() {}
}
