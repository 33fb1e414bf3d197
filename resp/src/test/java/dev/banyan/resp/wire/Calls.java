package dev.banyan.resp.wire;

import java.util.List;

/** Calls of commands with keys wherever Redis has them; {@code ''} is an empty argument. */
final class Calls {
    private Calls() {}

    static String[] words(String call) {
        return java.util.Arrays.stream(call.split(" ")).map(word -> word.equals("''") ? "" : word).toArray(String[]::new);
    }

    static List<String> all() {
        return TEXT.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static final String TEXT = """
        APPEND k v
        BITCOUNT k 0 1 BYTE
        BITFIELD k SET u8 0 1 GET u4 0
        BITFIELD_RO k GET u4 0
        BITOP AND dest a b c
        BITOP NOT dest a
        BITPOS k 1
        BLMOVE a b LEFT RIGHT 0
        BLMPOP 0 2 a b LEFT COUNT 3
        BLPOP a b c 0
        BRPOP a 1
        BRPOPLPUSH a b 0
        BZMPOP 1 1 a MIN
        BZPOPMAX a b 0
        BZPOPMIN a 0
        COPY a b DB 1 REPLACE
        DECR k
        DECRBY k 2
        DEL a b c d e f
        DEL a
        DUMP k
        EVAL return 2 a b x y
        EVAL return 0
        EVAL return 0 x
        EVALSHA abc 1 a
        EVALSHA_RO abc 3 a b c
        EVAL_RO return 1 a
        EXISTS a b
        EXPIRE k 10 NX
        EXPIREAT k 10
        EXPIRETIME k
        FCALL f 2 a b c
        FCALL f 0
        FCALL_RO f 1 a
        GEOADD k NX 1 2 m
        GEODIST k a b M
        GEOHASH k a b
        GEOPOS k a
        GEORADIUS k 1 2 3 km
        GEORADIUS k 1 2 3 km COUNT 5 STORE dest
        GEORADIUS k 1 2 3 km STOREDIST dest ASC
        GEORADIUSBYMEMBER k m 3 km STORE dest
        GEORADIUSBYMEMBER k m 3 km
        GEORADIUSBYMEMBER_RO k m 3 km
        GEORADIUS_RO k 1 2 3 km ASC
        GEOSEARCH k FROMMEMBER m BYRADIUS 1 km
        GEOSEARCHSTORE dest k FROMMEMBER m BYRADIUS 1 km
        GET k
        GETBIT k 1
        GETDEL k
        GETEX k PERSIST
        GETRANGE k 0 1
        GETSET k v
        HDEL k a b
        HEXISTS k f
        HGET k f
        HGETALL k
        HINCRBY k f 1
        HINCRBYFLOAT k f 1
        HKEYS k
        HLEN k
        HMGET k a b
        HMSET k a 1 b 2
        HRANDFIELD k 2
        HSCAN k 0
        HSET k a 1
        HSETNX k a 1
        HSTRLEN k a
        HVALS k
        INCR k
        INCRBY k 1
        INCRBYFLOAT k 1.5
        LCS a b LEN
        LINDEX k 0
        LINSERT k BEFORE a b
        LLEN k
        LMOVE a b LEFT LEFT
        LMPOP 2 a b LEFT
        LPOP k 2
        LPOS k a
        LPUSH k a b
        LPUSHX k a
        LRANGE k 0 1
        LREM k 0 a
        LSET k 0 a
        LTRIM k 0 1
        MEMORY USAGE k
        MEMORY USAGE k SAMPLES 5
        MEMORY DOCTOR
        MGET a b c
        MIGRATE h 1 k 0 10
        MIGRATE h 1 '' 0 10 KEYS a b c
        MIGRATE h 1 '' 0 10 COPY REPLACE KEYS a
        MIGRATE h 1 '' 0 10 AUTH KEYS KEYS a
        MIGRATE h 1 '' 0 10 AUTH2 u KEYS KEYS a b
        MIGRATE h 1 k 0 10 COPY
        MOVE k 1
        MSET a 1 b 2 c 3
        MSETNX a 1 b 2
        OBJECT ENCODING k
        OBJECT FREQ k
        OBJECT HELP
        OBJECT idletime k
        OBJECT REFCOUNT k
        PERSIST k
        PEXPIRE k 10
        PEXPIREAT k 10
        PEXPIRETIME k
        PFADD k a b
        PFCOUNT a b
        PFDEBUG GETREG k
        PFMERGE dest a b
        PSETEX k 10 v
        PTTL k
        PUBLISH c m
        RENAME a b
        RENAMENX a b
        RESTORE k 0 x REPLACE
        RPOP k
        RPOPLPUSH a b
        RPUSH k a
        RPUSHX k a
        SADD k a b
        SCAN 0
        SCARD k
        SDIFF a b
        SDIFFSTORE dest a b
        set k v EX 10 NX GET
        SETBIT k 1 1
        SETEX k 10 v
        SETNX k v
        SETRANGE k 0 v
        SINTER a b
        SINTERCARD 2 a b LIMIT 1
        SINTERSTORE dest a b
        SISMEMBER k a
        SMEMBERS k
        SMISMEMBER k a b
        SMOVE a b m
        SORT k
        SORT k BY w_* LIMIT 0 1 GET # ALPHA
        SORT k BY store STORE dest
        SORT k GET STORE STORE dest
        SORT k STORE a STORE b
        SORT k LIMIT STORE x STORE b
        SORT k DESC STORE dest
        SORT_RO k BY x
        SPOP k
        SPUBLISH c m
        SRANDMEMBER k 2
        SREM k a
        SSCAN k 0
        STRLEN k
        SUBSCRIBE a b
        SUBSTR k 0 1
        SUNION a b
        SUNIONSTORE dest a b
        TOUCH a b
        TTL k
        TYPE k
        UNLINK a b
        WATCH a b
        XACK s g 1-0
        XADD s * f v
        XADD s NOMKSTREAM MAXLEN ~ 10 * f v
        XAUTOCLAIM s g c 10 0
        XCLAIM s g c 10 1-0
        XDEL s 1-0
        XGROUP CREATE s g $ MKSTREAM
        XGROUP CREATECONSUMER s g c
        XGROUP DELCONSUMER s g c
        XGROUP DESTROY s g
        XGROUP SETID s g $
        XGROUP HELP
        XINFO CONSUMERS s g
        XINFO GROUPS s
        XINFO STREAM s FULL
        XLEN s
        XPENDING s g
        XRANGE s - +
        XREAD COUNT 2 STREAMS a b 0 0
        XREAD COUNT 2 BLOCK 0 streams a 0
        XREADGROUP GROUP g c STREAMS a b c > > >
        XREADGROUP GROUP STREAMS c COUNT 1 STREAMS a >
        XREVRANGE s + -
        XSETID s 1-0
        XTRIM s MAXLEN 10
        ZADD k NX 1 a
        ZCARD k
        ZCOUNT k 0 1
        ZDIFF 2 a b WITHSCORES
        ZDIFFSTORE dest 2 a b
        ZINCRBY k 1 a
        ZINTER 2 a b
        ZINTERCARD 2 a b
        ZINTERSTORE dest 2 a b WEIGHTS 1 2
        ZLEXCOUNT k - +
        ZMPOP 2 a b MIN
        ZMSCORE k a
        ZPOPMAX k
        ZPOPMIN k
        ZRANDMEMBER k
        ZRANGE k 0 1
        ZRANGEBYLEX k - +
        ZRANGEBYSCORE k 0 1
        ZRANGESTORE dest k 0 1
        ZRANK k a
        ZREM k a
        ZREMRANGEBYLEX k - +
        ZREMRANGEBYRANK k 0 1
        ZREMRANGEBYSCORE k 0 1
        ZREVRANGE k 0 1
        ZREVRANGEBYLEX k + -
        ZREVRANGEBYSCORE k 1 0
        ZREVRANK k a
        ZSCAN k 0
        ZSCORE k a
        ZUNION 1 a
        ZUNIONSTORE dest 2 a b AGGREGATE MAX
        ZUNIONSTORE dest 1 a
        PING x
        INFO server
        CONFIG GET maxmemory
        CLIENT LIST
        SELECT 1
        RESTORE-ASKING k 0 x
        EVAL return 5 a
        EVAL return x a
        """;
}
