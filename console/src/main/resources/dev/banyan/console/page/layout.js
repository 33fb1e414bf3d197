/**
 * Where everything of a scene stands. Pure: a scene and a width in, numbers out.
 *
 * Wide, the tiers are columns from left (users) to right (stores), as such drawings are read. Narrow, they are rows from top to bottom. Both are one
 * computation: "along" is the way that requests take (x when wide, y when narrow), "across" the other.
 */
import { bow, straight, lane } from './route.js';

const EDGE = 14;
const HEAD = 30;
/** Beside rows. */
const SIDE = 16;
/** Between two tiers: room for an arrow alone, for its figures too, and where it gets more than it needs. */
const GAP = { bare: 30, told: 100, most: 168 };
const ROW_GAP = 54;
const BLOCK_GAP = 22;
const BOW = { near: 24, further: 12 };
const SIZES = {
  users: { w: 84, h: 76, gap: 20 },
  full: { w: 134, h: 76, gap: 18 },
  group: { w: 152, h: 98, gap: 26 },
  region: { w: 310, h: 136, gap: 34 },
  large: { w: 268, h: 214, gap: 20 },
  cell: { w: 96, h: 44, gap: 8 },
  tiny: { w: 68, h: 34, gap: 6 },
};
/** Where there is room: wider ones. */
const WIDE = { ...SIZES, full: { ...SIZES.full, w: 150 } };
/** Where it is tight: narrower ones. */
const SLIM = { ...SIZES, users: { ...SIZES.users, w: 70 }, full: { ...SIZES.full, w: 112 }, cell: { ...SIZES.cell, w: 90 }, tiny: { ...SIZES.tiny, w: 64 } };
const MOST_FULL = 5;
const MOST_CELLS = 16;
const TALLEST = { cell: 9, tiny: 11 };
const LABEL = { w: 80, h: 30 };

export function layout(scene, width) {
  return columns(scene, width, WIDE) ?? columns(scene, width, SIZES) ?? columns(scene, width, SLIM) ?? rows(scene, width);
}

function sizeOf(node, many) {
  if (node.kind === 'users') return 'users';
  if (node.large) return 'large';
  if (node.kind === 'region') return 'region';
  if (node.members) return 'group';
  return many <= MOST_FULL ? 'full' : many <= MOST_CELLS ? 'cell' : 'tiny';
}

/** Null where the tiers do not fit beside each other. */
function columns(scene, width, sizes) {
  const tiers = scene.tiers.map((tier) => measure(tier, scene, sizes));
  const least = 2 * EDGE + tiers.reduce((all, tier) => all + tier.along + tier.bows, 0) + GAP.bare * (tiers.length - 1);
  if (least > width || (width < 700 && tiers.length > 2) || width < 560) return null;
  const told = toldGaps(scene, tiers, width - least);
  const spare = width - least - told.filter(Boolean).length * (GAP.told - GAP.bare);
  const shares = told.reduce((all, some) => all + (some ? 2 : 1), 0) || 1;
  const gaps = told.map((some) => Math.min(GAP.most, (some ? GAP.told : GAP.bare) + (spare * (some ? 2 : 1)) / shares));
  const taken = tiers.reduce((all, tier) => all + tier.along + tier.bows, 0) + gaps.reduce((all, gap) => all + gap, 0);
  const head = tiers.some((tier) => tier.title) ? HEAD : 0;
  const height = Math.max(scene.zoom === 'servers' ? 320 : 250, head + 2 * EDGE + 12 + Math.max(...tiers.map((tier) => tier.across)));
  const at = { width, places: new Map(), bands: [], frames: [] };
  let x = (width - taken) / 2;
  tiers.forEach((tier, i) => {
    stand(tier, x, head + (height - head) / 2, at, false);
    at.bands.push({ id: tier.id, title: tier.title, x: x - 9, y: 4, w: tier.along + tier.bows + 18, h: height - 8 });
    x += tier.along + tier.bows + (gaps[i] ?? 0);
  });
  return { width, height, vertical: false, ...at, arrows: arrows(scene, at, false, told) };
}

/** Which gaps have room for figures: those before few boxes first, as long as there is some left. */
function toldGaps(scene, tiers, spare) {
  const indexOf = new Map(tiers.flatMap((tier, i) => tier.blocks.flatMap((block) => [[block.id, i], ...block.nodes.map((node) => [node.id, i])])));
  const wanted = tiers.slice(1).map((_, i) => scene.arrows.filter((arrow) => arrow.figures && Math.min(indexOf.get(arrow.from), indexOf.get(arrow.to)) <= i && Math.max(indexOf.get(arrow.from), indexOf.get(arrow.to)) > i).length);
  let left = Math.floor(spare / (GAP.told - GAP.bare));
  const order = wanted.map((n, i) => [n, i]).filter(([n]) => n > 0).sort((a, b) => a[0] - b[0]);
  const told = wanted.map(() => false);
  for (const [, i] of order) if (left-- > 0) told[i] = true;
  return told;
}

