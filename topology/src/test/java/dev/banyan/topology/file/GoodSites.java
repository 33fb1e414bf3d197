package dev.banyan.topology.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Site files that reader and schema must both take without a word. */
final class GoodSites {
    static final String EVERYTHING = """
            site: shop
            stage: 6
            application:
              command: [java, -Xmx256m, -jar, app.jar, 1, true]
              instances: 5
              directory: build
              environment: { MODE: fast, LEVEL: 3, RATIO: 0.5, DEBUG: true, EMPTY: "" }
              health-path: /health?deep=1
              start-timeout: 2m
              stop-timeout: 0s
            database:
              url: postgresql://shop:pass%2Fword@db-1.internal:5432,[::1]:5433,db-3.internal/shop?sslmode=require
              kind: postgresql
              router:
                listen: 6543
                tls: { certificate: router.pem, key: router.key, required: true }
                users-file: users.txt
                mode: session
                clients: 20000
                pool: { min: 5, size: 50, per-server: 80, opening: 8, queue: 100, patience: 2s, idle: 1m, lifetime: 30m }
                reads: { from: replicas, consistency: bounded-staleness, patience: 50ms, staleness: 1s, in-transactions: false, balance: least-connections,
                         functions: [total, reports.monthly_total, 'billing."Open items"'] }
                prepared-statements: 1000
                statement: 4MiB
                slow: 250ms
              failover: { interval: 1s, fall: 5, drain: 30s }
            cache:
              kind: redis
              url: redis-sentinel://shop:pass%2Fword@s-1.internal:26379,[::1]:26380/shop
              router:
                listen: 6381
                tls: { certificate: cache.pem, key: cache.key }
                clients: 20000
                limits: { value: 8MiB, arguments: 10000, pipeline: 100, unread: 64KiB }
                timeouts: { connect: 250ms, answer: 1s, unread: 10s, idle: 5m }
                when-down: error
                near: { memory: 0B, hot: 1000, lifetime: 1s }
              keys:
                - { prefix: "session:", strategy: cache-aside, lease: true }
                - { prefix: "user:", strategy: read-through, table: public.users, key: [id], columns: [name, '"Full Name"'], value: hash, ttl: 1h, jitter: 5%, missing: 0s, refresh-ahead: 20%,
                    on-change: refresh, evicted-by: [{ table: follows, columns: [user_id] }, { table: themes, columns: [] }] }
                - { prefix: "feed:", strategy: read-through, sql: "SELECT * FROM photos WHERE user_id = $1::bigint LIMIT $2", on-change: evict }
                - { prefix: "note:", strategy: write-around, table: notes }
                - { prefix: "name:", strategy: write-through, table: users, value: column, columns: [name], on-change: ignore }
                - { prefix: "likes:", strategy: write-behind, table: photos, value: column, columns: [like_count] }
              write-behind: { journal: 1GiB, delay: 100ms, batch: 500 }
            services:
              search: { command: [./search], instances: 2, directory: search, environment: { MODE: fast }, health-path: /health, start-timeout: 10s, stop-timeout: 1s }
              images: { servers: [http://10.0.0.7:3000] }
            edge:
              nodes:
                - { name: edge-1, listen: 127.0.0.1:8090, networks: [10.0.0.0/8, "fd00::/8"] }
                - { name: south }
              shield: true
              memory: 128MiB
              disk: 1GiB
              eviction: s3-fifo
              object: 10MB
              stale: { while-revalidate: 30s, if-error: 1d }
              negative: 1m
              key: { ignored: [utm_*, fbclid], sorted: true }
              clients: { connections: 100, requests: 1000, misses: 20 }
              remote: { listen: 8445, certificate: edge.pem, key: edge.key }
            front-door:
              listen: 127.0.0.1:80
              tls: { listen: "[::1]:443", certificate: site.pem, key: site.key, certificates: [{ hosts: [shop.example, "*.shop.example"], certificate: shop.pem, key: shop.key }] }
              balance: { algorithm: consistent-hash, hash: header X-User, bound: 150%, sticky-cookie: banyan, slow-start: 0s }
              health: { interval: 500ms, timeout: 250ms, rise: 1, fall: 1, consecutive-failures: 0, failure-share: 12.5%, minimum-requests: 1,
                        ejection: 1m, maximum-ejected: 40%, panic-threshold: 60% }
              retries: { attempts: 0, budget: 0%, minimum-per-second: 0, body: 0B }
              timeouts: { connect: 1s, head: 1s, response: 1h, body: 1d, idle: 1m, server-idle: 3s, tunnel: 7d }
              limits: { connections: 1, per-server: 1, queue: 0, queue-timeout: 1ms, head: 1MiB, headers: 1, body: 10GB }
              drain: { requests: 0s, tunnels: 10m }
              proxy-protocol: True
              trusted-proxies: [10.0.0.0/8, "fd00::/8", 192.0.2.1]
              access-log: FALSE
            gateway:
              routes:
                - { name: api, path: /api, limits: [{ name: api, requests: 100, per: 1m, burst: 20, by: header X-Tenant, exceeded: mark, shared: true, tolerance: 10%, memory: 1MiB },
                    { requests: 5, by: claim org }, { requests: 1000, by: all }] }
              limits: [{ requests: 50 }]
              concurrency: { initial: 10, minimum: 2, maximum: 500, slack: 100%, normal: 80%, low: 50% }
              breaker: { failure-share: 25%, minimum-requests: 50, pause: 1s, longest-pause: 30s, probes: 1, slow: 2s }
              compression: { codings: [zstd, br, gzip], types: [text/*, application/json], from: 512B }
            console: { listen: 0.0.0.0:9901, tls: { certificate: console.pem, key: console.key } }
            slo: { availability: 99.95%, latency: { share: 99%, within: 300ms }, window: 7d }
            telemetry:
              otlp: { endpoint: "https://collector.internal:4318/otlp", headers: { Authorization: Bearer abc }, metrics: false, traces: true, every: 5s, timeout: 1s }
              traces: { sample: 0.5%, most: 20 }
              sql-comments: true
              log-format: human
            """;

