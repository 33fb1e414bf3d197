/** One box of the drawing: a server, all servers of a tier, or a region. */
import { about, health, percent, rate, say, stillSays, svg, timed, waited, waits, failedShare, count } from './words.js';
import { hasIcon, shape } from './shapes.js';

const GONE_MILLIS = 300;
/** So many pixels takes a letter, by the size of its text. */
const LETTER = { title: 7.1, text: 5.9, small: 5.6 };

export class NodeView {
  constructor(drawing, id) {
    this.drawing = drawing;
    this.id = id;
    this.behind = svg('path', { class: 'behind' });
    this.body = svg('path', { class: 'body' });
    this.lid = svg('path', { class: 'lid' });
    this.icon = svg('use', { class: 'icon', width: 20, height: 20 });
    this.title = svg('text', { class: 'title' });
    this.line = svg('text', { class: 'line' });
    this.figure = svg('text', { class: 'figure' });
    this.gauge = svg('text', { class: 'gauge' });
    this.more = svg('g', { class: 'more' });
    this.badge = svg('use', { width: 14, height: 14 });
    this.halo = svg('circle', { class: 'halo', r: 9 });
    this.health = svg('g', {}, this.halo, this.badge);
    this.bolt = svg('use', { class: 'fault', href: '#h-fault', width: 16, height: 16, display: 'none' });
    this.tip = svg('title');
    const chosen = drawing.select ? { role: 'button', tabindex: 0, 'aria-pressed': 'false', onclick: () => drawing.choose(this.node), onkeydown: (event) => this.key(event) } : { role: 'img' };
    this.root = svg('g', { class: 'node', 'data-node': id, ...chosen },
      this.tip, svg('g', { class: 'whole' }, this.behind, this.body, this.lid, this.icon, this.title, this.line, this.figure, this.gauge, this.more, this.health, this.bolt));
  }

  place(place) {
    const same = this.size && ['w', 'h', 'size'].every((key) => this.size[key] === place[key]);
    this.size = place;
    this.root.style.transform = `translate(${place.x}px, ${place.y}px)`;
    if (!same) this.formed = null;
  }

  show(node, selected, fault) {
    this.node = node;
    this.choice(node, selected);
    const form = `${node.kind} ${node.many ?? ''}`;
    const same = [form, node.title, node.detail, node.gauge, node.health, node.why, node.unwell, saidFault(fault)].join('|');
    if (this.formed && this.said === same && stillSays(this.figuresShown, node.figures) && this.size.size !== 'large') return;
    this.said = same;
    this.figuresShown = node.figures;
    if (this.formed !== form) {
      this.formed = form;
      this.form();
    }
    const { w, size } = this.size;
    const room = w - 2 * this.inset;
    const small = size === 'tiny' || size === 'cell';
    const long = !small && node.title.length * LETTER.title > room - this.indent;
    this.title.classList.toggle('long', long);
    say(this.title, fit(node.title, room - this.indent, small || long ? LETTER.small + 0.4 : LETTER.title));
    say(this.line, this.lineOf(node, fault, room));
    this.figures(node);
    if (size === 'large') this.facts(node);
    say(this.tip, this.name(node, fault));
    const css = `health ${node.health}`;
    if (this.health.getAttribute('class') !== css) {
      this.health.setAttribute('class', css);
      this.badge.setAttribute('href', `#h-${node.health}`);
      this.root.dataset.health = node.health;
    }
    this.bolt.setAttribute('display', fault ? 'inline' : 'none');
    this.root.classList.toggle('faulty', fault != null);
  }

  choice(node, selected) {
    const on = selected != null && (node.id === selected || node.members?.some((each) => each.id === selected) === true);
    const near = selected != null && !on && selected.split('>').includes(node.id);
    this.root.classList.toggle('chosen', on);
    this.root.classList.toggle('near', near);
    if (this.drawing.select) this.root.setAttribute('aria-pressed', String(on));
  }

