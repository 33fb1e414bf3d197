/** What is known of one node, and the timeline of Decisions. */
import { clock, count, el, failedShare, health, percent, rate, say, svg, waited } from './words.js';

const REMEMBERED = 120;

export class Detail {
  /** @param actions {close, drain(id), undrain(id), promote(id), logs(name)} */
  constructor(host, actions) {
    this.host = host;
    this.actions = actions;
    this.id = null;
    this.history = new Map();
  }

  /** Notes what every node does, so that a plot is there when one is opened. */
  note(site) {
    for (const node of site.nodes) {
      const past = this.history.get(node.id) ?? [];
      past.push(node.figures ? node.figures.rate : 0);
      if (past.length > REMEMBERED) past.shift();
      this.history.set(node.id, past);
    }
    for (const id of this.history.keys()) if (!site.nodes.some((node) => node.id === id)) this.history.delete(id);
  }

  open(node, mayChange) {
    this.id = node.id;
    this.mayChange = mayChange;
    this.title = el('h2', { id: 'detail-title', tabindex: -1 }, node.title);
    this.state = el('span', {});
    this.badge = svg('use', {});
    this.shape = svg('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }, this.badge);
    this.why = el('p', { class: 'why' });
    this.figures = el('dl', { class: 'figures' });
    this.plot = spark();
    this.facts = el('dl', { class: 'facts' });
    this.buttons = el('div', { class: 'buttons' });
    this.log = el('pre', { class: 'log', tabindex: 0, 'aria-label': 'Last lines of the log', hidden: true });
    const close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => this.actions.close() }, '×');
    this.host.replaceChildren(el('div', { class: 'head' }, this.title, close),
      el('p', { class: 'state' }, this.shape, this.state), this.why, this.figures, this.plot.root, this.facts, this.buttons, this.log);
    this.host.hidden = false;
    this.made = '';
    this.show(node);
  }

  close() {
    this.id = null;
    this.host.hidden = true;
    this.host.replaceChildren();
  }

  show(node) {
    this.shape.setAttribute('class', `health ${node.health}`);
    this.badge.setAttribute('href', `#h-${node.health}`);
    say(this.state, [health(node.health), node.detail].filter(Boolean).join(' · '));
    say(this.why, node.why);
    this.why.hidden = !node.why;
    list(this.figures, node.figures ? told(node) : [['Figures', 'not measured']]);
    list(this.facts, node.facts.map((fact) => [fact.name, fact.value]));
    this.plot.draw(this.history.get(node.id) ?? []);
    this.plot.root.hidden = !node.figures;
    this.offer(node);
  }

  offer(node) {
    const wanted = `${node.drainable && this.mayChange ? node.health : ''} ${node.promotable && this.mayChange} ${node.log}`;
    if (wanted === this.made) return;
    this.made = wanted;
    const draining = node.health === 'draining';
    const drain = node.drainable && this.mayChange && el('button', { type: 'button', onclick: () => (draining ? this.actions.undrain(node.id) : this.actions.drain(node.id)) },
      draining ? 'Put back' : 'Drain');
    const log = node.log && el('button', { type: 'button', class: 'quiet', onclick: () => this.tail(node.log) }, 'Show log');
    const promote = node.promotable && this.mayChange && el('button', { type: 'button', onclick: () => this.actions.promote(node.id) }, 'Make it the primary');
    this.buttons.replaceChildren(...[drain, promote, log].filter(Boolean));
  }

  async tail(name) {
    this.log.hidden = false;
    const lines = await this.actions.logs(name);
    this.log.textContent = lines.join('\n') || 'the log is empty';
    this.log.scrollTop = this.log.scrollHeight;
  }
}

function told({ id, kind, figures }) {
  return [
    [id === 'cache' || kind === 'cache' ? 'Commands/s' : ['router', 'database', 'replica'].includes(kind) ? 'Statements/s' : 'Requests/s', rate(figures.rate)],
    ...(id === 'cache' || kind === 'cache' ? [] : [
      ['In flight', count(figures.inFlight)],
      ['p50', waited(figures.p50Millis)],
      ['p95', waited(figures.p95Millis)],
      ['p99', waited(figures.p99Millis)],
    ]),
    ['Failed', percent(failedShare(figures))],
  ];
}

function list(host, pairs) {
  while (host.children.length > pairs.length) host.lastChild.remove();
  pairs.forEach(([name, value], i) => {
    const row = host.children[i] ?? host.appendChild(el('div', {}, el('dt'), el('dd')));
    say(row.firstChild, name);
    say(row.lastChild, value);
  });
}

function spark() {
  const area = svg('path', { class: 'area' });
  const line = svg('path', { class: 'line' });
  const root = svg('svg', { class: 'spark', viewBox: '0 0 120 32', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, area, line);
  return { root, draw: (values) => plot(area, line, values) };
}

/** Draws the last two minutes into a box of 120 by 32; the newest at the right. */
export function plot(area, line, values) {
  if (values.length < 2) return;
  const most = Math.max(...values, 1e-9);
  const points = values.map((value, i) => `${(REMEMBERED - values.length + i + 1).toFixed(0)} ${(30 - 26 * (value / most)).toFixed(1)}`);
  const begin = REMEMBERED - values.length + 1;
  line.setAttribute('d', `M${points.join('L')}`);
  area.setAttribute('d', `M${begin} 32L${points.join('L')}L${REMEMBERED} 32Z`);
}

export class Timeline {
  constructor(host, empty) {
    this.host = host;
    this.empty = empty;
    this.seen = new Set();
    this.last = 0;
  }

  /** Newest first; each once, however often it is told. */
  add({ number, decision }) {
    if (this.seen.has(number)) return;
    this.seen.add(number);
    this.last = number;
    this.empty.hidden = true;
    this.host.prepend(el('li', {},
      el('time', { datetime: decision.at }, clock(decision.at)),
      el('b', {}, decision.what),
      el('p', {}, decision.why),
      decision.seen ? el('p', { class: 'seen' }, 'saw: ' + decision.seen) : null));
    if (this.host.children.length > 200) this.host.lastChild.remove();
  }

  /** A new process begins anew at 1. */
  reset(all) {
    if ((all.at(-1)?.number ?? 0) < this.last) {
      this.host.replaceChildren();
      this.seen.clear();
      this.last = 0;
    }
    all.forEach((each) => this.add(each));
    this.empty.hidden = all.length > 0;
  }
}
