/** Faults that somebody puts in: offered at each server and arrow, counted down, lifted. Those that are in are in the header of every page. */
import { changing, obstacle, READ_ONLY } from './access.js';
import { clock, el, say } from './words.js';

const KINDS = {
  kill: ['Kill', 'The process is killed (SIGKILL), as by a crash. Banyan starts it again as it does after any crash.'],
  stop: ['Stop', 'The process is stopped (SIGSTOP) and goes on at the end: it keeps its connections meanwhile and answers nothing.'],
  latency: ['Add latency', 'Everything sent over it comes later by this time, in its order, both ways.'],
  drop: ['Drop', 'What is sent vanishes, both ways: open connections stay open and nothing comes, new ones hang.'],
  partition: ['Partition', 'New connections are refused and open ones reset, both ways.'],
  'full-disk': ['Full disk', 'It can write no file further, as on a full disk.'],
};
const LASTS = [['10s', '10 seconds'], ['30s', '30 seconds'], ['1m', '1 minute'], ['5m', '5 minutes'], ['10m', '10 minutes']];
const LATENCIES = ['50ms', '200ms', '1s', '5s'];
const ENDED = { lifted: 'lifted', expired: 'ended by its time limit', done: 'over', failed: 'could not be undone', active: '' };

const kindTitle = (kind) => KINDS[kind]?.[0] ?? kind;

/** As `Add latency 200ms: front-door → web-1`. */
const named = (fault) => `${kindTitle(fault.kind)}${fault.setting ? ' ' + fault.setting : ''}: ${fault.target.replace('>', ' → ')}`;

export class Faults {
  /**
   * @param parts {head, list}: the header's place, the tab's panel
   * @param ask {begin(body) -> fault, lift(number) -> fault}
   * @param select shows a target
   */
  constructor(parts, ask, select) {
    Object.assign(this, parts);
    this.ask = ask;
    this.select = select;
    this.all = null;
    this.rows = new Map();
    this.listeners = [];
    this.live = el('p', { class: 'unseen', role: 'status' });
    this.active = el('ul');
    this.head.append(this.active);
    this.head.after(this.live); // outside, since it tells of the last one's end, when the head is gone
    this.none = el('p', { class: 'note' });
    this.past = el('tbody');
    this.table = el('div', { class: 'scroll', hidden: true, tabindex: 0, role: 'region', 'aria-label': 'Faults that are over' }, el('table', {}, el('thead', {}, el('tr', {}, ...['Began', 'Fault', 'By', 'Ended', 'What became of it'].map((text) => el('th', { scope: 'col' }, text)))), this.past));
    this.list.append(el('h2', {}, 'Faults'), this.none, this.table);
  }

  /** @param told called whenever something changed */
  listen(told) {
    this.listeners.push(told);
  }

  /** What the server says there is. */
  show(all) {
    const before = new Map((this.all?.active ?? []).map((fault) => [fault.number, fault]));
    if (this.all) this.announce(before, all);
    this.all = all;
    this.head.hidden = all.active.length === 0;
    for (const [number, row] of this.rows) {
      if (!all.active.some((fault) => fault.number === number)) {
        row.root.remove();
        this.rows.delete(number);
      }
    }
    for (const fault of all.active) if (!this.rows.has(fault.number)) this.enter(fault);
    this.tick();
    this.review();
    for (const told of this.listeners) told();
  }

  enter(fault) {
    const left = el('span', { class: 'left' });
    const lift = el('span');
    const root = el('li', {}, el('button', { type: 'button', class: 'quiet', onclick: () => this.select(fault.target) }, named(fault)), left, lift);
    this.active.append(root);
    this.rows.set(fault.number, { root, left, lift, fault });
    this.relift();
  }

  /** Who may change the site may have changed. */
  relift() {
    for (const { lift, fault } of this.rows.values()) lift.replaceChildren(changing('Lift now', 'small', obstacle(), () => this.lift(fault.number)));
  }

  /** Counts down, once a second. */
  tick() {
    for (const { left, fault } of this.rows.values()) say(left, remaining(fault));
  }

  announce(before, all) {
    const begun = all.active.filter((fault) => !before.has(fault.number));
    const ended = [...before.values()].filter((fault) => !all.active.some((each) => each.number === fault.number));
    const text = [...begun.map((fault) => `Fault begun. ${named(fault)}.`), ...ended.map((fault) => `Fault over. ${named(fault)}.`)].join(' ');
    if (text) this.live.textContent = text;
  }

  review() {
    if (this.list.hidden || !this.all) return;
    const past = [...this.all.past].reverse();
    say(this.none, past.length ? '' : 'Nobody has put a fault in yet. Choose a server or an arrow of the drawing: what can be done to it is there. Each undoes itself after its time.');
    this.none.hidden = past.length > 0;
    this.table.hidden = past.length === 0;
    const shape = past.map((fault) => `${fault.number} ${fault.state}`).join();
    if (shape === this.reviewed) return;
    this.reviewed = shape;
    this.past.replaceChildren(...past.map((fault) => el('tr', {}, el('td', {}, clock(fault.since)), el('td', {}, el('button', { type: 'button', class: 'plain', onclick: () => this.select(fault.target) }, named(fault))), el('td', {}, fault.who),
      el('td', {}, fault.ended ? clock(fault.ended) : ''), el('td', { class: 'wrap' }, [ENDED[fault.state] ?? fault.state, fault.sentence].filter(Boolean).join(': ')))));
  }

