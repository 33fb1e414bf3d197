package dev.banyan.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Hears Ctrl-C and the system's request to end, each time. The JVM's own way, a shutdown hook, hears the first alone, and a person's second
 * Ctrl-C is to hurry. {@code sun.misc.Signal} is what the JDK offers (module jdk.unsupported); through reflection, since the compiler warns
 * of it and warnings are errors here.
 */
final class Signals {
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /** @param heard runs on a thread of the JVM's own, must not block */
    static void listen(Runnable heard) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    heard.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "Signals";
            });
            for (String name : NAMES) {
                listen(signal, handler, ours, name);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every JDK has sun.misc.Signal", e);
        }
    }

    /** A signal that the JVM was started to ignore, as HUP under nohup, stays ignored. */
    private static void listen(Class<?> signal, Class<?> handler, Object ours, String name) throws ReflectiveOperationException {
        try {
            Object before = signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
            if (before != null && before == handler.getField("SIG_IGN").get(null)) {
                signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), before);
            }
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw e;
            }
            // The system, or -Xrs, keeps this signal to itself: then it ends us as it always does.
        }
    }
}