    private static final String CALLERS = """
            site: shop
            application: { command: ./serve }
            gateway:
              callers:
                keys:
                  header: X-Shop-Key
                  query: api_key
                  known:
                    scanner: { sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b, labels: { plan: gold, limit: 10 }, expires: 2027-01-31 }
                  file: keys.txt
                tokens:
                  cookie: session
                  issuers:
                    - { issuer: "https://login.example.com/", audiences: [shop], algorithms: [ES256, EdDSA], keys-url: "https://login.example.com/keys", refresh: 5m, timeout: 1s }
                    - { issuer: partner, keys-file: partner.pem, leeway: 0s, require: [scope, tenant], name: client_id }
                    - { issuer: internal, secret: "0123456789abcdef0123456789abcdef0123456789abcdef", algorithms: [HS384] }
                users: { file: users.htpasswd, remember: 1m }
                realm: the shop
                pass: [{ claim: plan, header: X-Plan }]
                failures: 5
              routes:
                - { name: api, path: /api, callers: { by: [key, token], claims: [{ claim: scope, contains: "orders:write" }, { claim: level, is: 5 }], forward: true } }
                - { name: admin, path: /admin, callers: { by: [password], names: [alice] } }
                - { name: rest, callers: { optional: true } }
            """;

    private static final String ROUTES = """
            site: shop
            application: { command: ./serve }
            services: { images: { command: ./images }, search: { servers: ["http://10.0.0.7:3000"] }, search-next: { command: ./search } }
            gateway:
              ignore-case: false
              identity-header: X-Shop-User
              routes:
                - { name: old-host, hosts: [shop.example, "*.shop.example"], redirect: "https://www.shop.example{path}" }
                - { name: old-path, path: "/item/{id}", exact: true, redirect: { to: "{scheme}://{host}/items/{id}?{query}", status: 302 } }
                - { name: teapot, path: /coffee, methods: [BREW, PROPFIND], respond: { status: 418, body: "short and stout\n", type: text/plain } }
                - { name: beta, path: /search, headers: [{ name: X-Beta, equals: true }, { name: User-Agent, matches: "(?i)mozilla/.*" }, Accept], service: search-next }
                - { name: debug, path: /search, query: [debug, { name: level, matches: "[0-9]+" }], service: search }
                - name: search
                  path: /search
                  split: [{ service: search, weight: 90 }, { service: search-next, weight: 10 }, { service: application, weight: 0 }]
                  mirror: { service: application, share: 1% }
                  rewrite: { prefix: / }
                  timeouts: { response: 5s, body: 10s, tunnel: 1d }
                  retries: 0
                  compress: false
                  priority: low
                - name: images
                  path: "/users/{user}/pictures"
                  service: images
                  canary: { service: application, header: { name: X-Canary, equals: "1" }, cookie: canary, share: 5%, by: cookie }
                  mirror: search
                  rewrite: { path: "/v2/{user}/{rest}" }
                  request-headers: { set: { X-Client: "{client}", X-Path: "{path}", X-Level: 3 }, add: { X-Seen: "{request-id} of {identity}" }, remove: [X-Debug] }
                  response-headers: { set: { Strict-Transport-Security: max-age=31536000, Report-To: '{"group":"a"}' }, remove: [Server, X-Powered-By] }
                  cors: { origins: ["https://app.shop.example", "https://*.shop.example", "http://localhost:3000", "capacitor://localhost"], methods: [PUT, DELETE], headers: [Content-Type], expose: [X-Total],
                          credentials: true, max-age: 1h }
                - { name: assets, path: /assets, files: { folder: public/assets, max-age: 1h } }
                - { name: console, path: /console, files: { folder: public, index: start.html, fallback: app/index.html } }
                - { name: pages, path: /pages, files: public }
              error-pages: { 404: pages/404.html, 5xx: { file: pages/5xx.html, intercept: true } }
              maintenance: { active: true, page: pages/closed.html, retry-after: 10m, allow: [10.0.0.0/8, "::1"] }
            """;

