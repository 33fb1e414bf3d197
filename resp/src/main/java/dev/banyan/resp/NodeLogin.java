package dev.banyan.resp;

import dev.banyan.topology.Secret;
import io.netty.handler.ssl.SslContext;
import java.util.Optional;

/**
 * As whom the nodes are asked.
 *
 * @param user empty is the default one
 * @param password empty where none is needed
 * @param tls for connections to the nodes, whose host names it checks
 */
public record NodeLogin(Optional<String> user, Optional<Secret> password, Optional<SslContext> tls) {
    /** Nobody in particular, in the clear. */
    public static final NodeLogin NONE = new NodeLogin(Optional.empty(), Optional.empty(), Optional.empty());

    /** The default user, in the clear. */
    public static NodeLogin of(Secret password) {
        return new NodeLogin(Optional.empty(), Optional.of(password), Optional.empty());
    }
}
