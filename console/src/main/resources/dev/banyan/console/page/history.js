/** What was: plots of the last ten minutes to a day, with Decisions and faults marked in them. Asks for nothing that nobody sees. */
import { address } from './address.js';
import { clock, el, measured, say } from './words.js';

const WINDOWS = [[600, '10 min', 'ten minutes'], [3600, '1 h', 'hour'], [21_600, '6 h', 'six hours'], [86_400, '24 h', '24 hours']];
const EVERY_MILLIS = 5000;
const POINTS = 300;

/** What belongs into one plot, by the ends of the series' ids. */
const PLOTS = [
  ['Traffic', ['rate', 'failed']],
  ['Waits', ['p50', 'p95', 'p99']],
  ['In flight', ['in_flight']],
  ['Processor', ['cpu']],
  ['Memory', ['memory']],
  ['Lag', ['lag']],
  ['Hits', ['hits']],
];
const STROKES = { rate: '--leaf', failed: '--red', p50: '--leaf', p95: '--blue', p99: '--amber' };
const SHORT = { rate: 'all', failed: 'failed', p50: 'p50', p95: 'p95', p99: 'p99' };

let library = null;

/** uPlot, when the first plot is drawn. */
function uplot() {
  library ??= new Promise((ready) => {
    const style = el('link', { rel: 'stylesheet', href: 'uplot.css', onload: ready, onerror: ready });
    document.head.prepend(style);
  }).then(() => import('./uplot.js')).then((module) => module.default);
  return library;
}

/** Buttons for the window of time; what is chosen is in the address. */
export function windows() {
  const buttons = WINDOWS.map(([seconds, text]) => el('button', { type: 'button', onclick: () => address.set({ window: seconds }) }, text));
  const mark = () => buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(WINDOWS[i][0] === wanted())));
  address.listen(mark);
  mark();
  return el('div', { class: 'windows', role: 'group', 'aria-label': 'The last' }, ...buttons);
}

/** The nearest of the windows that are offered. */
const wanted = () => WINDOWS.find(([seconds]) => seconds >= address.state.window)?.[0] ?? 86_400;

/** The plots of one server or arrow, or of the whole site. */
export class History {
  /**
   * @param ask (query) -> what the server has, or null when it cannot be had
   * @param marks (target) -> [{from, to, fault, text}], seconds since 1970
   */
  constructor(host, ask, marks) {
    this.host = host;
    this.ask = ask;
    this.marks = marks;
    this.plots = new Map();
    this.target = null;
    this.lastAsked = -EVERY_MILLIS;
    this.note = el('p', { class: 'note', hidden: true });
    host.append(this.note);
    address.listen(() => this.soon());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.clear());
    new ResizeObserver(() => this.plots.forEach((plot) => plot.fit())).observe(host);
  }

  /** @param target a node's id, an arrow's `from>to`, or null for the site */
  open(target) {
    this.target = target;
    this.series = null;
    this.clear();
  }

  clear() {
    for (const plot of this.plots.values()) plot.remove();
    this.plots.clear();
    this.soon();
  }

  soon() {
    this.lastAsked = -Infinity;
    this.tick();
  }

  /** Told each second; asks now and then, and only while somebody sees it. */
  async tick() {
    const now = performance.now();
    const every = Math.max(EVERY_MILLIS, (wanted() / POINTS) * 1000);
    if (document.hidden || this.host.closest('[hidden], details:not([open])') || this.asking || now - this.lastAsked < every) return;
    this.lastAsked = now;
    this.asking = true;
    const target = this.target;
    try {
      await this.refresh(target);
    } finally {
      this.asking = false;
    }
    if (this.target !== target) this.soon();
  }

  async refresh(target) {
    this.series ??= choose(await this.ask(''), target);
    if (!this.series) return;
    if (this.series.length === 0) {
      this.series = null; // it may be kept later
      this.explain('No figures are kept of it.');
      return;
    }
    const seconds = wanted();
    const Plot = await uplot();
    const known = await this.ask(`?series=${this.series.map((each) => encodeURIComponent(each.id)).join()}&seconds=${seconds}&points=${POINTS}`);
    if (known && this.target === target && wanted() === seconds) this.draw(Plot, known, seconds);
  }

  draw(Plot, known, seconds) {
    const values = new Map(known.series.map((each) => [each.id, each.values]));
    const length = Math.max(0, ...known.series.map((each) => each.values.length));
    const times = Array.from({ length }, (_, i) => known.from_s + i * known.step_s);
    const marks = this.marks(this.target).filter((mark) => (mark.to ?? mark.from) >= (times[0] ?? 0));
    for (const [title, ends] of PLOTS) {
      const shown = ends.map((end) => this.series.find((each) => each.end === end)).filter((each) => each && values.get(each.id)?.some((value) => value != null));
      if (shown.length === 0) continue;
      if (!this.plots.has(title)) this.plots.set(title, new Figure(this.host, title));
      this.plots.get(title).show(Plot, shown, times, shown.map((each) => values.get(each.id)), marks, seconds);
    }
    const whose = this.series[0].whose;
    this.explain(this.plots.size === 0 ? 'Nothing was measured in this time.' : this.target && whose !== this.target ? `These are of ${whose}, where it leads.` : '');
  }

  explain(text) {
    say(this.note, text);
    this.note.hidden = !text;
  }
}

