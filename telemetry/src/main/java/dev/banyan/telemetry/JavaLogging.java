package dev.banyan.telemetry;

import dev.banyan.telemetry.LogEvent.Level;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Puts what libraries log through java.util.logging, and so Netty and slf4j-jdk14, into the event log: warnings and worse, with the
 * last part of the logger's name as its tier. Nothing of it reaches the terminal any more.
 */
public final class JavaLogging extends Handler {
    private final EventLog log;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private JavaLogging(EventLog log) {
        this.log = log;
    }

    /** Takes over from all handlers of this JVM. */
    public static void into(EventLog log) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(java.util.logging.Level.WARNING);
        root.addHandler(new JavaLogging(log));
    }

    @Override
    public void publish(LogRecord record) {
        log.log(new LogEvent(record.getInstant(), level(record.getLevel()), tier(record.getLoggerName()), formatter.formatMessage(record), fields(record)));
    }

    @Override
    public void flush() {
        // The event log writes what it has by itself.
    }

    @Override
    public void close() {
        // The event log is its owner's to close.
    }

    private static List<LogEvent.Field> fields(LogRecord record) {
        Throwable thrown = record.getThrown();
        if (thrown == null) {
            return List.of();
        }
        StackTraceElement[] stack = thrown.getStackTrace();
        return LogEvent.fields("error", thrown.toString(), "from", stack.length == 0 ? "" : stack[0].toString());
    }

    private static Level level(java.util.logging.Level level) {
        if (level.intValue() >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (level.intValue() >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARN;
        }
        return level.intValue() >= java.util.logging.Level.INFO.intValue() ? Level.INFO : Level.DEBUG;
    }

    private static String tier(String logger) {
        return logger == null ? "java" : logger.substring(logger.lastIndexOf('.') + 1);
    }
}
