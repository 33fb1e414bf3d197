/** What is known of one server or one arrow, and what can be done with it. */
import { changing, moveObstacle } from './access.js';
import { decisionItem } from './decisions.js';
import { Breaker, loss } from './faults.js';
import { History, windows } from './history.js';
import { asked, count, el, failedShare, health, percent, rate, say, svg, timed, waited } from './words.js';

const LOG_MILLIS = 2000;
const LINES = 80;
const DECISIONS = 5;

export class Detail {
  /**
   * @param around {close, drain(id), undrain(id), promote(id), logs(name), select(id), history(query), marks(target)}
   * @param faults what is broken on purpose
   * @param timeline the Decisions
   */
  constructor(host, around, faults, timeline) {
    this.host = host;
    this.around = around;
    this.faults = faults;
    this.timeline = timeline;
    this.id = null;
  }

  /** @param id a node's id, or an arrow's `from>to` */
  open(id, site) {
    if (this.id !== id) this.make(id);
    this.show(site);
  }

  make(id) {
    this.id = id;
    this.offered = this.said = '';
    this.title = el('h2', { id: 'detail-title', tabindex: -1 });
    this.state = el('span');
    this.badge = svg('use');
    this.shape = svg('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }, this.badge);
    this.why = el('p', { class: 'why' });
    this.figures = el('dl', { class: 'figures' });
    this.facts = el('dl', { class: 'facts' });
    this.buttons = el('div', { class: 'buttons' });
    this.ends = el('p', { class: 'ends' });
    const plots = el('div', { class: 'plots' });
    this.history = new History(plots, this.around.history, this.around.marks);
    this.past = part('History', windows(), plots);
    this.list = el('ol', { class: 'timeline' });
    this.about = part('Decisions about it', this.list);
    const breaking = el('section', { class: 'break' });
    this.breaker = new Breaker(breaking, this.faults);
    this.makeLog();
    const close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => this.around.close() }, '×');
    this.host.replaceChildren(el('div', { class: 'head' }, this.title, close), el('p', { class: 'state' }, this.shape, this.state), this.why, this.figures, this.ends,
      this.buttons, this.facts, breaking, this.past, this.about, this.tail);
    this.host.hidden = false;
    this.past.open = this.about.open = true;
    this.past.addEventListener('toggle', () => this.history.soon());
    this.history.open(id);
  }

  makeLog() {
    this.log = el('pre', { class: 'log', tabindex: 0, role: 'region', 'aria-label': 'Last lines of the log' });
    this.tail = part('Log', this.log);
    this.tail.addEventListener('toggle', () => {
      this.lastTail = -LOG_MILLIS;
      this.follow();
    });
    this.lastTail = -LOG_MILLIS;
    this.logName = null;
  }

  close() {
    this.id = null;
    this.host.hidden = true;
    this.host.replaceChildren();
  }

  /** Whether what is selected is still there. */
  isThere(site) {
    return find(site, this.id) !== null;
  }

  /** Told of the site each second. */
  show(site) {
    const { node, arrow } = find(site, this.id);
    if (node) this.showNode(node);
    else this.showArrow(arrow, site);
    const figures = (node ?? arrow).figures;
    list(this.figures, figures ? told(node, arrow, figures) : [['Figures', 'not measured']]);
    this.breaker.show(this.id, (kind) => loss(site, this.id, kind));
    this.history.tick();
    this.decide();
    this.follow();
  }

  showNode(node) {
    say(this.title, node.title);
    this.shape.setAttribute('class', `health ${node.health}`);
    this.badge.setAttribute('href', `#h-${node.health}`);
    say(this.state, [health(node.health), node.detail].filter(Boolean).join(' · '));
    say(this.why, node.why);
    this.why.hidden = !node.why;
    this.ends.hidden = true;
    list(this.facts, [...(node.gauge ? [['Saturation', node.gauge]] : []), ...node.facts.map((fact) => [fact.name, fact.value])]);
    this.logName = node.log;
    this.tail.hidden = !node.log;
    this.offer(node);
  }

  showArrow(arrow, site) {
    const title = (id) => site.nodes.find((node) => node.id === id)?.title ?? id;
    say(this.title, `${title(arrow.from)} → ${title(arrow.to)}`);
    this.shape.toggleAttribute('hidden', true);
    say(this.state, arrow.protocol);
    this.why.hidden = this.tail.hidden = true;
    if (this.ends.children.length === 0) {
      this.ends.replaceChildren(...[arrow.from, arrow.to].map((id) => el('button', { type: 'button', class: 'plain', onclick: () => this.around.select(id) }, `Show ${title(id)}`)));
    }
  }

  offer(node) {
    const why = moveObstacle();
    const draining = node.health === 'draining';
    const wanted = JSON.stringify([node.drainable, draining, node.promotable, why]);
    if (wanted === this.offered) return;
    this.offered = wanted;
    this.buttons.replaceChildren(...[
      node.drainable && changing(draining ? 'Put back' : 'Drain', '', why, () => (draining ? this.around.undrain(node.id) : this.around.drain(node.id))),
      node.promotable && changing('Make it the primary', '', why, () => this.around.promote(node.id)),
    ].filter(Boolean));
  }

  decide() {
    const about = this.id.split('>').flatMap((id) => this.timeline.about(id, DECISIONS)).sort((a, b) => b.number - a.number).slice(0, DECISIONS);
    const wanted = about.map((row) => row.number).join();
    this.about.hidden = about.length === 0;
    if (wanted === this.said) return;
    this.said = wanted;
    this.list.replaceChildren(...about.map((row) => decisionItem(row, null)));
  }

  /** The log's last lines while somebody looks at them; what is read further up stays where it is. */
  async follow() {
    const now = performance.now();
    if (!this.tail.open || this.tail.hidden || document.hidden || now - this.lastTail < LOG_MILLIS) return;
    this.lastTail = now;
    const id = this.id;
    const lines = await this.around.logs(this.logName, LINES);
    if (!lines || this.id !== id) return;
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 24;
    say(this.log, lines.join('\n') || 'The log is empty.');
    if (atEnd) this.log.scrollTop = this.log.scrollHeight;
  }
}

const part = (title, ...children) => el('details', {}, el('summary', {}, title), ...children);

/** The node or the arrow with this id, or null. */
function find(site, id) {
  const [from, to] = (id ?? '').split('>');
  const node = to === undefined ? site.nodes.find((each) => each.id === from) : null;
  const arrow = to === undefined ? null : site.arrows.find((each) => each.from === from && each.to === to);
  return node || arrow ? { node, arrow } : null;
}

function told(node, arrow, figures) {
  const what = arrow ? asked(arrow.protocol) : node.id === 'cache' || node.kind === 'cache' ? 'commands' : ['router', 'database', 'replica'].includes(node.kind) ? 'statements' : 'requests';
  return [
    [`${what[0].toUpperCase()}${what.slice(1)}/s`, rate(figures.rate)],
    ['Failed', percent(failedShare(figures))],
    ['In flight', count(figures.inFlight)],
    ...(timed(figures) ? [['p50', waited(figures.p50Millis)], ['p95', waited(figures.p95Millis)], ['p99', waited(figures.p99Millis)]] : []),
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
