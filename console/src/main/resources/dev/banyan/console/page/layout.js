/**
 * Where everything in the drawing stands: from the site's tiers, never from names. Pure: a site and a width in, numbers out.
 *
 * Wide, the tiers are columns from left (users) to right (stores), as such drawings are read. Narrow, they are rows from top to bottom.
 * A tier with many nodes shows them smaller and in several columns.
 */

const EDGE = 18;
const TITLE = 34;
const ROW_GAP = 22;
const FULL = { w: 144, h: 78 };
const SMALL = { w: 104, h: 44 };
const USERS_W = 92;
const LABEL = { away: 14, aside: 24 };
/** Between two columns: room for an arrow's figures where it has some, and where none has, for the arrow alone. */
const GAP = { told: 122, bare: 44 };
/** Where an arrow turns: early where its end needs room for figures. */
const BEND = { told: 0.3, bare: 0.5 };
/** Beside a column whose nodes ask each other, as replicas their primary. */
const BOW = { near: 26, further: 13 };
const NARROW = 172;
const MOST_ROWS = 8;
const FULL_UP_TO = 5;

export function layout(site, width) {
  const tiers = site.tiers.map((tier) => ({ ...tier, nodes: site.nodes.filter((node) => node.tier === tier.id) })).filter((tier) => tier.nodes.length);
  return width < Math.max(640, NARROW * tiers.length) ? rows(site, tiers, width) : columns(site, tiers, width);
}

function columns(site, tiers, width) {
  const measured = tiers.map((tier) => ({ ...tier, ...cells(tier), bow: bowOf(site, tier) }));
  const height = Math.max(330, TITLE + 2 * EDGE + Math.max(...measured.map((tier) => tier.tall)));
  const gaps = gapsBetween(site, measured, width);
  const places = new Map();
  const bands = [];
  let x = EDGE;
  measured.forEach((tier, at) => {
    const top = TITLE + (height - TITLE - tier.tall) / 2;
    tier.nodes.forEach((node, i) => {
      const column = Math.floor(i / tier.rows);
      const row = i % tier.rows;
      places.set(node.id, { x: x + column * (tier.w + 8), y: top + row * (tier.h + tier.gap), w: tier.w, h: tier.h, small: tier.small, port: { x, w: tier.wide } });
    });
    bands.push({ id: tier.id, title: tier.title, x: x - 10, y: 0, w: tier.wide + tier.bow + 20, h: height });
    x += tier.wide + tier.bow + (gaps[at] ?? EDGE);
  });
  return { width: Math.max(width, x), height, places, bands, arrows: arrows(site, places, false), vertical: false };
}

/** What is left of the width goes between the columns, three times as much where figures are told. */
function gapsBetween(site, tiers, width) {
  const told = tiers.slice(1).map((tier, i) => site.arrows.some((arrow) => arrow.figures && [tiers[i], tier].every((side) => side.nodes.some((node) => node.id === arrow.from || node.id === arrow.to))));
  const least = told.map((some) => (some ? GAP.told : GAP.bare));
  const taken = 2 * EDGE + tiers.reduce((sum, tier) => sum + tier.wide + tier.bow, 0) + least.reduce((sum, gap) => sum + gap, 0);
  const shares = told.reduce((sum, some) => sum + (some ? 3 : 1), 0);
  const spare = Math.max(0, width - taken);
  return least.map((gap, i) => gap + (spare * (told[i] ? 3 : 1)) / shares);
}

/** How much room arrows within the tier take beside it. */
function bowOf(site, tier) {
  const at = (id) => tier.nodes.findIndex((node) => node.id === id);
  const spans = site.arrows.filter((arrow) => at(arrow.from) >= 0 && at(arrow.to) >= 0).map((arrow) => Math.abs(at(arrow.from) - at(arrow.to)));
  return spans.length ? BOW.near + BOW.further * Math.max(...spans) : 0;
}

/** How the nodes of one tier stand: how large each, how many above each other, how much room all of them take. */
function cells(tier) {
  const n = tier.nodes.length;
  const small = n > FULL_UP_TO;
  const w = small ? SMALL.w : tier.nodes[0].kind === 'users' ? USERS_W : FULL.w;
  const h = small ? SMALL.h : FULL.h;
  const gap = small ? 8 : ROW_GAP;
  const rows = small ? Math.min(n, Math.max(MOST_ROWS, Math.ceil(Math.sqrt(n * 1.6)))) : n;
  const columnsNeeded = Math.ceil(n / rows);
  return { small, w, h, gap, rows, wide: columnsNeeded * (w + 8) - 8, tall: rows * (h + gap) - gap };
}

