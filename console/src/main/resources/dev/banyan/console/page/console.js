/** Starts the page: one stream of events in, the parts of the page told. */
import { access } from './access.js';
import { address } from './address.js';
import { Asked } from './asked.js';
import { Budget } from './budget.js';
import { CachedKeys } from './cached.js';
import { Timeline } from './decisions.js';
import { Faults } from './faults.js';
import { History, windows } from './history.js';
import { Moves } from './moves.js';
import { Detail } from './panel.js';
import { Pulse } from './pulse.js';
import { Search } from './search.js';
import { get, post, quietly, toast } from './server.js';
import { Tabs } from './tabs.js';
import { count, el, failedShare, percent, rate, say, wait } from './words.js';
import { living } from './zoom.js';

const by = (id) => document.getElementById(id);
const SILENT_MILLIS = 5000;
let site = null;
let lastHeard = 0;
access.told = toast;

const show = (tab) => address.set({ tab });
const choose = (id) => select(id, false);
const timeline = new Timeline(by('decisions'), by('no-decisions'), choose);
const faults = new Faults({ head: by('faults'), list: by('panel-faults') },
  { begin: (body) => post('/api/faults', body), lift: (number) => post(`/api/faults/${number}/lift`) }, choose);
const drawing = living(by('drawing'), by('zoom'), choose);
const moves = new Moves(
  { ladder: by('ladder'), buttons: by('stage-buttons'), note: by('read-only'), plan: by('plan'), move: by('move') },
  { plan: (query) => get(`/api/plan?${query}`), post }, () => show('stage'));
const detail = new Detail(by('detail'), {
  close: () => select(null, true),
  drain: (id) => post(`/api/servers/${encodeURIComponent(id)}/drain`).then((report) => report && moved(report)),
  undrain: (id) => post(`/api/servers/${encodeURIComponent(id)}/undrain`).then((report) => report && moved(report)),
  promote: (id) => moves.propose('switchover', id),
  logs: (name, lines) => quietly(`/api/logs/${encodeURIComponent(name)}?lines=${lines}`).then((answer) => answer?.lines),
  select: choose,
  history: (query) => quietly(`/api/history${query}`),
  marks,
}, faults, timeline);
const cached = new CachedKeys(by('cached'), () => quietly('/api/cache'));
const asked = new Asked(by('asked'), () => quietly('/api/statements'));
const tabs = new Tabs(by('tabs'));
const budget = new Budget(by('budget'), by('panel-objectives'), () => show('objectives'));
const search = new Search(by('panel-logs'), (query) => get(`/api/search${query}`));
const plots = el('div', { class: 'plots wide' });
by('panel-history').append(el('div', { class: 'row' }, el('h2', {}, 'What users got'), windows()),
  el('p', { class: 'note key' }, el('i', { class: 'decision' }), 'a Decision ', el('i', { class: 'fault' }), 'a fault. Choose a server or an arrow of the drawing to see what it did.'), plots);
const past = new History(plots, (query) => quietly(`/api/history${query}`), marks);
past.open(null);
const pulse = new Pulse((name) => by(`tile-${name}`));

function told(now) {
  const first = site === null;
  site = now;
  drawing.show(site);
  timeline.note(site);
  moves.show(site);
  if (detail.id) {
    if (detail.isThere(site)) detail.show(site);
    else select(null, false);
  }
  summary();
  table();
  budget.show(site.slo);
  faults.tick();
  breakable();
  past.tick();
  search.show(site);
  offer();
  if (first) select(address.state.select, false);
}

/** What can be broken changes with the servers that there are. */
async function breakable() {
  const shape = site.nodes.map((node) => `${node.id} ${node.health}`).join();
  if (shape === breakable.shape) return;
  breakable.shape = shape;
  const all = await quietly('/api/faults');
  if (all) broken(all);
}

function broken(all) {
  faults.show(all);
  drawing.faults(all.active);
}

/** Which tabs there are. */
function offer() {
  asked.show(site);
  cached.show(site);
  tabs.offer('cached', !by('cached').hidden);
  tabs.offer('asked', !by('asked').hidden);
  tabs.offer('objectives', site.slo?.length > 0);
  for (const name of ['history', 'faults', 'logs']) tabs.offer(name, true);
}

function summary() {
  say(by('site-name'), site.name);
  const title = `${site.name} · Banyan`;
  if (document.title !== title) document.title = title;
  const stage = site.stages.find((each) => each.number === site.stage);
  say(by('site-stage'), `stage ${site.stage}${stage ? ', ' + stage.title : ''}`);
  say(by('counter'), site.totals.requests ? `${count(site.totals.requests)} requests, ${count(site.totals.failed)} failed` : '');
  const figures = site.nodes.find((node) => node.kind === 'users')?.figures;
  by('hint').hidden = !figures || figures.total > 0;
  by('send-some').hidden = !access.mayChange;
  say(by('hint').querySelector('code'), site.hint);
  pulse.show(figures);
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

/** What is drawn into the plots of a server or an arrow; of the site, all of it. */
function marks(target) {
  const ends = target?.split('>');
  const decisions = timeline.all.filter((row) => !ends || ends.includes(row.node)).map((row) => ({ from: Date.parse(row.decision.at) / 1000, fault: false, text: row.decision.what }));
  const all = faults.all ? [...faults.all.past, ...faults.all.active] : [];
  return [...decisions, ...all.filter((fault) => !ends || fault.target === target || ends.includes(fault.target)).map((fault) => (
    { from: Date.parse(fault.since) / 1000, to: fault.ended ? Date.parse(fault.ended) / 1000 : null, fault: true, text: `${fault.kind} ${fault.target}` }))];
}

/** @param id a node's id, an arrow's `from>to`, or null */
function select(id, giveBack) {
  const before = detail.id;
  const there = id != null && site?.nodes.some((node) => node.id === id) || site?.arrows.some((arrow) => `${arrow.from}>${arrow.to}` === id);
  if (there) detail.open(id, site);
  else detail.close();
  address.set({ select: there ? id : null });
  if (there && before !== id) detail.host.scrollIntoView({ block: 'nearest' });
  if (giveBack && before) drawing.focus(before);
}

function moved(report) {
  moves.report(report);
  if (site) moves.show(site);
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
    const session = await quietly('/api/session');
    access.mayChange = session?.mayChange === true;
    faults.relift();
    if (site) moves.show(site);
  };
  stream.onerror = () => link('lost', 'connection lost, trying again');
  const on = (name, act) => stream.addEventListener(name, (event) => {
    lastHeard = performance.now();
    link('live', 'live');
    act(JSON.parse(event.data));
  });
  on('site', told);
  on('decisions', (all) => timeline.reset(all));
  on('decision', (one) => timeline.add(one));
  on('faults', (all) => drawing.faults(all.active));
  on('moves', (all) => moves.catchUp(all.at(-1)));
  on('move', moved);
  on('faults', broken);
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
address.listen((state) => {
  if (!site) return;
  if (state.select !== detail.id) select(state.select, false);
  faults.review();
  budget.show(site.slo);
  search.show(site);
  asked.show(site);
  cached.show(site);
  past.tick();
});
document.addEventListener('keydown', (event) => event.key === 'Escape' && detail.id && select(null, true));
by('table').closest('details').addEventListener('toggle', () => site && table());
by('send-some').addEventListener('click', () => post('/api/load', { rate: 20, seconds: 20 }).then((sent) => sent && toast(`Sending ${sent.rate} requests a second for ${sent.seconds} seconds.`)));
by('copy-hint').addEventListener('click', () => navigator.clipboard?.writeText(site.hint).then(() => toast('Copied.')));
