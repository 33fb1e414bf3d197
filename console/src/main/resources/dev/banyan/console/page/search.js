/** All logs in one place: a text, since when, of which tier. */
import { clock, count, el, say } from './words.js';

const SINCE = [['1m', 'the last minute'], ['10m', 'the last 10 minutes'], ['1h', 'the last hour'], ['6h', 'the last 6 hours'], ['24h', 'the last day']];
const TIERS = [['', 'every tier'], ['application', 'application'], ['database', 'database'], ['cache', 'cache'], ['edges', 'edges'], ['access', 'access logs'], ['banyan', 'Banyan itself']];
const MOST = 500;

export class Search {
  /** @param ask (query) -> {lines, cut}, or null when it cannot be had */
  constructor(host, ask) {
    this.host = host;
    this.ask = ask;
    this.shape = '';
    this.text = el('input', { type: 'search', id: 'search-text', autocomplete: 'off', spellcheck: 'false', placeholder: 'connection refused' });
    this.since = select('search-since', SINCE, '10m');
    this.tier = select('search-tier', TIERS, '');
    this.name = select('search-name', [['', 'every log']], '');
    this.told = el('p', { class: 'note', role: 'status' }, 'Searches the logs of Banyan, of every server and of the front door.');
    this.found = el('ol', { class: 'found' });
    this.box = el('div', { class: 'scroll lines', tabindex: 0, role: 'region', 'aria-label': 'Lines found', hidden: true }, this.found);
    const go = el('button', { type: 'button', class: 'main', onclick: () => this.search() }, 'Search');
    host.append(el('h2', {}, 'Logs'),
      el('div', { class: 'fields', role: 'search' }, label('Text', this.text), label('Since', this.since), label('Tier', this.tier), label('Log', this.name), go), this.told, this.box);
    this.text.addEventListener('keydown', (event) => event.key === 'Enter' && this.search());
    for (const each of [this.since, this.tier, this.name]) each.addEventListener('change', () => this.searched && this.search());
  }

  /** What there is to choose from. */
  show(site) {
    if (this.host.hidden) return;
    const logs = [...new Set(site.nodes.map((node) => node.log).filter(Boolean))];
    const shape = logs.join();
    if (shape === this.shape) return;
    this.shape = shape;
    fill(this.name, [['', 'every log'], ['banyan', 'banyan'], ...logs.filter((name) => name !== 'banyan').map((name) => [name, name])]);
  }

  async search() {
    this.searched = true;
    const mine = (this.asked = (this.asked ?? 0) + 1);
    say(this.told, 'Searching …');
    const query = new URLSearchParams({ since: this.since.value, most: MOST });
    for (const [name, value] of [['grep', this.text.value], ['tier', this.tier.value], ['name', this.name.value]]) if (value) query.set(name, value);
    const answer = await this.ask(`?${query}`);
    if (mine !== this.asked) return;
    if (!answer) {
      say(this.told, 'The logs could not be searched.');
      return;
    }
    const { lines, cut } = answer;
    say(this.told, lines.length === 0 ? 'No line has it. Try a shorter text, or look further back.'
      : `${count(lines.length)} ${lines.length === 1 ? 'line' : 'lines'}${cut ? ', and more before: these are the newest. A longer text or a shorter time finds fewer' : ''}.`);
    this.box.hidden = lines.length === 0;
    this.found.replaceChildren(...lines.map((line) => row(line, this.text.value)));
    this.box.scrollTop = this.box.scrollHeight;
  }
}

function row({ at, name, line }, text) {
  return el('li', {}, at ? el('time', { datetime: at }, clock(at)) : el('time', {}, '–'), el('b', {}, name), el('code', {}, ...marked(line, text)));
}

/** A line in parts, what was looked for marked; all of it text. */
function marked(line, text) {
  if (!text) return [line];
  const parts = [];
  const [low, wanted] = [line.toLowerCase(), text.toLowerCase()];
  let at = 0;
  for (let next = low.indexOf(wanted); next >= 0; next = low.indexOf(wanted, at)) {
    parts.push(line.slice(at, next), el('mark', {}, line.slice(next, next + wanted.length)));
    at = next + wanted.length;
  }
  return [...parts, line.slice(at)];
}

const label = (text, field) => el('label', {}, text, field);

function select(id, options, usual) {
  const host = el('select', { id });
  fill(host, options);
  host.value = usual;
  return host;
}

/** Keeps what is chosen while it is there. */
function fill(host, options) {
  const was = host.value;
  host.replaceChildren(...options.map(([value, text]) => el('option', { value }, text)));
  host.value = options.some(([value]) => value === was) ? was : options[0][0];
}
