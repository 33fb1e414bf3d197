// Runs checks one after the other and says of each "ok NAME" or "not ok NAME: why"; arguments: port, and "ring" when keys are on several nodes.
import assert from 'node:assert/strict';

export const port = Number(process.argv[2]);
export const ring = process.argv[3] === 'ring';
export const url = `redis://127.0.0.1:${port}`;
const PATIENCE_MILLIS = 60_000;

export async function check(name, body) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no end after ${PATIENCE_MILLIS} ms`)), PATIENCE_MILLIS); });
  try {
    await Promise.race([body(), late]);
    console.log(`ok ${name}`);
  } catch (e) {
    console.log(`not ok ${name}: ${String(e && e.message || e).split('\n').join(' ')}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when the condition holds. */
export async function until(condition) {
  for (const end = Date.now() + PATIENCE_MILLIS; !(await condition());) {
    assert.ok(Date.now() < end, 'it did not come to it');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

export { assert };
