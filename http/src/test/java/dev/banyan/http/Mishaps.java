package dev.banyan.http;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Netty and the front door warn of while tests run, as of a task that has thrown on a loop, which nobody else would hear. */
final class Mishaps extends Handler {
    private static final Mishaps HEARD = new Mishaps();
    private static final Logger NETTY = Logger.getLogger("io.netty");
    private static final Logger DOOR = Logger.getLogger("dev.banyan.http");

    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** To be called before Netty makes its first logger. */
    static void listen() {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        for (Logger logger : List.of(NETTY, DOOR)) {
            logger.setUseParentHandlers(false);
            logger.setLevel(Level.WARNING);
            logger.addHandler(HEARD);
        }
    }

    /** From now on only what comes is told. */
    static void forget() {
        HEARD.heard.clear();
    }

    static List<String> heard() {
        return List.copyOf(HEARD.heard);
    }

    @Override
    public void publish(LogRecord said) {
        StringBuilder text = new StringBuilder(said.getMessage());
        for (Throwable cause = said.getThrown(); cause != null; cause = cause.getCause()) {
            text.append("\n  ").append(cause);
            for (StackTraceElement at : cause.getStackTrace()) {
                text.append("\n    ").append(at);
            }
        }
        heard.add(text.toString());
    }

    @Override
    public void flush() {
        // nothing is kept back
    }

    @Override
    public void close() {
        // as long as the process
    }
}
