/** What the database is asked most, and what would let more of it be read at replicas. */
import { count, el, percent, say, waited } from './words.js';

const EVERY_MILLIS = 5000;
const SHOWN = 12;

export class Asked {
  /** @param ask gives the statements, or null when they cannot be had */
  constructor(host, ask) {
    this.host = host;
    this.ask = ask;
    this.lastAsked = -EVERY_MILLIS;
    this.body = host.querySelector('tbody');
    this.none = host.querySelector('.note');
    this.advice = host.querySelector('ol');
    this.adviceTitle = host.querySelector('h3');
  }

  /** Told of the site each second; asks now and then, and only where there is a router and somebody looks. */
  async show(site) {
    this.host.hidden = !site.nodes.some((node) => node.id === 'router');
    const now = performance.now();
    if (this.host.hidden || this.host.parentElement.hidden || document.hidden || now - this.lastAsked < EVERY_MILLIS) return;
    this.lastAsked = now;
    const statements = await this.ask();
    if (statements) this.draw(statements);
  }

  draw({ kinds, advice }) {
    const shown = kinds.slice(0, SHOWN);
    const most = Math.max(1e-9, ...shown.map((kind) => kind.totalMillis));
    this.none.hidden = shown.length > 0;
    this.host.querySelector('table').hidden = shown.length === 0;
    while (this.body.children.length > shown.length) this.body.lastChild.remove();
    shown.forEach((kind, i) => this.row(this.body.children[i] ?? this.body.appendChild(row()), kind, most));
    this.adviceTitle.hidden = advice.length === 0;
    this.advice.replaceChildren(...advice.map((each) => el('li', {}, el('code', {}, each.text), el('p', {}, `${count(each.calls)} times. ${each.why}`))));
  }

  row(host, kind, most) {
    const cells = [kind.text, waited(kind.totalMillis), count(kind.calls), waited(kind.meanMillis), count(kind.rows), percent(kind.calls ? kind.onReplicas / kind.calls : 0), kind.failed ? count(kind.failed) : ''];
    cells.forEach((text, i) => say(i === 0 ? host.children[0].firstChild : i === 1 ? host.children[1].lastChild : host.children[i], text));
    host.children[0].firstChild.title = kind.text;
    host.children[1].firstChild.style.setProperty('--share', kind.totalMillis / most);
    host.classList.toggle('bad', kind.failed > 0);
  }
}

const row = () => el('tr', {}, el('td', {}, el('code')), el('td', { class: 'time' }, el('i', { 'aria-hidden': 'true' }), el('span')), ...Array.from({ length: 5 }, () => el('td')));
