/** The curves of arrows: each a path, its ends, and points at even distances on it. Pure. */

/** So far apart are the points that dots move along, in pixels. */
export const POINT_GAP = 4;
const TIP = 5;
/** So far from a box is a lane beside it. */
const CLEAR = 6;

/** From one tier to another; past what is between on a lane that is free there. */
export function lane(a, b, vertical, between, width) {
  const { from, to } = ports(a, b, vertical);
  if (between.length === 0) return curve(from, [s(from, to, vertical)], to);
  const [along, across, size, wide] = vertical ? ['y', 'x', 'h', 'w'] : ['x', 'y', 'w', 'h'];
  const begin = Math.min(...between.map((place) => place[along])) - 6;
  const end = Math.max(...between.map((place) => place[along] + place[size])) + 6;
  const way = free(from[across], between.map((place) => [place[across] - CLEAR, place[across] + place[wide] + CLEAR]), vertical ? width - 2 : Infinity);
  const [first, last] = from[along] < to[along] ? [begin, end] : [end, begin];
  const p = { [along]: first, [across]: way };
  const q = { [along]: last, [across]: way };
  return { ...curve(from, [s(from, p, vertical), { line: q }, s(q, to, vertical)], to), over: { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 } };
}

/** The place nearest to the wanted one that nobody takes. */
function free(wanted, taken, most) {
  const inside = (at) => taken.some(([low, high]) => at > low && at < high);
  const choices = [wanted, ...taken.flat()].filter((at) => at > 1 && at < most && !inside(at));
  return choices.reduce((best, at) => (Math.abs(at - wanted) < Math.abs(best - wanted) ? at : best), choices[0] ?? wanted);
}

/** Two of one tier that stand beside each other. */
export function straight(a, b, vertical) {
  const { from, to } = ports(a, b, vertical);
  return curve(from, [{ line: to }], to);
}

/** Two of one tier (a primary and its replica): a bow on their far side, the wider the further apart they are. */
export function bow(a, b, vertical, room) {
  const apart = Math.max(1, Math.round(Math.abs(vertical ? a.x - b.x : a.y - b.y) / ((vertical ? a.w : a.h) + 18)));
  const out = (room.near + room.further * (apart - 1)) * 1.2;
  // Off the middle, so that a bow that comes and one that goes on do not meet at one point.
  const lean = (vertical ? Math.sign(b.x - a.x) : Math.sign(b.y - a.y)) * 9;
  const from = vertical ? { x: a.x + a.w / 2 + lean, y: a.y + a.h } : { x: a.x + a.w, y: a.y + a.h / 2 + lean };
  const to = vertical ? { x: b.x + b.w / 2 - lean, y: b.y + b.h + TIP } : { x: b.x + b.w + TIP, y: b.y + b.h / 2 - lean };
  const far = (p) => (vertical ? { x: p.x, y: Math.max(a.y + a.h, b.y + b.h) + out } : { x: Math.max(a.x + a.w, b.x + b.w) + out, y: p.y });
  return curve(from, [{ c1: far(from), c2: far(to), to }], to);
}

/** Where an arrow leaves one box and meets the other. */
function ports(a, b, vertical) {
  const forward = vertical ? b.y >= a.y : b.x >= a.x;
  const side = (place, late, gap) => (vertical
    ? { x: place.x + place.w / 2, y: late ? place.y + place.h + gap : place.y - gap }
    : { x: late ? place.x + place.w + gap : place.x - gap, y: place.y + place.h / 2 });
  return { from: side(a, forward, 0), to: side(b, !forward, TIP) };
}

/** An S from one point to another, level at both ends. */
function s(from, to, vertical) {
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return vertical ? { c1: { x: from.x, y }, c2: { x: to.x, y }, to } : { c1: { x, y: from.y }, c2: { x, y: to.y }, to };
}

function curve(from, parts, to) {
  let d = `M${n(from.x)} ${n(from.y)}`;
  const dense = [from];
  let at = from;
  for (const part of parts) {
    if (part.line) {
      d += `L${n(part.line.x)} ${n(part.line.y)}`;
      dense.push(part.line);
      at = part.line;
      continue;
    }
    d += `C${n(part.c1.x)} ${n(part.c1.y)} ${n(part.c2.x)} ${n(part.c2.y)} ${n(part.to.x)} ${n(part.to.y)}`;
    for (let i = 1; i <= 24; i++) dense.push(bezier(at, part.c1, part.c2, part.to, i / 24));
    at = part.to;
  }
  return { d, from, to, points: even(dense) };
}

function bezier(p, c1, c2, q, t) {
  const u = 1 - t;
  const mix = (k) => u * u * u * p[k] + 3 * u * u * t * c1[k] + 3 * u * t * t * c2[k] + t * t * t * q[k];
  return { x: mix('x'), y: mix('y') };
}

/** x and y of points at even distances, one after the other. */
function even(dense) {
  const points = [];
  let left = 0;
  for (let i = 1; i < dense.length; i++) {
    const [p, q] = [dense[i - 1], dense[i]];
    const long = Math.hypot(q.x - p.x, q.y - p.y);
    let t = left;
    for (; t < long; t += POINT_GAP) points.push(p.x + ((q.x - p.x) * t) / long, p.y + ((q.y - p.y) * t) / long);
    left = t - long;
  }
  return Float32Array.from(points);
}

const n = (v) => Math.round(v * 10) / 10;
