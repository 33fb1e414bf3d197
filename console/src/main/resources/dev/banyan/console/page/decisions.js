/** What Banyan did by itself, newest first: all, or what is about one tier or one server. */
import { clock, el, say } from './words.js';

const KEPT = 1000;
const SHOWN = 100;

export class Timeline {
  /**
   * @param host its list
   * @param empty what is said when there is nothing
   * @param select shows a server
   */
  constructor(host, empty, select) {
    this.host = host;
    this.empty = empty;
    this.select = select;
    this.all = [];
    this.site = null;
    this.shape = '';
    this.tier = el('select', { 'aria-label': 'Tier' });
    this.node = el('select', { 'aria-label': 'Server' });
    this.live = el('p', { class: 'unseen', role: 'status' });
    this.nothing = empty.textContent;
    host.before(el('div', { class: 'fields filter', role: 'group', 'aria-label': 'Which Decisions' }, this.tier, this.node), this.live);
    this.tier.addEventListener('change', () => {
      this.node.value = '';
      this.offer();
      this.draw();
    });
    this.node.addEventListener('change', () => this.draw());
    this.offer();
  }

  /** Told of the site each second: the filters offer what there is. */
  note(site) {
    this.site = site;
    const shape = [...site.tiers.map((tier) => `${tier.id} ${tier.title}`), ...site.nodes.map((node) => `${node.id} ${node.tier}`)].join();
    if (shape === this.shape) return;
    this.shape = shape;
    this.offer();
    this.draw();
  }

  offer() {
    const tiers = (this.site?.tiers ?? []).filter((tier) => tier.id !== 'users' || this.all.some((row) => row.tier === 'users'));
    fill(this.tier, [['', 'Every tier'], ...tiers.map((tier) => [tier.id, tier.title])]);
    const there = (this.site?.nodes ?? []).filter((node) => node.kind !== 'users' && (!this.tier.value || node.tier === this.tier.value)).map((node) => node.id);
    const gone = this.all.filter((row) => row.node && (!this.tier.value || row.tier === this.tier.value)).map((row) => row.node);
    fill(this.node, [['', 'Every server'], ...[...new Set([...there, ...gone])].map((id) => [id, id])]);
  }

  /** One that is new is also said, politely. */
  add(row) {
    if (this.all.some((each) => each.number === row.number)) return;
    this.keep(row);
    if (row.node && ![...this.node.options].some((option) => option.value === row.node)) this.offer();
    if (this.wanted(row)) {
      this.host.prepend(this.item(row));
      if (this.host.children.length > SHOWN) this.host.lastChild.remove();
      this.sayEmpty();
    }
    say(this.live, `Decision: ${row.decision.what}. ${row.decision.why}`);
  }

  /** All that there are. A new process begins anew at 1. */
  reset(all) {
    if ((all.at(-1)?.number ?? 0) < (this.all.at(-1)?.number ?? 0)) this.all = [];
    const known = new Set(this.all.map((row) => row.number));
    for (const row of all) if (!known.has(row.number)) this.keep(row);
    this.offer();
    this.draw();
  }

  keep(row) {
    this.all.push(row);
    if (this.all.length > KEPT) this.all.shift();
  }

  /** The newest about this server, the newest first. */
  about(id, most) {
    return this.all.filter((row) => row.node === id).slice(-most).reverse();
  }

  wanted(row) {
    return (!this.tier.value || row.tier === this.tier.value) && (!this.node.value || row.node === this.node.value);
  }

  draw() {
    this.host.replaceChildren(...this.all.filter((row) => this.wanted(row)).slice(-SHOWN).reverse().map((row) => this.item(row)));
    this.sayEmpty();
  }

  sayEmpty() {
    this.empty.hidden = this.host.children.length > 0;
    say(this.empty, this.all.length ? 'There is no Decision of this kind. Choose every tier and every server to see all.' : this.nothing);
  }

  item(row) {
    const there = this.site?.nodes.some((node) => node.id === row.node);
    return decisionItem(row, there ? () => this.select(row.node) : null);
  }
}

/** One Decision: when, what, why, and what was seen. Its server opens by a press. */
export function decisionItem({ decision, node }, open) {
  return el('li', {},
    el('time', { datetime: decision.at }, clock(decision.at)),
    el('b', {}, decision.what),
    el('p', {}, decision.why),
    decision.seen ? el('p', { class: 'seen' }, 'saw: ' + decision.seen) : null,
    open ? el('button', { type: 'button', class: 'plain', onclick: open }, `Show ${node}`) : null);
}

function fill(host, options) {
  const was = host.value;
  host.replaceChildren(...options.map(([value, text]) => el('option', { value }, text)));
  host.value = options.some(([value]) => value === was) ? was : '';
}
