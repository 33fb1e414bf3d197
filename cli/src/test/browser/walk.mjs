// A person's walk through the console of a running site, in a real browser. One line a step: "ok WHAT" or "not ok WHAT: WHY".
// node walk.mjs CHROMIUM STATE_FOLDER PICTURES_FOLDER
// The browser is ready before the site is: what is timed is the page, not the browser.
import { readFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import axe from 'axe-core';

const [program, state, pictures] = process.argv.slice(2);
const SECOND = 1000;
// Whoever waits for the site or the page waits so long: it is not what is tested how busy the machine is.
const PATIENCE = 60;
const SOON = PATIENCE * SECOND;
mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'no-preference' })).newPage();
page.setDefaultTimeout(SOON);
const complaints = [];
page.on('console', message => { if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`); });
page.on('pageerror', error => complaints.push(`error: ${error}`));
console.log('ready');

let failed = 0;
async function step(what, does) {
  try {
    const seen = await does();
    console.log(`ok ${what}${seen ? ': ' + seen : ''}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${what}: ${String(error.message).replaceAll(/\s+/g, ' ').slice(0, 600)}`);
    await page.screenshot({ path: join(pictures, `failed-${failed}.png`), fullPage: true });
  }
}

async function until(what, seconds, holds) {
  const deadline = Date.now() + seconds * SECOND;
  for (;;) {
    const seen = await holds();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`not in ${seconds} s: ${what}`);
    await page.waitForTimeout(50);
  }
}

const picture = name => page.screenshot({ path: join(pictures, `${name}.png`) });
const site = () => page.evaluate(async () => (await fetch('/api/site')).json());

/** The rules of WCAG that a program can check; what is serious or worse is a fault. */
async function accessible(where) {
  await step(`axe-core finds no serious fault: ${where}`, async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' }); // what is just fading in is not yet as it is meant to be seen
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    const serious = found.violations.filter(each => ['serious', 'critical'].includes(each.impact));
    if (serious.length > 0) throw new Error(serious.map(each => `${each.id} at ${each.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', ')}`).join('; '));
    return `${found.passes.length} rules pass`;
  });
}


// ---- The walk ----

const running = join(state, 'running.json');
await until('the console listens', 2 * PATIENCE, () => existsSync(running));
const listensMillis = statSync(running).mtimeMs;
const at = JSON.parse(readFileSync(running, 'utf8')).console;
const token = readFileSync(join(state, 'console.token'), 'utf8').trim();

const node = id => page.locator(`#drawing [data-node="${id}"]`);
const decisions = page.locator('#decisions');
const stage = async number => (await site()).stage === number;

await step('the declared site is drawn at once', async () => {
  await page.goto(`${at}/?token=${token}`);
  for (const id of ['users', 'front-door', 'web-1', 'router', 'db-1']) await node(id).waitFor({ timeout: SOON });
  return `${(Date.now() - listensMillis).toFixed(0)} ms after the console listened`;
});
await step('the token is not left in the address', async () => {
  if (page.url().includes('token')) throw new Error('it is');
});
await step('it says that there is no traffic yet', async () => {
  await until('the site is up', 3 * PATIENCE, async () => (await site()).nodes.every(each => each.health === 'up'));
  await page.locator('#hint').filter({ hasText: 'No traffic yet' }).waitFor({ timeout: SOON });
  await picture('stage-1-idle');
});
await accessible('a site without traffic');
await step('traffic that is sent from the page is seen to move', async () => {
  await page.getByRole('button', { name: 'Send some' }).click();
  await page.locator('#drawing .arrow[data-state="live"]').first().waitFor({ state: 'attached', timeout: SOON });
  const totals = (await site()).totals;
  await until('requests are counted', PATIENCE, async () => (await site()).totals.requests > totals.requests);
  await picture('stage-1');
});

// From here on users come, twenty requests a second, however long the moves take.
const door = JSON.parse(readFileSync(running, 'utf8')).frontDoor[0];
const users = { answered: 0, failed: [] };
const coming = setInterval(() => {
  fetch(door, { signal: AbortSignal.timeout(SOON) })
    .then(async answer => { await answer.arrayBuffer(); answer.ok ? users.answered++ : users.failed.push(answer.status); }, error => users.failed.push(String(error.cause ?? error)));
}, 50);

async function grow(to) {
  await step(`grows to stage ${to} from the page`, async () => {
    const before = users.answered;
    await page.getByRole('tab', { name: 'Stage' }).click();
    await page.getByRole('button', { name: `Grow to stage ${to}` }).click();
    await page.locator('#plan .steps li').first().waitFor({ timeout: SOON });
    await page.locator('#plan').getByRole('button', { name: 'Apply' }).click();
    await page.locator('#move[data-state="done"]').waitFor({ timeout: 5 * SOON });
    const said = await page.locator('#move .tally').textContent();
    if (!/[1-9][0-9,.]* requests since the move began, 0 failed/.test(said)) throw new Error(said);
    if (!(await stage(to))) throw new Error('the site is not there');
    await page.waitForTimeout(2 * SECOND); // so that the picture shows the stage at work
    await page.evaluate(() => scrollTo(0, 0));
    await picture(`stage-${to}`);
    return `${users.answered - before} answers meanwhile; ${said}`;
  });
}
await grow(2);
await grow(3);

await step('a server that is killed from the page is missed, and comes back', async () => {
  const fresh = await decisions.locator('li').count();
  await node('web-2').click();
  const side = page.locator('#detail');
  await side.getByRole('button', { name: 'Kill' }).click();
  await side.getByRole('group', { name: 'Kill: web-2' }).getByRole('button', { name: 'Begin' }).click();
  await until('a Decision about web-2', PATIENCE, async () => (await decisions.locator('li').allTextContents()).some(text => text.includes('web-2')));
  await until('it is back', 3 * PATIENCE, async () => (await site()).nodes.find(each => each.id === 'web-2').health === 'up');
  await picture('killed');
  return (await decisions.locator('li b').allTextContents()).slice(0, Math.max(1, await decisions.locator('li').count() - fresh)).join(', ').slice(0, 200);
});
await accessible('a server is open');
await step('Escape closes it, and the focus is where it was', async () => {
  await page.keyboard.press('Escape');
  await page.locator('#detail').waitFor({ state: 'hidden', timeout: SOON });
});
for (const stage of [4, 5, 6]) await grow(stage);
clearInterval(coming);
await step('no request of a user failed, neither in a move nor when a server was killed', async () => {
  if (users.failed.length > 0) throw new Error(`${users.failed.length} of ${users.answered + users.failed.length}: ${users.failed.slice(0, 5)}`);
  return `${users.answered} answers`;
});
await step('every tab opens, and the page still complains of nothing', async () => {
  const tabs = page.locator('#tabs [role=tab]:visible');
  for (let i = 0; i < await tabs.count(); i++) {
    await tabs.nth(i).click();
    await page.waitForTimeout(300);
    await picture(`tab-${await tabs.nth(i).getAttribute('id')}`);
  }
  return `${await tabs.count()} tabs`;
});
await accessible('stage 6');
await step('on a phone, dark, nothing is cut off', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await until('nothing is wider than the screen', PATIENCE, () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.screenshot({ path: join(pictures, 'phone.png'), fullPage: true });
});
await accessible('a phone, dark');
await step('the page complained of nothing', async () => {
  if (complaints.length > 0) throw new Error(complaints.join('; '));
});

await browser.close();
process.exit(failed === 0 ? 0 : 1);
