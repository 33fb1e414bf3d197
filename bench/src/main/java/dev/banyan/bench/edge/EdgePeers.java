package dev.banyan.bench.edge;

import dev.banyan.bench.bed.LoneProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An edge of ours, Varnish and NGINX as commands, each with one thread or worker where it can be told, before one origin on loopback. */
public final class EdgePeers {
    private static final int CONNECTIONS = 16_384;

    private final Path folder;
    private final int origin;

    /** @param folder for their files, below which each has one of its own; one that a process without privileges may enter */
    public EdgePeers(Path folder, int origin) {
        this.folder = folder;
        this.origin = origin;
    }

    /**
     * The cache as the public tests want it: it stores what may be stored, and revalidates; NGINX and Varnish as the tests' own container has them.
     *
     * @param name banyan, nginx or varnish
     * @param cookies what a Banyan edge makes of answers that set some, {@code edge.cookies}
     */
    public List<String> toTest(String name, int port, String cookies) throws IOException {
        return switch (name) {
            case "nginx" -> nginx(port, """
                      proxy_pass http://origin;
                      proxy_cache stored;
                      proxy_cache_revalidate on;
                    """);
            case "varnish" -> varnish(port, List.of("-p", "default_ttl=0", "-p", "default_grace=0", "-p", "default_keep=3600"));
            default -> ours(name, port, cookies);
        };
    }

    /**
     * The cache at its fastest, with misses for one object made one, each as its manual says.
     *
     * @param name banyan, nginx or varnish
     */
    public List<String> toMeasure(String name, int port) throws IOException {
        return switch (name) {
            case "nginx" -> nginx(port, """
                      proxy_pass http://origin;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_cache stored;
                      proxy_cache_lock on; proxy_cache_lock_timeout 60s; proxy_cache_lock_age 60s;
                      sendfile on; tcp_nopush on; open_file_cache max=1000 inactive=1h; open_file_cache_valid 1h; open_file_cache_min_uses 1;
                    """);
            case "varnish" -> varnish(port, List.of("-p", "thread_pools=1", "-p", "thread_pool_min=100", "-p", "thread_pool_max=5000", "-p", "listen_depth=16384"));
            default -> ours(name, port, "strip");
        };
    }

    private List<String> ours(String name, int port, String cookies) {
        if (!name.equals("banyan")) {
            throw new IllegalArgumentException("there is no cache '" + name + "'");
        }
        return LoneProgram.command(LoneEdge.class, List.of(String.valueOf(port), String.valueOf(origin), cookies));
    }

    private List<String> nginx(int port, String location) throws IOException {
        Path prefix = open(Files.createDirectories(folder.resolve("nginx")));
        Path file = prefix.resolve("nginx.conf");
        Files.writeString(file, """
                daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/error.log crit;
                events { worker_connections %5$d; }
                http {
                  access_log off; keepalive_requests 100000000; keepalive_timeout 300s;
                  client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                  proxy_cache_path %1$s/cache levels=1:2 keys_zone=stored:8m max_size=1000m inactive=600m use_temp_path=off;
                  upstream origin { server 127.0.0.1:%4$d; keepalive 64; }
                  server {
                    listen 127.0.0.1:%2$d backlog=16384;
                    location / {
                %3$s    }
                  }
                }
                """.formatted(prefix, port, location, origin, CONNECTIONS));
        return List.of("nginx", "-p", prefix.toString(), "-c", file.toString());
    }

    private List<String> varnish(int port, List<String> parameters) throws IOException {
        Path prefix = open(Files.createDirectories(folder.resolve("varnish")));
        Path file = prefix.resolve("default.vcl");
        Files.writeString(file, """
                vcl 4.0;
                backend default { .host = "127.0.0.1"; .port = "%d"; }
                """.formatted(origin));
        List<String> command = new ArrayList<>(List.of(
                "varnishd", "-F", "-j", "none", "-n", prefix.resolve("work").toString(), "-a", "127.0.0.1:" + port, "-T", "none", "-f", file.toString(), "-s", "malloc,256M"));
        command.addAll(parameters);
        return command;
    }

    /** NGINX's worker gives up root and must still write here. */
    private static Path open(Path path) {
        path.toFile().setWritable(true, false);
        path.toFile().setExecutable(true, false);
        path.toFile().setReadable(true, false);
        return path;
    }
}