/** How the boxes of a tier stand as a column: how large each, in how many columns, how much room all take. */
function measure(tier, scene, sizes) {
  const many = tier.blocks.reduce((all, block) => all + block.nodes.length, 0);
  const blocks = tier.blocks.map((block) => {
    const size = sizeOf(block.nodes[0], many);
    const { w, h, gap } = sizes[size];
    const per = TALLEST[size] ? Math.ceil(many / TALLEST[size]) : 1;
    const lines = Math.ceil(block.nodes.length / per);
    const wide = Math.min(per, block.nodes.length);
    return { ...block, size, per, w, h, gap, along: wide * (w + gap) - gap, across: lines * (h + gap) - gap };
  });
  const spans = bowSpans(tier, scene);
  return { ...tier, blocks, along: Math.max(...blocks.map((block) => block.along)), across: blocks.reduce((all, block) => all + block.across + BLOCK_GAP, -BLOCK_GAP),
    bows: spans.length ? BOW.near + BOW.further * Math.max(...spans) - 6 : 0 };
}

/** Of arrows that stay in the tier and go around others there: how far. */
function bowSpans(tier, scene) {
  const order = tier.blocks.flatMap((block) => block.nodes.map((node) => node.id));
  const inside = scene.arrows.filter((arrow) => order.includes(arrow.from) && order.includes(arrow.to)).map((arrow) => Math.abs(order.indexOf(arrow.from) - order.indexOf(arrow.to)));
  return inside.length === 1 && inside[0] === 1 ? [] : inside;
}

function stand(tier, x, middle, at) {
  let y = middle - tier.across / 2;
  for (const block of tier.blocks) {
    const left = x + (tier.along - block.along) / 2;
    block.nodes.forEach((node, i) => at.places.set(node.id, { x: left + (i % block.per) * (block.w + block.gap), y: y + Math.floor(i / block.per) * (block.h + block.gap), w: block.w, h: block.h, size: block.size, tier: tier.id }));
    frame(block, { x: left, y, w: block.along, h: block.across }, tier, at);
    y += block.across + BLOCK_GAP;
  }
}

/** A crowded block has a frame, which its arrows end at. */
function frame(block, around, tier, at) {
  if (!block.crowded) return;
  const place = { x: around.x - 7, y: around.y - 7, w: around.w + 14, h: around.h + 14, size: 'frame', tier: tier.id };
  at.places.set(block.id, place);
  at.frames.push({ id: block.id, ...place });
}

function rows(scene, width) {
  const at = { width, places: new Map(), bands: [], frames: [] };
  const room = width - 2 * SIDE;
  let y = 10;
  for (const tier of scene.tiers) {
    const many = tier.blocks.reduce((all, block) => all + block.nodes.length, 0);
    const top = y;
    for (const line of lines(tier.blocks.map((block) => narrow(block, many, room)), room)) {
      let x = SIDE + (room - line.reduce((all, block) => all + block.along + BLOCK_GAP, -BLOCK_GAP)) / 2;
      const tall = Math.max(...line.map((block) => block.across));
      for (const block of line) {
        standInRows(block, x, y + (tall - block.across) / 2, tier, at);
        x += block.along + BLOCK_GAP;
      }
      y += tall + BLOCK_GAP;
    }
    y += -BLOCK_GAP;
    at.bands.push({ id: tier.id, title: '', x: 4, y: top - 8, w: width - 8, h: y - top + 16 });
    y += ROW_GAP + (bowSpans(tier, scene).length ? 18 : 0);
  }
  return { width, height: y - ROW_GAP + (scene.tiers.length && bowSpans(scene.tiers.at(-1), scene).length ? 22 : 12), vertical: true, ...at, arrows: arrows(scene, at, true, null) };
}

/** How the boxes of a block stand in rows. */
function narrow(block, many, room) {
  const n = block.nodes.length;
  const wanted = sizeOf(block.nodes[0], many);
  const size = wanted === 'full' && n * (SIZES.full.w + 10) > room ? 'cell' : wanted;
  const { h, gap } = SIZES[size];
  const third = Math.floor((room - 2 * gap) / 3);
  const w = size === 'cell' && third >= 84 ? Math.min(SIZES.cell.w, third) : Math.min(SIZES[size].w * (n === 1 && size === 'full' ? 1.25 : 1), room);
  const per = Math.max(1, Math.min(n, Math.floor((room + gap) / (w + gap))));
  return { ...block, size, w, h, gap, per, along: per * (w + gap) - gap, across: Math.ceil(n / per) * (h + gap) - gap };
}

/** Blocks beside each other, as many as there is room for. */
function lines(blocks, room) {
  const all = [];
  for (const block of blocks) {
    const last = all.at(-1);
    const taken = last?.reduce((sum, each) => sum + each.along + BLOCK_GAP, 0) ?? Infinity;
    if (taken + block.along <= room) last.push(block);
    else all.push([block]);
  }
  return all;
}

