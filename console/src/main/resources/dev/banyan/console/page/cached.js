/** What the cache does for each declared prefix, and which keys are hot. */
import { count, el, percent, rate, say, waited } from './words.js';

const EVERY_MILLIS = 2000;
const SHOWN = 12;

export class CachedKeys {
  /** @param ask gives what the cache was asked, or null when it cannot be had */
  constructor(host, ask) {
    this.host = host;
    this.ask = ask;
    this.lastAsked = -EVERY_MILLIS;
    [this.prefixes, this.hot] = host.querySelectorAll('table');
    [this.noPrefixes, this.noHot] = host.querySelectorAll('.note');
  }

  /** Told of the site each second; asks now and then, and only where there is a cache and somebody looks. */
  async show(site) {
    this.host.hidden = !site.nodes.some((node) => node.id === 'cache');
    const now = performance.now();
    if (this.host.hidden || this.host.parentElement.hidden || document.hidden || now - this.lastAsked < EVERY_MILLIS) return;
    this.lastAsked = now;
    const cached = await this.ask();
    if (cached) this.draw(cached);
  }

  draw({ prefixes, hot }) {
    const most = Math.max(1, ...prefixes.map((each) => each.reads));
    table(this.prefixes, this.noPrefixes, prefixes, 7, (row, each) => fill(row, each.reads / most, [
      each.prefix, count(each.reads), each.strategy, each.reads ? percent(each.hits / each.reads) : '', count(each.loads), each.loads ? waited(each.loadMillis) : '', count(each.writes)]));
    const hottest = Math.max(1e-9, ...hot.map((each) => each.rate));
    table(this.hot, this.noHot, hot.slice(0, SHOWN), 4, (row, each) => fill(row, each.rate / hottest, [each.key, `${rate(each.rate)}/s`, each.node, each.near ? 'in the router' : '']));
  }
}

function table(host, note, items, columns, show) {
  const body = host.tBodies[0];
  note.hidden = items.length > 0;
  host.hidden = items.length === 0;
  while (body.children.length > items.length) body.lastChild.remove();
  items.forEach((item, i) => show(body.children[i] ?? body.appendChild(row(columns)), item));
}

/** The second cell has a bar behind its text. */
function fill(host, share, cells) {
  cells.forEach((text, i) => say(i === 0 ? host.children[0].firstChild : i === 1 ? host.children[1].lastChild : host.children[i], text));
  host.children[0].firstChild.title = cells[0];
  host.children[1].firstChild.style.setProperty('--share', share);
}

const row = (columns) => el('tr', {}, el('td', {}, el('code')), el('td', { class: 'time' }, el('i', { 'aria-hidden': 'true' }), el('span')), ...Array.from({ length: columns - 2 }, () => el('td')));
