/** The living drawing: keeps the SVG true to the site, once a second, touching only what changed. */
import { layout } from './layout.js';
import { asked, count, failedShare, health, percent, rate, say, svg, timed, waited, waits } from './words.js';

const DOT_GAP = 20;
// Twenty steps a second look like a flow, at a third of what a step each frame costs.
const STEP_MILLIS = 50;
const still = matchMedia('(prefers-reduced-motion: reduce)');

export class Drawing {
  /** @param select called with a node's id, or null */
  constructor(host, select) {
    this.host = host;
    this.select = select;
    this.selected = null;
    this.site = null;
    this.shape = '';
    this.nodes = new Map();
    this.arrows = new Map();
    this.bands = svg('g', { class: 'bands' });
    this.arrowLayer = svg('g', { class: 'arrows' });
    this.nodeLayer = svg('g', { class: 'nodes' });
    this.labelLayer = svg('g', { class: 'labels' });
    // Three layers, so that moving the dots paints nothing else anew: what lies under them, the dots, what lies over them.
    this.back = svg('svg', { class: 'under', 'aria-hidden': 'true' }, head('tip', 'tip'), head('tip-bad', 'tip bad'), head('tip-idle', 'tip idle'), this.bands, this.arrowLayer);
    this.dotLayer = svg('svg', { class: 'under flow', 'aria-hidden': 'true' });
    this.root = svg('svg', { class: 'over', role: 'group', 'aria-label': 'Drawing of the site' }, this.labelLayer, this.nodeLayer);
    host.append(this.back, this.dotLayer, this.root);
    setInterval(() => this.flow(), STEP_MILLIS);
    new ResizeObserver(() => this.site && this.show(this.site)).observe(host);
    still.addEventListener('change', () => this.site && this.reshape(true));
  }

  show(site) {
    this.site = site;
    this.reshape(false);
    for (const node of site.nodes) this.nodes.get(node.id)?.show(node);
    for (const arrow of site.arrows) this.arrows.get(`${arrow.from} ${arrow.to}`)?.show(arrow);
  }

  mark(id) {
    this.selected = id;
    for (const [key, view] of this.nodes) view.mark(key === id);
    for (const [key, view] of this.arrows) view.root.classList.toggle('chosen', id != null && key.split(' ').includes(id));
  }

  focus(id) {
    this.nodes.get(id)?.root.focus();
  }

  reshape(force) {
    const width = Math.max(300, this.host.clientWidth);
    const shape = width + '|' + this.site.nodes.map((node) => `${node.id}/${node.tier}`).join() + '|' + this.site.arrows.map((a) => `${a.from} ${a.to} ${a.figures != null}`).join();
    if (shape === this.shape && !force) return;
    this.shape = shape;
    const plan = layout(this.site, width);
    for (const layer of [this.back, this.dotLayer, this.root]) layer.setAttribute('viewBox', `0 0 ${plan.width} ${plan.height}`);
    this.back.classList.toggle('vertical', plan.vertical);
    this.bands.replaceChildren(...plan.bands.map((band) => svg('g', {}, svg('rect', { x: band.x, y: band.y, width: band.w, height: band.h, rx: 14 }),
      plan.vertical ? '' : svg('text', { x: band.x + band.w / 2, y: 22 }, band.title))));
    this.keep(this.nodes, plan.places, (id) => new NodeView(this, id), (view, place) => view.place(place), this.nodeLayer);
    const arrows = new Map(plan.arrows.map((arrow) => [arrow.key, arrow]));
    this.keep(this.arrows, arrows, () => new ArrowView(this.labelLayer, this.dotLayer), (view, place) => view.place(place), this.arrowLayer);
    this.mark(this.selected);
  }

  flow() {
    if (document.hidden || still.matches) return;
    for (const arrow of this.arrows.values()) arrow.step();
  }

  /** Makes what is new, takes away what is gone, places all. */
  keep(views, wanted, make, place, layer) {
    for (const [key, view] of views) {
      if (!wanted.has(key)) {
        view.remove();
        views.delete(key);
      }
    }
    for (const [key, where] of wanted) {
      if (!views.has(key)) {
        const view = make(key);
        views.set(key, view);
      }
      place(views.get(key), where);
      layer.append(views.get(key).root);
    }
  }
}

