import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq';
import { assert, check, port, until } from './harness.mjs';

const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const prefix = '{bull}'; // its keys lie on one node, as its manual asks for of a cluster
const queue = new Queue('jobs', { connection, prefix });
const events = new QueueEvents('jobs', { connection, prefix });
await events.waitUntilReady();

await check('200 jobs are done once each, by two workers', async () => {
  const done = [];
  const workers = [1, 2].map(() => new Worker('jobs', async job => { done.push(job.data.n); return job.data.n * 2; }, { connection, prefix, concurrency: 10 }));
  const jobs = await queue.addBulk(Array.from({ length: 200 }, (_, n) => ({ name: 'double', data: { n } })));
  const results = await Promise.all(jobs.map(job => job.waitUntilFinished(events)));
  assert.deepEqual(results, Array.from({ length: 200 }, (_, n) => n * 2));
  assert.equal(new Set(done).size, 200);
  assert.equal(done.length, 200);
  await Promise.all(workers.map(worker => worker.close()));
});
await check('a job that fails is tried again, and then kept as failed', async () => {
  let tries = 0;
  const worker = new Worker('jobs', async () => { tries++; throw new Error('poison'); }, { connection, prefix });
  const job = await queue.add('fails', {}, { attempts: 3, backoff: { type: 'fixed', delay: 10 } });
  await assert.rejects(job.waitUntilFinished(events), /poison/);
  assert.equal(tries, 3);
  assert.equal(await queue.getFailedCount(), 1);
  await worker.close();
});
await check('delayed and ranked jobs come in their order', async () => {
  const done = [];
  await queue.add('late', {}, { delay: 3000 });
  await queue.add('low', {}, { priority: 10 });
  await queue.add('high', {}, { priority: 1 });
  const worker = new Worker('jobs', async job => { done.push(job.name); }, { connection, prefix });
  await until(() => done.length === 3);
  assert.deepEqual(done, ['high', 'low', 'late']);
  await worker.close();
});
await check('a flow: the parent after its children', async () => {
  const done = [];
  const flows = new FlowProducer({ connection, prefix });
  const worker = new Worker('jobs', async job => { done.push(job.name); }, { connection, prefix });
  await flows.add({ name: 'parent', queueName: 'jobs', children: [{ name: 'child', queueName: 'jobs' }, { name: 'child', queueName: 'jobs' }] });
  await until(() => done.length === 3);
  assert.equal(done[2], 'parent');
  await worker.close();
  await flows.close();
});
await queue.obliterate({ force: true });
await events.close();
await queue.close();
