import express from 'express';
import session from 'express-session';
import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';
import { assert, check, url } from './harness.mjs';

const client = createClient({ url });
await client.connect();
const store = new RedisStore({ client, prefix: 'sess:', ttl: 100 });

function site() {
  const app = express();
  app.use(session({ store, secret: 'for a test', resave: false, saveUninitialized: false }));
  app.get('/in', (request, response) => { request.session.visits = 0; response.end('in'); });
  app.get('/visit', (request, response) => response.end(String(request.session.visits === undefined ? 'nobody' : ++request.session.visits)));
  app.get('/out', (request, response) => request.session.destroy(() => response.end('out')));
  return new Promise(resolve => { const server = app.listen(0, '127.0.0.1', () => resolve(server)); });
}

const servers = [await site(), await site()];
const get = (i, path, cookie) => fetch(`http://127.0.0.1:${servers[i].address().port}${path}`, { headers: cookie ? { cookie } : {} });

await check('a session lives in all copies of the site', async () => {
  const cookie = (await get(0, '/in')).headers.get('set-cookie').split(';')[0];
  for (let i = 1; i <= 20; i++) {
    assert.equal(await (await get(i % 2, '/visit', cookie)).text(), String(i));
  }
  await get(1, '/out', cookie);
  assert.equal(await (await get(0, '/visit', cookie)).text(), 'nobody');
});
await check('sessions are counted, listed and cleared', async () => {
  for (let i = 0; i < 20; i++) {
    await get(i % 2, '/in');
  }
  assert.equal(await store.length(), 20);
  assert.equal((await store.all()).length, 20);
  await store.clear();
  assert.equal(await store.length(), 0);
});
servers.forEach(server => server.close());
client.destroy();