function head(id, css) {
  return svg('marker', { id, viewBox: '0 0 8 8', refX: 5, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto' },
    svg('path', { d: 'M0.500 0.500 7.500 4 0.500 7.500Z', class: css }));
}

class NodeView {
  constructor(drawing, id) {
    this.drawing = drawing;
    this.id = id;
    this.body = svg('path', { class: 'body' });
    this.lid = svg('path', { class: 'lid' });
    this.icon = svg('use', { class: 'icon', width: 26, height: 26 });
    this.title = svg('text', { class: 'title' });
    this.line = svg('text', { class: 'line' });
    this.figure = svg('text', { class: 'figure' });
    this.badge = svg('use', { width: 14, height: 14 });
    this.halo = svg('circle', { class: 'halo', r: 9.5 });
    this.health = svg('g', {}, this.halo, this.badge);
    this.tip = svg('title');
    this.root = svg('g', {
      class: 'node', role: 'button', tabindex: 0, 'aria-pressed': 'false', 'data-node': id,
      onclick: () => this.choose(),
      onkeydown: (event) => this.key(event),
    }, this.tip, this.body, this.lid, this.icon, this.title, this.line, this.figure, this.health);
  }

  place({ x, y, w, h, small }) {
    this.size = { w, h, small };
    this.root.style.transform = `translate(${x}px, ${y}px)`;
    if (this.node) this.shape();
  }

  show(node) {
    const kind = this.node?.kind;
    this.node = node;
    if (kind !== node.kind) {
      this.root.dataset.kind = node.kind;
      this.shape();
    }
    say(this.title, fit(node.title, this.size.w + (node.kind === 'users' || this.size.small ? 40 : 8)));
    this.title.classList.toggle('long', node.title.length > 11);
    say(this.line, fit(node.health === 'up' ? node.detail.replace(/https?:\/\//g, '') : health(node.health), this.size.w + (node.kind === 'users' ? 70 : isStore(node) ? 28 : 0)));
    say(this.figure, this.summary(node));
    // An SVG element's title is its name for a screen reader, and the tip for a mouse.
    say(this.tip, [node.title, node.detail, health(node.health)].filter(Boolean).join(', ') + (node.why ? ': ' + node.why : ''));
    const css = `health ${node.health}`;
    if (this.health.getAttribute('class') !== css) {
      this.health.setAttribute('class', css);
      this.badge.setAttribute('href', `#h-${node.health}`);
      this.root.dataset.health = node.health;
    }
  }

  summary(node) {
    const figures = node.figures;
    if (node.kind === 'users') return '';
    if (!figures) return this.size.small ? '' : node.gauge || 'not measured';
    return this.size.small ? `${rate(figures.rate)}/s` : node.gauge || `${count(figures.inFlight)} in flight`;
  }

  shape() {
    const { w, h, small } = this.size;
    const store = isStore(this.node);
    const users = this.node.kind === 'users';
    this.root.classList.toggle('users', users);
    this.root.classList.toggle('small', small);
    this.body.setAttribute('d', store && !small ? cylinder(w, h) : box(w, h, small ? 8 : 12));
    this.lid.setAttribute('d', store && !small ? `M0 9A${w / 2} 9 0 0 0 ${w} 9` : '');
    this.icon.setAttribute('href', `#k-${this.node.kind}`);
    const shift = store && !small ? 12 : 0;
    const left = store ? 16 : 42;
    set(this.icon, users ? { x: w / 2 - 19, y: 4, width: 38, height: 38 } : { x: 9, y: 10, width: 25, height: 25 });
    this.icon.toggleAttribute('hidden', store);
    set(this.title, users ? { x: w / 2, y: 58 } : small ? { x: 12, y: h / 2 - 1 } : { x: left, y: 22 + shift });
    set(this.line, users ? { x: w / 2, y: 73 } : { x: left, y: 38 + shift });
    set(this.figure, small ? { x: 12, y: h / 2 + 14 } : { x: left, y: 58 + shift / 2 });
    set(this.badge, { x: w - (store && !small ? 16 : 11), y: store && !small ? 2 : -4 });
    set(this.halo, { cx: w - (store && !small ? 9 : 4), cy: store && !small ? 9 : 3 });
  }

  mark(on) {
    this.root.setAttribute('aria-pressed', String(on));
    this.root.classList.toggle('chosen', on);
  }

  choose() {
    this.drawing.select(this.root.classList.contains('chosen') ? null : this.id);
  }

  key(event) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.choose();
    }
  }

  remove() {
    this.root.remove();
  }
}

class ArrowView {
  constructor(labelLayer, dotLayer) {
    this.speed = 0;
    this.gone = 0;
    this.track = svg('path', { class: 'track' });
    this.dots = svg('path', { class: 'dots' });
    this.tip = svg('title');
    this.root = svg('g', { class: 'arrow' }, this.tip, this.track);
    this.flow = svg('g', { class: 'arrow' }, this.dots);
    dotLayer.append(this.flow);
    this.first = svg('text', { y: -2, class: 'first' });
    this.second = svg('text', { y: 11, class: 'second' });
    this.label = svg('g', { class: 'label', hidden: true }, this.first, this.second);
    labelLayer.append(this.label);
  }

  place({ d, twin, label, arrow }) {
    this.track.setAttribute('d', d);
    this.dots.setAttribute('d', twin ? '' : d);
    this.where = label;
    if (label) this.label.setAttribute('text-anchor', label.anchor);
    if (label) this.label.style.transform = `translate(${label.x}px, ${label.y}px)`;
    this.twin = twin;
    this.show(arrow);
  }

  /** Moves the dots on by what the rate makes of one step. */
  step() {
    if (this.speed === 0 || this.twin) return;
    this.gone = (this.gone + this.speed) % DOT_GAP;
    this.dots.setAttribute('stroke-dashoffset', -this.gone.toFixed(1));
  }

  show(arrow) {
    const figures = arrow.figures;
    const live = figures != null && figures.rate > 0;
    const share = failedShare(figures);
    const state = !figures ? 'unmeasured' : !live ? 'idle' : share > 0.05 ? 'bad' : share > 0 ? 'troubled' : 'live';
    if (this.root.dataset.state !== state) {
      this.root.dataset.state = this.flow.dataset.state = state;
      this.track.setAttribute('marker-end', `url(#${state === 'bad' ? 'tip-bad' : state === 'live' || state === 'troubled' ? 'tip' : 'tip-idle'})`);
    }
    // Width and speed follow the logarithm of the rate: 10/s and 10,000/s are both to be seen.
    const power = live ? Math.log10(1 + figures.rate) : 0;
    const wide = (1.5 + power * 0.9).toFixed(2);
    if (wide !== this.wide) {
      this.wide = wide;
      for (const part of [this.root, this.flow]) part.style.setProperty('--wide', wide);
    }
    this.speed = live ? ((18 + 34 * power) * STEP_MILLIS) / 1000 : 0;
    this.root.dataset.protocol = arrow.protocol;
    const [first, second] = words(arrow, figures, live, share);
    say(this.tip, `${arrow.from} to ${arrow.to}, ${arrow.protocol}: ${figures ? (live ? `${rate(figures.rate)} ${asked(arrow.protocol)} a second, ${timed(figures) ? `half wait at most ${waited(figures.p50Millis)}, 99 in 100 ${waited(figures.p99Millis)}, ` : ''}${percent(share)} failed` : 'no traffic') : 'not measured'}`);
    this.write(first, second, state);
  }

  write(first, second, state) {
    this.label.toggleAttribute('hidden', !this.where || !first);
    this.label.dataset.state = state;
    say(this.first, first);
    say(this.second, second);
    this.first.setAttribute('y', second ? -2 : 4);
  }

  remove() {
    this.flow.remove();
    this.root.remove();
    this.label.remove();
  }
}

function words(arrow, figures, live, share) {
  if (!figures) return ['', ''];
  if (figures.total === 0) return ['no traffic yet', ''];
  if (!live) return ['quiet', ''];
  return [`${rate(figures.rate)}/s`, share > 0 ? `▲ ${percent(share)} failed` : timed(figures) ? waits(figures.p50Millis, figures.p99Millis) : ''];
}

const isStore = (node) => ['database', 'replica', 'cache'].includes(node.kind);

const fit = (text, wide) => {
  const most = Math.floor((wide - 50) / 5.7);
  return text.length > most ? text.slice(0, Math.max(1, most - 1)) + '…' : text;
};

function set(element, values) {
  for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
}

function box(w, h, r) {
  return `M${r} 0H${w - r}A${r} ${r} 0 0 1 ${w} ${r}V${h - r}A${r} ${r} 0 0 1 ${w - r} ${h}H${r}A${r} ${r} 0 0 1 0 ${h - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
}

/** As stores are drawn in every book. */
function cylinder(w, h) {
  return `M0 9A${w / 2} 9 0 0 1 ${w} 9V${h - 5}A${w / 2} 9 0 0 1 0 ${h - 5}Z`;
}