function standInRows(block, x, y, tier, at) {
  const { w, h, gap, per } = block;
  block.nodes.forEach((node, i) => {
    const line = Math.floor(i / per);
    const here = Math.min(per, block.nodes.length - line * per);
    at.places.set(node.id, { x: x + ((per - here) * (w + gap)) / 2 + (i % per) * (w + gap), y: y + line * (h + gap), w, h, size: block.size, tier: tier.id });
  });
  frame(block, { x, y, w: block.along, h: block.across }, tier, at);
}

/** A curve for each arrow, its points for what moves on it, and where its figures stand: null where there is no room. */
function arrows(scene, at, vertical, told) {
  const tierIds = scene.tiers.map((tier) => tier.id);
  const fanOut = count(scene.arrows, 'from');
  const fanIn = count(scene.arrows, 'to');
  const inside = new Map();
  const boxes = [...at.places.values()].filter((place) => place.size !== 'frame');
  const solid = [...at.places.values()];
  const labels = [];
  return scene.arrows.filter((arrow) => at.places.has(arrow.from) && at.places.has(arrow.to)).map((arrow) => {
    const [a, b] = [at.places.get(arrow.from), at.places.get(arrow.to)];
    const [i, j] = [tierIds.indexOf(a.tier), tierIds.indexOf(b.tier)];
    let way;
    if (i === j) {
      const sole = scene.arrows.filter((other) => at.places.get(other.from)?.tier === a.tier && at.places.get(other.to)?.tier === a.tier && !other.own).length === 1;
      inside.set(i, (inside.get(i) ?? 0) + 1);
      way = sole && next(a, b, vertical, boxes) ? straight(a, b, !vertical) : bow(a, b, vertical, BOW);
    } else {
      const beyond = (place, box, after) => place !== box && !holds(box, place) && (after ? place.y >= box.y + box.h : place.y + place.h <= box.y);
      const between = (place) => {
        const t = tierIds.indexOf(place.tier);
        return (t > Math.min(i, j) && t < Math.max(i, j)) || (vertical && ((t === j && beyond(place, b, i > j)) || (t === i && beyond(place, a, i < j))));
      };
      way = lane(a, b, vertical, solid.filter(between), at.width);
    }
    const label = arrow.figures && !arrow.own && i !== j ? labelFor(way, vertical, fanIn.get(arrow.to) > 1 && fanOut.get(arrow.from) <= 1, told ? told[Math.min(i, j)] : fanOut.get(arrow.from) <= 1 && fanIn.get(arrow.to) <= 1) : null;
    const free = label && ![...boxes, ...at.frames, ...labels].some((other) => meet(label.box, other));
    if (free) labels.push(label.box);
    return { id: arrow.id, arrow, d: way.d, points: way.points, label: free ? label : null };
  });
}

const count = (all, end) => all.reduce((map, arrow) => map.set(arrow[end], (map.get(arrow[end]) ?? 0) + (arrow.own ? 0 : 1)), new Map());

const holds = (a, b) => b.x >= a.x && b.y >= a.y && b.x + b.w <= a.x + a.w && b.y + b.h <= a.y + a.h;

const meet = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Whether nothing stands between two of one tier. */
function next(a, b, vertical, boxes) {
  const hull = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.max(a.x + a.w, b.x + b.w) - Math.min(a.x, b.x), h: Math.max(a.y + a.h, b.y + b.h) - Math.min(a.y, b.y) };
  return boxes.filter((box) => meet(hull, box)).length === 2;
}

/** Where many come together, beside the arrow's begin; else beside its end; on the side that the curve does not come from. */
function labelFor(way, vertical, atBegin, room) {
  if (!room) return null;
  const { from, to } = way;
  if (vertical) {
    const x = (from.x + to.x) / 2 + 12;
    const y = (from.y + to.y) / 2;
    return Math.abs(from.x - to.x) > 4 ? null : { x, y, anchor: 'start', box: { x, y: y - 15, w: LABEL.w, h: LABEL.h } };
  }
  if (way.over) return { x: way.over.x, y: way.over.y - 19, anchor: 'middle', box: { x: way.over.x - LABEL.w / 2, y: way.over.y - 34, w: LABEL.w, h: LABEL.h } };
  const forward = to.x > from.x;
  const end = atBegin ? from : to;
  const other = atBegin ? to : from;
  const anchor = forward === atBegin ? 'start' : 'end';
  const x = end.x + (anchor === 'start' ? 9 : -9);
  const y = end.y + (other.y < end.y - 1 ? 21 : -21);
  return { x, y, anchor, box: { x: anchor === 'start' ? x : x - LABEL.w, y: y - 15, w: LABEL.w, h: LABEL.h } };
}
