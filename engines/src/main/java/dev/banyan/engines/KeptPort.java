package dev.banyan.engines;

import dev.banyan.net.FreePorts;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A port that stays the same from start to start as long as nobody else has taken it. */
record KeptPort(Path file) {

    /** The wanted one, or PORT_IN_USE; with 0 the one of last time if it is free, else a new one. */
    int choose(int wanted, FreePorts ports) {
        if (wanted != 0) {
            if (!FreePorts.isFree(wanted)) {
                throw new BanyanException(ErrorCode.PORT_IN_USE, "port " + wanted + " at 127.0.0.1 is in use: end what listens there, or set database.port to"
                        + " another; 0 lets Banyan choose");
            }
            return wanted;
        }
        int last = last();
        if (last != 0 && FreePorts.isFree(last)) {
            return last;
        }
        int port = ports.next();
        try {
            AtomicFile.write(file, port + "\n");
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + " cannot be written: " + Reason.of(e), e);
        }
        return port;
    }

    /** The one of last time. */
    Optional<Integer> kept() {
        return Optional.of(last()).filter(port -> port != 0);
    }

    private int last() {
        try {
            String text = Files.exists(file) ? Files.readString(file).strip() : "";
            return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