  lineOf(node, fault, room) {
    const { size } = this.size;
    if (size === 'tiny' || size === 'cell') return '';
    const text = fault ? saidFault(fault)
      : node.tally ? node.detail
      : node.health === 'up' ? node.detail.replace(/https?:\/\//g, '') : health(node.health);
    if (size === 'users') return node.figures?.rate > 0 ? '' : node.detail;
    return fit(text, room, LETTER.small);
  }

  figures(node) {
    const { size } = this.size;
    const figures = node.figures;
    const live = figures && figures.rate > 0;
    if (size === 'tiny' || size === 'cell' || size === 'users') say(this.gauge, '');
    if (size === 'tiny') return say(this.figure, figures ? `${about(figures.rate)}/s` : '');
    if (size === 'cell') {
      const both = live ? `${about(figures.rate)}/s${timed(figures) ? ` · ${waited(figures.p99Millis)}` : ''}` : node.health === 'up' ? (figures ? 'quiet' : '') : health(node.health);
      return say(this.figure, live && both.length * 6 > this.size.w - 2 * this.low + 4 ? `${about(figures.rate)}/s` : fit(both, this.size.w - 2 * this.low + 6, LETTER.small));
    }
    if (size === 'users') return say(this.figure, live ? `${about(figures.rate)}/s` : '');
    if (size === 'group' || size === 'region') {
      const third = node.tally ? node.unwell : node.gauge || (figures ? `${count(figures.inFlight)} in flight` : '');
      say(this.figure, fit(third, this.size.w - 2 * this.low, size === 'region' ? 6.2 : LETTER.small));
      return say(this.gauge, !figures ? 'not measured' : live ? `${about(figures.rate)}/s${timed(figures) ? `, p99 ${waited(figures.p99Millis)}` : ''}` : figures.total ? 'quiet' : 'no traffic yet');
    }
    const first = live ? `${about(figures.rate)}/s` : figures && !figures.total && !node.gauge ? 'no traffic yet' : '';
    const second = node.gauge || (live ? (timed(figures) ? `p99 ${waited(figures.p99Millis)}` : `${count(figures.inFlight)} in flight`) : figures ? '' : 'not measured');
    say(this.figure, first);
    const fits = first.length * 6.9 + second.length * 6 < this.size.w - 2 * this.low;
    return say(this.gauge, fits ? second : '');
  }

  /** All that there is room for on the large one. */
  facts(node) {
    const f = node.figures;
    const rows = f ? [['a second', rate(f.rate)], ...(timed(f) ? [['half wait at most', waited(f.p50Millis)], ['99 in 100 wait at most', waited(f.p99Millis)]] : []), ['failed', percent(failedShare(f))], ['in flight', count(f.inFlight)]] : [['figures', 'not measured']];
    if (node.gauge) rows.push(['now', node.gauge]);
    for (const fact of node.facts) if (rows.length < 7) rows.push([fact.name, fact.value]);
    while (this.more.children.length > rows.length) this.more.lastChild.remove();
    rows.forEach(([name, value], i) => {
      const row = this.more.children[i] ?? this.more.appendChild(svg('g', {}, svg('text', { class: 'fact', x: this.inset, y: 86 + i * 19 }), svg('text', { class: 'value', x: this.size.w - this.inset, y: 86 + i * 19 })));
      say(row.firstChild, name);
      say(row.lastChild, fit(value, 150, LETTER.text));
    });
  }

  /** An SVG element's title is its name for a screen reader, and the tip for a mouse. */
  name(node, fault) {
    const state = node.tally ? node.tally.map(([n, how]) => `${n} ${health(how)}`).join(', ') : health(node.health);
    const figures = node.figures?.rate > 0 ? `${about(node.figures.rate)} a second` : '';
    return [node.title, node.detail, state, figures, fault && `fault: ${fault.sentence ?? saidFault(fault)}`].filter(Boolean).join(', ') + (node.why ? ': ' + node.why : '');
  }

  form() {
    const { node } = this;
    const { w, h, size } = this.size;
    const { body, lid, inset, shift, low, foot } = shape(node.kind, size, w, h);
    const small = size === 'tiny' || size === 'cell';
    const icon = hasIcon(node.kind) && !small;
    this.inset = inset;
    this.low = low ?? inset;
    this.foot = foot ?? 60;
    this.indent = icon && size !== 'users' ? 24 : size === 'tiny' ? -4 : small ? 10 : 4;
    this.root.dataset.kind = node.kind;
    this.root.dataset.size = size;
    this.body.setAttribute('d', body);
    this.lid.setAttribute('d', lid);
    this.behind.setAttribute('d', node.many ? body : '');
    if (node.many) this.behind.style.transform = 'translate(6px, -6px)';
    this.icon.toggleAttribute('hidden', !icon);
    if (icon) set(this.icon, size === 'users' ? { href: '#k-users', x: w / 2 - 18, y: 0, width: 36, height: 36 } : { href: `#k-${node.kind}`, x: inset - 3, y: 8 + shift, width: 20, height: 20 });
    this.texts({ w, size, inset, shift, icon });
    const [right, top] = small ? [w - 10, size === 'tiny' ? h - 11 : 8] : node.kind === 'edge' && size === 'full' ? [w - 16, 8] : [w - 8, 3];
    set(this.badge, { x: right - 7, y: top - 7 });
    set(this.halo, { cx: right, cy: top });
    set(this.bolt, { x: -7, y: -7 });
    this.more.replaceChildren();
  }

  texts({ w, size, inset, shift, icon }) {
    const { low, foot } = this;
    const left = inset + (icon ? 22 : 0);
    if (size === 'users') return [[this.title, 52], [this.line, 66], [this.figure, 66]].forEach(([text, y]) => set(text, { x: w / 2, y }));
    if (size === 'tiny') return this.two(inset, 14, 27);
    if (size === 'cell') return this.two(inset, 17 + shift / 2, 32 + shift / 2);
    const first = size === 'large' ? 34 : 23;
    set(this.title, { x: left, y: first + (size === 'large' ? 0 : shift) });
    set(this.line, { x: inset, y: first + (size === 'large' ? 20 : 18 + shift) });
    const lower = size === 'region' ? 28 : 0;
    set(this.figure, { x: low, y: size === 'full' ? foot : 59 + shift + lower });
    set(this.gauge, { x: size === 'full' ? w - low : low, y: size === 'full' ? foot : 77 + shift * 0.7 + lower });
    return null;
  }

  two(x, title, figure) {
    set(this.title, { x, y: title });
    set(this.figure, { x, y: figure });
  }

  key(event) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.drawing.choose(this.node);
    }
  }

  /** Fades, and is gone. */
  remove() {
    this.root.classList.add('leaving');
    this.root.removeAttribute('data-node');
    this.root.setAttribute('aria-hidden', 'true');
    setTimeout(() => this.root.remove(), GONE_MILLIS);
  }
}

/** "latency 200ms", "killed". */
export const saidFault = (fault) => !fault ? '' : [fault.kind, fault.setting].filter(Boolean).join(' ') + (fault.more ? ` and ${fault.more} more` : '');

export const waitsOf = (figures) => (timed(figures) ? waits(figures.p50Millis, figures.p99Millis) : '');

function fit(text, room, letter) {
  const most = Math.max(3, Math.floor(room / letter));
  return text.length > most ? text.slice(0, most - 1) + '…' : text;
}

export function set(element, values) {
  for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
}