/** The series of a target; of an arrow of which none are kept: of the server that it leads to; of the site: what users get. */
function choose(there, target) {
  if (!there) return null;
  const all = there.series.map((each) => ({ ...each, whose: each.id.slice(0, each.id.lastIndexOf('.')), end: each.id.slice(each.id.lastIndexOf('.') + 1) }));
  const whose = (target ? [target, target.split('>').at(-1)] : ['users', 'site', 'front-door']).find((id) => all.some((each) => each.whose === id));
  return all.filter((each) => each.whose === whose);
}

class Figure {
  constructor(host, title) {
    this.title = title;
    this.name = el('b', {}, title);
    this.read = el('span');
    this.place = el('div', { class: 'plot', role: 'img' });
    this.root = el('figure', {}, el('figcaption', {}, this.name, this.read), this.place);
    host.append(this.root);
  }

  show(Plot, series, times, values, marks, seconds) {
    this.series = series;
    this.times = times;
    this.values = values;
    this.marks = marks;
    const shape = series.map((each) => each.id).join();
    if (shape !== this.shape) {
      this.shape = shape;
      this.plot?.destroy();
      this.plot = new Plot(this.options(Plot, series), [times, ...values], this.place);
    } else {
      this.plot.setData([times, ...values], false);
    }
    const end = times.at(-1) ?? 0;
    this.plot.batch(() => {
      this.plot.setScale('x', { min: end - seconds, max: end });
      this.plot.setScale('y', { min: 0, max: height(series[0].unit, values) });
    });
    this.say(this.plot.cursor.idx);
    this.place.setAttribute('aria-label', this.inWords(seconds));
  }

  options(Plot, series) {
    const ink = tone(this.place, '--soft');
    const grid = tone(this.place, '--edge');
    const unit = series[0].unit;
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    const width = series.map((each) => (STROKES[each.end] ? tone(this.place, STROKES[each.end]) : tone(this.place, '--leaf')));
    return {
      width: this.place.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { sync: { key: 'history' }, points: { size: 6 }, drag: { x: false, y: false } },
      padding: [6, 18, 0, 0],
      scales: { x: { time: true, auto: false }, y: { auto: false } },
      axes: [{ ...axis, size: 22, space: 60, values: (_, splits, __, ___, step) => splits.map((at) => hour(at, step)) },
        { ...axis, size: 60, space: 26, ...(unit === 'bytes' ? { incrs: POWERS_OF_TWO } : {}), values: (_, splits) => splits.map((value) => measured(value, unit)) }],
      series: [{}, ...series.map((each, i) => ({ label: SHORT[each.end] ?? each.title, stroke: width[i], width: 1.5, points: { show: false }, fill: i === 0 ? faint(width[i]) : undefined }))],
      hooks: { drawClear: [(plot) => this.shade(plot)], draw: [(plot) => this.strike(plot)], setCursor: [(plot) => this.say(plot.cursor.idx)] },
    };
  }

