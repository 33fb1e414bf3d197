package dev.banyan.bench.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What stands beside the front door, each with one thread, keep-alive both ways, and the forwarding headers that a proxy adds. */
public final class Peers {
    private static final int CONNECTIONS = 8192;

    private final Path folder;
    private final int originPort;
    private final int connections;

    public Peers(Path folder, int originPort) {
        this(folder, originPort, CONNECTIONS);
    }

    /** @param connections how many a proxy must be able to hold, of clients and servers together */
    public Peers(Path folder, int originPort, int connections) {
        this.folder = folder;
        this.originPort = originPort;
        this.connections = connections;
    }

    /** The origin: NGINX answering 1 KB from memory. */
    public List<String> origin() throws IOException {
        String body = "x".repeat(1024);
        return nginx("origin", """
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    location / { default_type text/plain; return 200 "%s"; }
                  }
                """.formatted(originPort, body));
    }

    public List<String> nginxProxy(int port) throws IOException {
        return nginx("nginx", """
                  upstream origin { server 127.0.0.1:%d; keepalive 1024; keepalive_requests 100000000; }
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    location / {
                      proxy_pass http://origin;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_set_header Host $host;
                      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                      proxy_set_header X-Forwarded-Proto $scheme;
                      proxy_set_header X-Forwarded-Host $host;
                      proxy_set_header X-Request-Id $request_id;
                    }
                  }
                """.formatted(originPort, port));
    }

    private List<String> nginx(String name, String servers) throws IOException {
        Path prefix = Files.createDirectories(folder.resolve(name));
        Path file = prefix.resolve("nginx.conf");
        Files.writeString(file, """
                daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/error.log crit;
                events { worker_connections %3$d; }
                http {
                  access_log off; keepalive_requests 100000000; keepalive_timeout 300s;
                  client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                %2$s}
                """.formatted(prefix, servers, connections));
        return List.of("nginx", "-p", prefix.toString(), "-c", file.toString());
    }

    public List<String> haproxy(int port) throws IOException {
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, """
                global
                  nbthread 1
                  maxconn %3$d
                  # It wants two files a connection, and goes on with what the system allows.
                  no strict-limits
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 75s
                  timeout server 60s
                  timeout http-keep-alive 75s
                  option forwardfor
                frontend door
                  bind 127.0.0.1:%1$d backlog 4096
                  http-request set-header X-Forwarded-Proto http
                  http-request set-header X-Forwarded-Host %%[req.hdr(host)]
                  unique-id-format %%[uuid()]
                  unique-id-header X-Request-Id
                  default_backend origin
                backend origin
                  balance random(2)
                  http-reuse always
                  server origin 127.0.0.1:%2$d check inter 1s
                """.formatted(port, originPort, connections));
        return List.of("haproxy", "-f", file.toString());
    }
}
