"""redis-py as applications use it; arguments: port, and "ring" when keys are on several nodes. Says "ok NAME" or "not ok NAME: why"."""
import sys
import threading

import redis

PORT = int(sys.argv[1])
RING = sys.argv[2:] == ["ring"]


def check(name, body):
    try:
        body()
        print("ok " + name, flush=True)
    except Exception as e:  # every fault is the check's result
        print("not ok %s: %r" % (name, e), flush=True)


for protocol in (2, 3):
    r = redis.Redis(port=PORT, protocol=protocol, decode_responses=True, client_name="fig")
    at = lambda key, p=protocol: "py%d:%s" % (p, key)

    def values():
        assert r.set(at("a"), "v", ex=100) and r.get(at("a")) == "v"
        assert r.hset(at("h"), mapping={"name": "fig"}) == 1 and r.hgetall(at("h")) == {"name": "fig"}
        r.zadd(at("z"), {"one": 1.5})
        assert r.zscore(at("z"), "one") == 1.5
        assert r.client_getname() == "fig"

    def pipelines():
        pipe = r.pipeline(transaction=False)
        for _ in range(5000):
            pipe.incr(at("n"))
        assert pipe.execute() == list(range(1, 5001))

    def transactions():
        assert r.pipeline().set(at("{t}a"), 1).incr(at("{t}a")).execute() == [True, 2]
        with r.pipeline() as pipe:
            pipe.watch(at("{t}a"))
            r.set(at("{t}a"), 9)
            pipe.multi()
            pipe.incr(at("{t}a"))
            try:
                pipe.execute()
                raise AssertionError("another had written")
            except redis.WatchError:
                pass

    def locks_and_scripts():
        with r.lock(at("lock"), timeout=10, blocking_timeout=5):
            assert r.get(at("lock"))
        add = r.register_script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
        assert [add(keys=[at("lua%d" % i)], args=[2]) for i in range(10)] == [2] * 10

    def channels():
        p = r.pubsub()
        p.subscribe(at("news"))
        p.psubscribe(at("p*"))
        assert p.get_message(timeout=10)["type"] == "subscribe" and p.get_message(timeout=10)["type"] == "psubscribe"
        r.publish(at("news"), "1")
        r.publish(at("pets"), "2")
        assert [p.get_message(timeout=10)["data"] for _ in range(2)] == ["1", "2"]
        p.close()

    def blocking():
        popped = []
        waiting = threading.Thread(target=lambda: popped.append(r.blpop([at("q")], timeout=20)))
        waiting.start()
        r.rpush(at("q"), "job")
        waiting.join(30)
        assert list(popped[0]) == [at("q"), "job"]

    def scan():
        for i in range(300):
            r.set(at("scan:%d" % i), "v")
        assert len(set(r.scan_iter(match=at("scan:*"), count=50))) == 300
        keys = [at("scan:%d" % i) for i in range(300)]
        assert r.mget(keys) == ["v"] * 300 and r.delete(*keys) == 300
        if RING:
            try:
                r.mset({key: "x" for key in keys})
                raise AssertionError("never half")
            except redis.ResponseError as e:
                assert isinstance(e, redis.exceptions.ClusterCrossSlotError), e

    for body in (values, pipelines, transactions, locks_and_scripts, channels, blocking, scan):
        check("protocol %d: %s" % (protocol, body.__name__.replace("_", " ")), body)