  /** A fault lasts: it is drawn as wide as it is long, behind everything. */
  shade(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = faint(tone(this.place, '--red'), .16);
    for (const mark of this.marks.filter((each) => each.fault)) {
      const from = Math.max(bbox.left, plot.valToPos(mark.from, 'x', true));
      const to = Math.min(bbox.left + bbox.width, plot.valToPos(mark.to ?? Date.now() / 1000, 'x', true));
      if (to >= bbox.left) ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
    }
    ctx.restore();
  }

  /** A Decision is a moment. */
  strike(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = tone(this.place, '--leaf');
    ctx.lineWidth = 1;
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    for (const mark of this.marks.filter((each) => !each.fault)) {
      const x = Math.round(plot.valToPos(mark.from, 'x', true)) + .5;
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
    }
    ctx.stroke();
    ctx.restore();
  }

  /** What is under the pointer, or what is now. */
  say(at) {
    const i = at ?? last(this.values);
    const then = this.times[i];
    const near = at == null ? null : this.marks.find((mark) => Math.abs(mark.from - then) <= (this.times[1] - this.times[0]) * 2);
    const told = this.series.map((each, s) => [SHORT[each.end], this.values[s][i] == null ? '–' : measured(this.values[s][i], each.unit)].filter(Boolean).join(' '));
    say(this.read, [at == null ? '' : clock(new Date(then * 1000)), told.join(' · '), near?.text].filter(Boolean).join(' · '));
  }

  inWords(seconds) {
    const long = WINDOWS.find(([each]) => each === seconds)[2];
    const lines = this.series.map((each, s) => {
      const there = this.values[s].filter((value) => value != null);
      return `${each.title} from ${measured(Math.min(...there), each.unit)} to ${measured(Math.max(...there), each.unit)}, last ${measured(there.at(-1), each.unit)}`;
    });
    const count = (fault) => this.marks.filter((mark) => !!mark.fault === fault).length;
    return `${this.title} in the last ${long}: ${lines.join('; ')}. ${count(false)} Decisions and ${count(true)} faults are marked.`;
  }

  fit() {
    const wide = this.place.clientWidth;
    if (this.plot && wide > 0 && wide !== this.plot.width) this.plot.setSize({ width: wide, height: HEIGHT });
  }

  remove() {
    this.plot?.destroy();
    this.root.remove();
  }
}

const HEIGHT = 118;
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, i) => 2 ** i);

/** How high a plot reaches: a share to all of it, anything else a little above its highest. */
const height = (unit, values) => (unit === 'share' ? 1 : Math.max(1e-9, ...values.flat().map((value) => value ?? 0)) * 1.15);

/** The newest moment that anything is known of. */
function last(values) {
  for (let i = (values[0]?.length ?? 0) - 1; i >= 0; i--) if (values.some((each) => each[i] != null)) return i;
  return 0;
}

/** A colour of the style sheet as a canvas takes it: light or dark as the page is. */
function tone(host, name) {
  host.style.color = `var(${name})`;
  const rgb = getComputedStyle(host).color;
  host.style.color = '';
  return rgb;
}

const faint = (rgb, share = .1) => rgb.replace('rgb(', 'rgba(').replace(')', `, ${share})`);

const hour = (seconds, step) => new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: step < 60 ? '2-digit' : undefined, hourCycle: 'h23' });