function rows(site, tiers, width) {
  const places = new Map();
  const bands = [];
  const between = 74;
  let y = 8;
  for (const tier of tiers) {
    const n = tier.nodes.length;
    const perRow = Math.min(n, n > 3 ? 4 : 3);
    const small = n > 3;
    const w = Math.min(n === 1 ? 190 : 150, (width - 2 * EDGE - (perRow - 1) * 8) / perRow);
    const h = small ? SMALL.h : w < 118 ? 54 : FULL.h;
    const rowCount = Math.ceil(n / perRow);
    tier.nodes.forEach((node, i) => {
      const row = Math.floor(i / perRow);
      const inRow = Math.min(perRow, n - row * perRow);
      const left = (width - inRow * (w + 8) + 8) / 2;
      places.set(node.id, { x: left + (i % perRow) * (w + 8), y: y + row * (h + 8), w, h, small: small || w < 118 });
    });
    const tall = rowCount * (h + 8) - 8;
    bands.push({ id: tier.id, title: n > 1 ? tier.title : '', x: 4, y: y - 8, w: width - 8, h: tall + 16 });
    y += tall + between;
  }
  const bow = tiers.length ? bowOf(site, tiers.at(-1)) : 0;
  return { width, height: y - between + 10 + bow, places, bands, arrows: arrows(site, places, true), vertical: true };
}

/** A curve for each arrow and the place of its label, null where labels would lie on each other. */
function arrows(site, places, vertical) {
  const fan = new Map();
  const paths = new Set();
  for (const arrow of site.arrows) fan.set(arrow.from, (fan.get(arrow.from) ?? 0) + 1);
  return site.arrows.filter((arrow) => places.has(arrow.from) && places.has(arrow.to)).map((arrow) => {
    const curve = between(port(places.get(arrow.from)), port(places.get(arrow.to)), vertical, arrow.figures ? BEND.told : BEND.bare);
    const twin = paths.has(curve.d);
    paths.add(curve.d);
    const room = vertical ? fan.get(arrow.from) === 1 : !places.get(arrow.to).small;
    return { key: `${arrow.from} ${arrow.to}`, arrow, d: curve.d, twin, label: room && arrow.figures ? curve.label : null };
  });
}

/** Where arrows meet a node: in a tier of several columns, at the tier's edge on its row, so that none runs behind its neighbours. */
const port = (place) => (place.port ? { ...place, ...place.port } : place);

function between(a, b, vertical, bend) {
  if (vertical ? a.y === b.y : a.x === b.x) return beside(a, b, vertical);
  const forward = vertical ? b.y >= a.y : b.x >= a.x;
  const from = vertical ? { x: a.x + a.w / 2, y: forward ? a.y + a.h : a.y } : { x: forward ? a.x + a.w : a.x, y: a.y + a.h / 2 };
  const to = vertical ? { x: b.x + b.w / 2, y: forward ? b.y - 6 : b.y + b.h + 6 } : { x: forward ? b.x - 6 : b.x + b.w + 6, y: b.y + b.h / 2 };
  const turn = vertical ? (from.y + to.y) / 2 : from.x + (to.x - from.x) * bend;
  const c1 = vertical ? { x: from.x, y: turn } : { x: turn, y: from.y };
  const c2 = vertical ? { x: to.x, y: turn } : { x: turn, y: to.y };
  // Beside the arrow's end, on the side that its curve does not come from.
  const label = vertical
    ? { x: (from.x + to.x) / 2 + LABEL.away, y: (from.y + to.y) / 2, anchor: 'start' }
    : { x: to.x + (forward ? -LABEL.away : LABEL.away), anchor: forward ? 'end' : 'start', y: to.y + (from.y < to.y - 1 ? LABEL.aside + 2 : -LABEL.aside) };
  return { d: path(from, c1, c2, to), label };
}

/** Two of one tier (a primary and its replica): a bow on their side, the wider the further apart they are. */
function beside(a, b, vertical) {
  const apart = Math.round(Math.abs(vertical ? a.x - b.x : a.y - b.y) / ((vertical ? a.w : a.h) + 1)) || 1;
  const out = (BOW.near + BOW.further * (apart - 1)) * 1.33;
  // Off the middle, so that a bow that comes and one that goes on do not meet at one point.
  const lean = (vertical ? Math.sign(b.x - a.x) : Math.sign(b.y - a.y)) * 9;
  const from = vertical ? { x: a.x + a.w / 2 + lean, y: a.y + a.h } : { x: a.x + a.w, y: a.y + a.h / 2 + lean };
  const to = vertical ? { x: b.x + b.w / 2 - lean, y: b.y + b.h + 6 } : { x: b.x + b.w + 6, y: b.y + b.h / 2 - lean };
  const c1 = vertical ? { x: from.x, y: from.y + out } : { x: from.x + out, y: from.y };
  const c2 = vertical ? { x: to.x, y: to.y + out } : { x: to.x + out, y: to.y };
  return { d: path(from, c1, c2, to), label: { x: c1.x, y: (from.y + to.y) / 2, anchor: 'start' } };
}

const n = (v) => Math.round(v * 10) / 10;

function path(p, c1, c2, q) {
  return `M${n(p.x)} ${n(p.y)}C${n(c1.x)} ${n(c1.y)} ${n(c2.x)} ${n(c2.y)} ${n(q.x)} ${n(q.y)}`;
}