  /** The kinds that can be put in at this target; empty when none can. */
  kinds(target) {
    return this.all?.possible.find((each) => each.target === target)?.kinds ?? [];
  }

  at(target) {
    return this.all?.active.filter((fault) => fault.target === target) ?? [];
  }

  async begin(body) {
    const fault = await this.ask.begin(body);
    if (fault && this.all && !this.all.active.some((each) => each.number === fault.number) && fault.state === 'active') this.show({ ...this.all, active: [...this.all.active, fault] });
    return fault;
  }

  lift(number) {
    return this.ask.lift(number);
  }
}

/** As `0:23 left`. */
function remaining(fault) {
  const seconds = Math.max(0, Math.round((Date.parse(fault.until) - Date.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}

/** What can be done to one server or arrow: a button for each kind, and before anything is done what it is, for how long, and what it costs. */
export class Breaker {
  constructor(host, faults) {
    this.host = host;
    this.faults = faults;
    this.shape = '';
    this.buttons = el('div', { class: 'buttons' });
    this.form = el('div', { class: 'breaking', role: 'group', hidden: true });
    this.running = el('ul', { class: 'running' });
    this.note = el('p', { class: 'note' }, READ_ONLY);
    host.append(el('h3', {}, 'Break it'), this.running, this.buttons, this.note, this.form);
  }

  /** @param warning what would be lost with it, for each kind; empty when others take over */
  show(target, warning) {
    this.target = target;
    this.warning = warning;
    const kinds = this.faults.kinds(target);
    const active = this.faults.at(target);
    this.host.hidden = kinds.length === 0 && active.length === 0;
    const shape = JSON.stringify([target, kinds, obstacle(), active.map((fault) => fault.number)]);
    if (shape !== this.shape) this.make(shape, kinds, active);
    active.forEach((fault, i) => say(this.running.children[i].firstChild, `${named(fault)}, ${remaining(fault)}`));
  }

  make(shape, kinds, active) {
    this.shape = shape;
    this.note.hidden = !obstacle();
    this.buttons.replaceChildren(...kinds.map((kind) => changing(kindTitle(kind), 'danger', obstacle(), () => this.open(kind))));
    this.running.replaceChildren(...active.map((fault) => el('li', {}, el('span'), changing('Lift now', 'small', obstacle(), () => this.faults.lift(fault.number)))));
    this.close();
  }

  open(kind) {
    const [title, what] = KINDS[kind] ?? [kind, ''];
    const lasts = choice('for', 'For', LASTS, '30s');
    const latency = kind === 'latency' ? choice('latency', 'By', LATENCIES.map((text) => [text, text.replace(/(\d+)/, '$1 ')]), '200ms') : null;
    const warning = this.warning(kind);
    const heading = el('h4', { tabindex: -1, id: 'breaking-title' }, `${title}: ${this.target.replace('>', ' → ')}`);
    const go = el('button', { type: 'button', class: 'danger main', onclick: () => this.begin(kind, lasts.value(), latency?.value()) }, warning ? 'Begin all the same' : 'Begin');
    this.form.setAttribute('aria-labelledby', 'breaking-title');
    this.form.replaceChildren(heading, el('p', {}, what), warning ? el('p', { class: 'problem' }, warning) : '', el('div', { class: 'fields' }, latency?.root ?? '', lasts.root),
      el('div', { class: 'buttons' }, go, el('button', { type: 'button', class: 'quiet', onclick: () => this.close(true) }, 'Not now')));
    this.form.hidden = false;
    this.opened = kind;
    heading.focus();
  }

  close(giveBack) {
    this.form.hidden = true;
    this.form.replaceChildren();
    if (giveBack) [...this.buttons.children].find((button) => button.textContent === kindTitle(this.opened))?.focus();
  }

  async begin(kind, lasts, latency) {
    const begun = await this.faults.begin({ kind, target: this.target, for: lasts, ...(latency ? { latency } : {}) });
    if (begun) this.close(true);
  }
}

function choice(name, label, options, usual) {
  const select = el('select', { name }, ...options.map(([value, text]) => el('option', { value, selected: value === usual }, text)));
  return { root: el('label', {}, label + ' ', select), value: () => select.value };
}

/**
 * What is lost when this server is: the last of its tier that serves takes all of it along.
 *
 * @param target a node's id, or an arrow's from and to
 */
export function loss(site, target, kind) {
  if (kind === 'latency') return '';
  const [from, to] = target.split('>');
  const node = site.nodes.find((each) => each.id === (to ?? from));
  if (!node) return '';
  const title = site.tiers.find((tier) => tier.id === node.tier)?.title ?? node.tier;
  if (node.kind === 'database') {
    const heirs = site.nodes.filter((each) => each.kind === 'replica' && each.health === 'up').length;
    return heirs ? `${node.title} is the primary: writes wait until Banyan has promoted one of ${heirs} ${heirs === 1 ? 'replica' : 'replicas'}.`
      : `${node.title} is the only server of the database: what needs it fails until it is back.`;
  }
  const like = site.nodes.filter((each) => each.id !== node.id && each.tier === node.tier && each.kind === node.kind && each.health === 'up');
  return like.length ? '' : `${node.title} is the last of “${title}” that serves: with it, what needs this tier fails until it is back.`;
}