    static final Map<String, String> ALL = Map.ofEntries(
            Map.entry("routes", ROUTES),
            Map.entry("the sample site", Golden.read(Path.of("../site.yaml"))),
            Map.entry("the smallest", "site: a\napplication: { command: ./serve }"),
            Map.entry("everything", EVERYTHING),
            Map.entry("servers", "site: a\nstage: 3\napplication:\n  servers: [http://10.0.0.1:3000, {url: 'http://[::1]:81/', weight: 1000}, 'http://app.internal']\n"),
            Map.entry("a command as a line", "site: a\napplication:\n  command: cd app && exec ./serve --port $PORT\n"),
            Map.entry("a command in a block", "site: a\napplication:\n  command: |\n    cd app\n    exec ./serve\n"),
            Map.entry("all from variables", """
                    site: ${NAME}
                    stage: ${STAGE:-3}
                    application: { servers: ["http://${HOST}:3000"] }
                    front-door:
                      listen: ${PORT}
                      access-log: ${LOG:-false}
                      balance: { algorithm: "${ALGORITHM:-hash}" }
                      timeouts: { connect: "${SECONDS:-5}s" }
                      limits: { connections: "${PORT}" }
                    """),
            Map.entry("empty mappings", "site: a\napplication: { command: x }\ndatabase: {}\nfront-door: { tls: {}, health: {} }\nconsole: { tls: {} }\n"),
            Map.entry("a document with its marks", "---\nsite: a\napplication: { command: x }\n...\n"),
            Map.entry("callers", CALLERS),
            Map.entry("JSON", "{\"site\": \"a\", \"stage\": 3, \"application\": {\"command\": [\"x\"], \"instances\": 2}}"));

    private static final Map<String, String> VARIABLES = Map.of("NAME", "shop", "HOST", "10.0.0.1", "PORT", "8081");

    private GoodSites() {}

    static Optional<String> variable(String name) {
        return Optional.ofNullable(VARIABLES.get(name));
    }
}
