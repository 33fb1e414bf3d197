import { createClient } from 'redis';
import { assert, check, ring, until, url } from './harness.mjs';

for (const RESP of [2, 3]) {
  const at = name => `nr${RESP}:${name}`;
  const client = createClient({ url, RESP, name: 'fig' });
  await client.connect();
  const other = client.duplicate();
  await other.connect();

  await check(`RESP${RESP}: strings, hashes, sorted sets`, async () => {
    assert.equal(await client.set(at('a'), 'v', { expiration: { type: 'EX', value: 100 } }), 'OK');
    assert.equal(await client.get(at('a')), 'v');
    await client.hSet(at('h'), { name: 'fig', age: '7' });
    assert.deepEqual({ ...(await client.hGetAll(at('h'))) }, { name: 'fig', age: '7' });
    await client.zAdd(at('z'), [{ score: 1.5, value: 'one' }]);
    assert.equal(await client.zScore(at('z'), 'one'), 1.5);
    assert.equal(await client.clientGetName(), 'fig');
  });
  await check(`RESP${RESP}: what is asked at once goes together`, async () => {
    const answers = await Promise.all(Array.from({ length: 5000 }, (_, i) => client.incr(at('n'))));
    assert.deepEqual(answers, Array.from({ length: 5000 }, (_, i) => i + 1));
  });
  await check(`RESP${RESP}: transactions and watched keys`, async () => {
    assert.deepEqual(await client.multi().set(at('{t}a'), '1').incr(at('{t}a')).exec(), ['OK', 2]);
    await client.watch(at('{t}a'));
    await other.set(at('{t}a'), '9');
    await assert.rejects(client.multi().incr(at('{t}a')).exec(), /watched keys/i);
  });
  await check(`RESP${RESP}: channels, patterns, shards`, async () => {
    const subscriber = client.duplicate();
    await subscriber.connect();
    const heard = [];
    await subscriber.subscribe(at('news'), (message, channel) => heard.push(`${channel} ${message}`));
    await subscriber.pSubscribe(at('p*'), (message, channel) => heard.push(`p ${channel} ${message}`));
    await subscriber.sSubscribe(at('shard'), (message, channel) => heard.push(`s ${channel} ${message}`));
    await client.publish(at('news'), '1');
    await client.publish(at('pets'), '2');
    await client.sPublish(at('shard'), '3');
    await until(() => heard.length === 3);
    assert.deepEqual(heard.sort(), [`${at('news')} 1`, `p ${at('pets')} 2`, `s ${at('shard')} 3`].sort());
    await subscriber.unsubscribe();
    subscriber.destroy();
  });
  await check(`RESP${RESP}: blocking and streams`, async () => {
    const popped = other.blPop(at('q'), 20);
    await client.rPush(at('q'), 'job');
    assert.equal((await popped).element, 'job');
    await client.xGroupCreate(at('x'), 'g', '0', { MKSTREAM: true });
    await client.xAdd(at('x'), '*', { n: '1' });
    const read = await client.xReadGroup('g', 'c', { key: at('x'), id: '>' }, { COUNT: 1 });
    assert.equal(JSON.stringify(read).includes('"n"'), true);
  });
  await check(`RESP${RESP}: scripts and functions`, async () => {
    assert.equal(await client.eval("return redis.call('INCRBY', KEYS[1], ARGV[1])", { keys: [at('lua')], arguments: ['5'] }), 5);
    const library = `nodelib${RESP}`;
    await client.functionLoad(`#!lua name=${library}\nredis.register_function('${library}_get', function(keys, args) return redis.call('GET', keys[1]) end)`, { REPLACE: true });
    assert.equal(await client.fCall(`${library}_get`, { keys: [at('lua')] }), '5');
    await client.functionDelete(library);
  });
  await check(`RESP${RESP}: scan`, async () => {
    await Promise.all(Array.from({ length: 300 }, (_, i) => client.set(at(`scan:${i}`), 'v')));
    const found = new Set();
    for await (const keys of client.scanIterator({ MATCH: at('scan:*'), COUNT: 50 })) {
      for (const key of [].concat(keys)) {
        found.add(key);
      }
    }
    assert.equal(found.size, 300);
    assert.equal((await client.mGet([...found])).length, 300);
    if (ring) {
      await assert.rejects(client.mSet(Object.fromEntries([...found].map(key => [key, 'x']))), /CROSSSLOT/);
    }
  });
  if (RESP === 3) {
    await check('RESP3: a cache of its own, by client tracking', async () => {
      const caching = createClient({ url, RESP: 3, clientSideCache: { ttl: 0, maxEntries: 100, evictPolicy: 'LRU' } });
      await caching.connect();
      await client.set(at('cached'), 'old');
      assert.equal(await caching.get(at('cached')), 'old');
      assert.equal(await caching.get(at('cached')), 'old');
      await client.set(at('cached'), 'new');
      await until(async () => (await caching.get(at('cached'))) === 'new');
      caching.destroy();
    });
  }
  other.destroy();
  client.destroy();
}
