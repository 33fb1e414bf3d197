/** Starts the page: one stream of events in, the parts of the page told. */
import { address } from './address.js';
import { Asked } from './asked.js';
import { CachedKeys } from './cached.js';
import { Drawing } from './drawing.js';
import { Moves } from './moves.js';
import { Detail, plot, Timeline } from './panel.js';
import { Tabs } from './tabs.js';
import { count, el, failedShare, percent, rate, say, wait } from './words.js';

const by = (id) => document.getElementById(id);
const SILENT_MILLIS = 5000;
let site = null;
let mayChange = false;
let lastHeard = 0;

const detail = new Detail(by('detail'), {
  close: () => select(null, true),
  drain: (id) => post(`/api/servers/${encodeURIComponent(id)}/drain`).then((report) => report && moves.report(report)),
  undrain: (id) => post(`/api/servers/${encodeURIComponent(id)}/undrain`).then((report) => report && moves.report(report)),
  promote: (id) => moves.propose('switchover', id),
  logs: (name) => get(`/api/logs/${encodeURIComponent(name)}?lines=60`).then((answer) => answer?.lines ?? []),
});
const drawing = new Drawing(by('drawing'), (id) => select(id, false));
const moves = new Moves(
  { ladder: by('ladder'), buttons: by('stage-buttons'), note: by('read-only'), plan: by('plan'), move: by('move') },
  { plan: (query) => get(`/api/plan?${query}`), post });
