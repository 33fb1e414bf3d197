/** The living drawing: keeps the SVG true to the site, touching only what changed. */
import { ArrowView } from './arrows.js';
import { Flow } from './flow.js';
import { layout } from './layout.js';
import { NodeView } from './nodes.js';
import { arrowId, scene } from './scene.js';
import { symbols } from './shapes.js';
import { svg } from './words.js';

const CROWD = 30;
const CROWD_SECONDS = 3;
const ARROW_KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A drawing that stands still, of a site as /api/site told it once: for reports. options: {zoom, select, width}. */
export function draw(site, element, options = {}) {
  const drawing = new Drawing(element, null, { ...options, still: true });
  drawing.look({ zoom: options.zoom ?? 'servers', select: options.select ?? null });
  drawing.show(site);
  return drawing;
}

export class Drawing {
  /**
   * @param select called with what was chosen, a node's id or an arrow's ("front-door>web-1"), or null
   * @param options {zoomTo: called with the zoom that was asked for, still: whether nothing ever moves, width: instead of the element's}
   */
  constructor(host, select, options = {}) {
    symbols();
    Object.assign(this, { host, options, site: null, shape: '', waits: 0, zoom: 'servers', selected: null, nodes: new Map(), arrows: new Map(), frames: new Map(), faulty: new Map() });
    this.select = select;
    host.classList.add('drawing');
    this.bands = svg('g', { class: 'bands' });
    this.frameLayer = svg('g', { class: 'frames' });
    this.arrowLayer = svg('g', { class: 'arrows' });
    this.labelLayer = svg('g', { class: 'labels' });
    this.nodeLayer = svg('g', { class: 'nodes' });
    // What lies under the moving dots and what lies over them are apart, so that their motion paints nothing else anew.
    this.back = svg('svg', { class: 'under' }, head('tip'), head('tip-bad'), head('tip-idle'), this.bands, this.frameLayer, this.arrowLayer);
    this.root = svg('svg', { class: 'over', role: 'group', 'aria-label': 'Drawing of the site' }, this.labelLayer, this.nodeLayer);
    this.flow = options.still ? null : new Flow(host);
    host.append(...[this.back, this.flow?.canvas, this.root].filter(Boolean));
    if (options.still) return;
    host.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.site && this.reshape(false)).observe(host);
  }

  /** Of a crowd of servers figures are written each third second: a hundred texts paint the whole picture anew. What changes otherwise shows at once. */
  show(site) {
    this.site = site;
    const state = site.nodes.map((node) => `${node.id}/${node.tier}/${node.health}`).join() + site.arrows.length;
    this.waits = site.nodes.length > CROWD && state === this.state ? (this.waits + 1) % CROWD_SECONDS : 0;
    this.state = state;
    if (this.waits === 0) this.reshape(false);
  }

  /** What is to be seen, and what of it is selected. */
  look({ zoom, select }) {
    if (zoom === this.zoom && select === this.selected) return;
    this.zoom = zoom;
    this.mark(select);
  }

  mark(id) {
    this.selected = id;
    if (this.site) this.reshape(false);
  }

  /** Faults that are active: [{target, kind, setting, sentence}]. Each is marked on its server or arrow. */
  faults(active) {
    this.faulty = new Map(active.map((fault) => [fault.target, fault]));
    if (this.site) this.reshape(false);
  }

  focus(id) {
    (this.nodes.get(id) ?? this.arrows.get(id))?.root.focus();
  }

  /** The layout is made anew only when what stands there changed, or its room. */
  reshape(force) {
    const width = this.options.width ?? Math.max(300, this.host.clientWidth);
    const now = scene(this.site, this.zoom, this.selected);
    for (const fault of this.faulty.keys()) this.showFaultyArrow(now, fault);
    const boxes = now.tiers.flatMap((tier) => tier.blocks.flatMap((block) => block.nodes));
    const shape = [width, this.zoom, boxes.map((node) => `${node.id}/${node.tier}`), now.arrows.map((arrow) => `${arrow.id}${arrow.figures != null}`)].join('|');
    if (shape !== this.shape || force) {
      // What moves because there is more or less room, or another zoom, moves at once; what moves because the site grows, glides.
      this.host.classList.toggle('jump', shape.split('|', 2).join() !== this.shape.split('|', 2).join());
      this.shape = shape;
      this.place(layout(now, width), boxes);
    }
    for (const node of boxes) this.nodes.get(node.id)?.show(node, this.selected, this.faultOf(node));
    for (const arrow of now.arrows) this.arrows.get(arrow.id)?.show(arrow, this.selected, this.faultOn(now, arrow));
    this.flow?.follow(this.arrows.values());
  }

  /** An arrow of a crowd that is at fault is drawn by itself. */
  showFaultyArrow(now, target) {
    if (now.zoom !== 'servers' || now.arrows.some((arrow) => arrow.members.length === 1 && arrowId(arrow.members[0]) === target)) return;
    const arrow = this.site.arrows.find((each) => arrowId(each) === target);
    if (arrow) now.arrows.push({ ...arrow, id: `${target} own`, own: true, members: [arrow] });
  }

  /** Among servers, that of a crowd's arrow is marked on the one beside it. */
  faultOn(now, arrow) {
    if (now.zoom === 'servers' && arrow.members.length > 1) return undefined;
    return arrow.members.map((each) => this.faulty.get(arrowId(each))).find(Boolean);
  }

  faultOf(node) {
    const found = (node.members ?? [node]).map((each) => this.faulty.get(each.id)).filter(Boolean);
    return found.length > 1 ? { ...found[0], more: found.length - 1 } : found[0];
  }

  place(plan, boxes) {
    for (const layer of [this.back, this.root]) {
      layer.setAttribute('viewBox', `0 0 ${plan.width} ${plan.height}`);
      layer.setAttribute('height', plan.height);
    }
    this.host.style.height = `${plan.height}px`;
    this.host.dataset.vertical = plan.vertical;
    this.host.dataset.zoom = this.zoom;
    this.bands.replaceChildren(...plan.bands.filter((band) => band.title).map((band) => svg('g', {}, svg('rect', { x: band.x, y: band.y, width: band.w, height: band.h, rx: 16 }),
      svg('text', { x: band.x + band.w / 2, y: 24 }, band.title))));
    this.frameLayer.replaceChildren(...plan.frames.map((frame) => svg('rect', { class: 'frame', x: frame.x, y: frame.y, width: frame.w, height: frame.h, rx: 12 })));
    keep(this.nodes, boxes.map((node) => [node.id, plan.places.get(node.id)]), (id) => new NodeView(this, id), this.nodeLayer);
    keep(this.arrows, plan.arrows.map((arrow) => [arrow.id, arrow]), () => new ArrowView(this, this.labelLayer), this.arrowLayer);
  }

  /** Chosen again, it is chosen no more. A box of many is looked at from nearer. */
  choose(node) {
    if (!this.select) return;
    if (node.kind === 'region') this.options.zoomTo?.('tiers');
    else if (node.many) this.options.zoomTo?.('servers');
    else this.select(this.selected === (node.members?.[0].id ?? node.id) ? null : node.members?.[0].id ?? node.id);
  }

  /** Of arrows drawn as one the worst is opened, or the busiest. */
  chooseArrow(arrow) {
    const weight = ({ figures }) => (figures ? figures.failedRate * 1e6 + figures.rate : -1);
    const id = arrowId(arrow.members.reduce((best, each) => (weight(each) > weight(best) ? each : best)));
    this.select?.(this.selected === id ? null : id);
  }

  /** Arrow keys go to the nearest box on that side. */
  key(event) {
    const way = ARROW_KEYS[event.key];
    const from = event.target.closest?.('.node');
    if (!way || !from) return;
    event.preventDefault();
    const middle = (element) => { const r = element.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; };
    const [x, y] = middle(from);
    const away = (element) => {
      const [dx, dy] = [middle(element)[0] - x, middle(element)[1] - y];
      const along = dx * way[0] + dy * way[1];
      return along > 4 ? along + 2.5 * Math.abs(dx * way[1] + dy * way[0]) : Infinity;
    };
    const best = [...this.nodes.values()].map(({ root }) => [away(root), root]).filter(([far]) => far < Infinity).sort((a, b) => a[0] - b[0])[0];
    best?.[1].focus();
  }
}

/** Makes what is new, lets go what is gone, places all, in order. */
function keep(views, wanted, make, layer) {
  const keys = new Set(wanted.map(([key]) => key));
  for (const [key, view] of views) {
    if (keys.has(key)) continue;
    view.remove();
    views.delete(key);
  }
  let before = null;
  for (const [key, where] of wanted) {
    if (!views.has(key)) views.set(key, make(key));
    const view = views.get(key);
    view.place(where);
    // Moving an element takes the focus from it: only where the order is another.
    const next = before ? before.nextSibling : layer.firstChild;
    if (next !== view.root) layer.insertBefore(view.root, next);
    before = view.root;
  }
}

function head(id) {
  return svg('marker', { id, viewBox: '0 0 8 8', refX: 5, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto' },
    svg('path', { d: 'M.5 .5 7.500 4 .5 7.500Z', class: id.replace('-', ' ') }));
}
