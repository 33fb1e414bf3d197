import { Redis } from 'ioredis';
import { assert, check, port, ring, until } from './harness.mjs';

const redis = new Redis({ port, host: '127.0.0.1', connectionName: 'fig' });

await check('strings and bytes', async () => {
  assert.equal(await redis.set('io:a', 'v', 'EX', 100), 'OK');
  assert.equal(await redis.get('io:a'), 'v');
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  await redis.set('io:bytes', bytes);
  assert.deepEqual(await redis.getBuffer('io:bytes'), bytes);
  assert.equal(await redis.client('GETNAME'), 'fig');
});
await check('hashes, lists, sets, sorted sets', async () => {
  await redis.hset('io:h', { name: 'fig', age: 7 });
  assert.deepEqual(await redis.hgetall('io:h'), { name: 'fig', age: '7' });
  await redis.rpush('io:l', 1, 2, 3);
  assert.deepEqual(await redis.lrange('io:l', 0, -1), ['1', '2', '3']);
  await redis.sadd('io:s', 'a', 'b');
  assert.equal(await redis.scard('io:s'), 2);
  await redis.zadd('io:z', 1, 'one', 2.5, 'two');
  assert.deepEqual(await redis.zrange('io:z', 0, -1, 'WITHSCORES'), ['one', '1', 'two', '2.5']);
});
await check('automatic pipelines', async () => {
  const auto = new Redis({ port, enableAutoPipelining: true });
  const answers = await Promise.all(Array.from({ length: 5000 }, (_, i) => auto.set(`io:auto:${i}`, i).then(() => auto.get(`io:auto:${i}`))));
  assert.deepEqual(answers, Array.from({ length: 5000 }, (_, i) => String(i)));
  auto.disconnect();
});
await check('pipelines with an error in the middle', async () => {
  const answers = await redis.pipeline().set('io:p', 'text').incr('io:p').get('io:p').exec();
  assert.equal(answers[0][1], 'OK');
  assert.match(answers[1][0].message, /not an integer/);
  assert.equal(answers[2][1], 'text');
});
await check('transactions and watched keys', async () => {
  assert.deepEqual(await redis.multi().set('io:{t}a', 1).incr('io:{t}a').exec(), [[null, 'OK'], [null, 2]]);
  const other = new Redis(port);
  await redis.watch('io:{t}a');
  await other.set('io:{t}a', 9);
  assert.equal(await redis.multi().incr('io:{t}a').exec(), null);
  other.disconnect();
});
await check('commands of Lua', async () => {
  redis.defineCommand('addTwice', { numberOfKeys: 1, lua: "redis.call('INCRBY', KEYS[1], ARGV[1]); return redis.call('INCRBY', KEYS[1], ARGV[1])" });
  for (let i = 0; i < 20; i++) { // EVALSHA first, EVAL where the script is not known: at each node once
    assert.equal(await redis.addTwice(`io:lua:${i}`, 21), 42);
  }
});
await check('channels and patterns', async () => {
  const subscriber = new Redis(port);
  const heard = [];
  subscriber.on('message', (channel, message) => heard.push(`${channel} ${message}`));
  subscriber.on('pmessage', (pattern, channel, message) => heard.push(`${pattern} ${channel} ${message}`));
  await subscriber.subscribe('io:news');
  await subscriber.psubscribe('io:p*');
  assert.equal(await redis.publish('io:news', '1'), 1);
  await redis.publish('io:pets', '2');
  await until(() => heard.length === 2);
  assert.deepEqual(heard, ['io:news 1', 'io:p* io:pets 2']);
  subscriber.disconnect();
});
await check('blocking and streams', async () => {
  const waiting = new Redis(port);
  const popped = waiting.brpop('io:{q}a', 'io:{q}b', 20);
  await redis.lpush('io:{q}b', 'job');
  assert.deepEqual(await popped, ['io:{q}b', 'job']);
  const id = await redis.xadd('io:x', '*', 'n', '1');
  assert.equal((await waiting.xread('BLOCK', 5000, 'STREAMS', 'io:x', '0'))[0][1][0][0], id);
  waiting.disconnect();
});
await check('scan streams', async () => {
  await Promise.all(Array.from({ length: 300 }, (_, i) => redis.set(`io:scan:${i}`, 'v')));
  const found = new Set();
  for await (const keys of redis.scanStream({ match: 'io:scan:*', count: 50 })) {
    keys.forEach(key => found.add(key));
  }
  assert.equal(found.size, 300);
});
await check('many keys', async () => {
  const keys = Array.from({ length: 50 }, (_, i) => `io:scan:${i}`);
  assert.deepEqual(await redis.mget(keys), keys.map(() => 'v'));
  assert.equal(await redis.del(keys), 50);
  if (ring) {
    await assert.rejects(redis.mset('io:1', 1, 'io:2', 2, 'io:3', 3, 'io:4', 4), /CROSSSLOT/);
  }
});
await check('databases, and a new connection after a lost one', async () => {
  const third = new Redis({ port, db: 3 });
  await third.set('io:db', 'in 3');
  assert.equal(await redis.get('io:db'), null);
  assert.equal(await redis.client('KILL', 'ID', await third.client('ID')), 1);
  await until(async () => (await third.get('io:db').catch(() => null)) === 'in 3');
  third.disconnect();
});
redis.disconnect();