const timeline = new Timeline(by('decisions'), by('no-decisions'));
const cached = new CachedKeys(by('cached'), () => fetch('/api/cache').then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
const asked = new Asked(by('asked'), () => fetch('/api/statements').then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
const tabs = new Tabs(by('tabs'));
const tiles = ['rate', 'p50', 'p99', 'failed'].map((name) => ({ name, host: by(`tile-${name}`), past: [] }));

function show(now) {
  const first = site === null;
  site = now;
  detail.note(site);
  drawing.show(site);
  moves.show(site, mayChange);
  const node = site.nodes.find((each) => each.id === detail.id);
  if (node) detail.show(node);
  else if (detail.id) select(null, false);
  pulse();
  table();
  asked.show(site);
  cached.show(site);
  tabs.offer('cached', !by('cached').hidden);
  tabs.offer('asked', !by('asked').hidden);
  if (first) select(address.state.select, false);
}

function pulse() {
  say(by('site-name'), site.name);
  document.title = `${site.name} · Banyan`;
  const stage = site.stages.find((each) => each.number === site.stage);
  say(by('site-stage'), `stage ${site.stage}${stage ? ', ' + stage.title : ''}`);
  say(by('counter'), site.totals.requests ? `${count(site.totals.requests)} requests, ${count(site.totals.failed)} failed` : '');
  const users = site.nodes.find((node) => node.kind === 'users');
  const figures = site.arrows.find((arrow) => arrow.from === users?.id)?.figures;
  const quiet = !figures || figures.total === 0;
  by('hint').hidden = !figures || !quiet;
  say(by('hint').querySelector('code'), site.hint);
  const value = { rate: figures?.rate ?? 0, p50: figures?.p50Millis ?? 0, p99: figures?.p99Millis ?? 0, failed: failedShare(figures) };
  const text = { rate: [rate(value.rate), ''], p50: wait(value.p50), p99: wait(value.p99), failed: percent(value.failed).split(' ') };
  for (const tile of tiles) {
    tile.past.push(value[tile.name]);
    if (tile.past.length > 120) tile.past.shift();
    const idle = quiet || (value.rate === 0 && tile.name !== 'rate');
    say(tile.host.querySelector('b'), idle ? '–' : text[tile.name].slice(0, -1).join(' ') || text[tile.name][0]);
    const unit = tile.host.querySelector('small') ?? tile.host.querySelector('p').appendChild(el('small'));
    say(unit, idle ? '' : text[tile.name].at(-1));
    tile.host.classList.toggle('bad', tile.name === 'failed' && value.failed > 0);
    plot(tile.host.querySelector('.area'), tile.host.querySelector('.line'), tile.past);
  }
}

function table() {
  const body = by('table');
  if (!body.closest('details').open) return;
  while (body.children.length > site.arrows.length) body.lastChild.remove();
  site.arrows.forEach((arrow, i) => {
    const row = body.children[i] ?? body.appendChild(el('tr', {}, ...Array.from({ length: 6 }, () => el('td'))));
    const figures = arrow.figures;
    const cells = [arrow.from, arrow.to, ...(figures
      ? [rate(figures.rate), wait(figures.p50Millis).join(' '), wait(figures.p99Millis).join(' '), percent(failedShare(figures))]
      : ['not measured', '', '', ''])];
    cells.forEach((text, j) => say(row.children[j], text));
  });
}

function select(id, giveBack) {
  const before = detail.id;
  const node = site?.nodes.find((each) => each.id === id);
  if (node) detail.open(node, mayChange);
  else detail.close();
  drawing.mark(node ? id : null);
  address.set({ select: node ? id : null });
  if (node) detail.host.scrollIntoView({ block: 'nearest' });
  if (giveBack && before) drawing.focus(before);
}

async function get(path) {
  return told(await fetch(path).catch(() => null));
}

async function post(path, body = {}) {
  return told(await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).catch(() => null));
}

async function told(response) {
  const answer = await response?.json().catch(() => null);
  if (response?.ok) return answer;
  toast(answer?.detail ?? 'The console does not answer.');
  return null;
}

function toast(text) {
  document.querySelector('.toast')?.remove();
  const box = el('p', { class: 'toast', role: 'alert' }, text);
  document.body.append(box);
  setTimeout(() => box.remove(), 8000);
}

function link(state, text) {
  const host = by('link');
  if (host.dataset.state === state) return;
  host.dataset.state = state;
  document.body.classList.toggle('lost', state === 'lost');
  say(host.querySelector('span'), text);
}

let stream = null;

/** EventSource comes again by itself while the server is away, but not after an answer that is an error: then a new one is made. */
function listen() {
  stream?.close();
  stream = new EventSource('/api/stream');
  stream.onopen = async () => {
    const session = await fetch('/api/session').then((answer) => answer.json()).catch(() => null);
    mayChange = session?.mayChange === true;
    if (site) moves.show(site, mayChange);
  };
  stream.onerror = () => link('lost', 'connection lost, trying again');
  const on = (name, act) => stream.addEventListener(name, (event) => {
    lastHeard = performance.now();
    link('live', 'live');
    act(JSON.parse(event.data));
  });
  on('site', show);
  on('decisions', (all) => timeline.reset(all));
  on('decision', (one) => timeline.add(one));
  on('moves', (all) => moves.catchUp(all.at(-1)));
  on('move', (report) => {
    moves.report(report);
    if (site) moves.show(site, mayChange);
  });
}

listen();
setInterval(() => {
  if (document.hidden) return;
  if (lastHeard && performance.now() - lastHeard > SILENT_MILLIS) link('lost', 'connection lost, trying again');
  if (stream.readyState === EventSource.CLOSED) listen();
}, 2000);
// A page that nobody sees needs no figures; browsers allow six connections to one server, and each page holds one.
document.addEventListener('visibilitychange', () => {
  lastHeard = performance.now();
  if (document.hidden) stream.close();
  else listen();
});
address.listen((state) => site && state.select !== detail.id && select(state.select, false));
document.addEventListener('keydown', (event) => event.key === 'Escape' && detail.id && select(null, true));
by('table').closest('details').addEventListener('toggle', () => site && table());
by('copy-hint').addEventListener('click', () => navigator.clipboard?.writeText(site.hint).then(() => toast('Copied.')));
