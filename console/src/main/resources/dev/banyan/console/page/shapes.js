/** What each kind of box looks like, as in the drawings that people know: a cylinder stores, a cloud is near users, a hexagon shares out. */
import { svg } from './words.js';

/** {body, lid: paths, inset: how much narrower text is on each side, shift: how much lower it begins, low: inset of the last line, foot: where that is}. */
export function shape(kind, size, w, h) {
  const large = size === 'full' || size === 'group';
  if (size === 'region') return { body: box(w, h, 18), lid: '', inset: 20, shift: 8 };
  if (size === 'large') return { body: box(w, h, 16), lid: '', inset: 20, shift: 8 };
  if (size === 'tiny') return { body: box(w, h, 7), lid: '', inset: 8, shift: 0 };
  switch (kind) {
    case 'database':
    case 'replica': return cylinder(w, h, large ? 8 : 5);
    case 'cache': return stack(w, h, large ? 8 : 4);
    case 'edge': return large ? { body: cloud(w, h), lid: '', inset: 18, low: size === 'full' ? 14 : 18, shift: 8, foot: 65 } : { body: box(w, h, h / 2), lid: '', inset: 16, low: 14, shift: 0 };
    case 'front_door':
    case 'router': return { body: hexagon(w, h, large ? 13 : 9), lid: '', inset: large ? 16 : 13, low: size === 'full' ? 12 : large ? 16 : 13, shift: 0 };
    case 'queue': return pipe(w, h);
    default: return { body: box(w, h, large ? 12 : 9), lid: '', inset: large ? 13 : 10, shift: 0 };
  }
}

function box(w, h, r) {
  return `M${r} 0H${w - r}A${r} ${r} 0 0 1 ${w} ${r}V${h - r}A${r} ${r} 0 0 1 ${w - r} ${h}H${r}A${r} ${r} 0 0 1 0 ${h - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
}

function cylinder(w, h, lid) {
  return { body: `M0 ${lid}A${w / 2} ${lid} 0 0 1 ${w} ${lid}V${h - lid}A${w / 2} ${lid} 0 0 1 0 ${h - lid}Z`, lid: `M0 ${lid}A${w / 2} ${lid} 0 0 0 ${w} ${lid}`, inset: lid > 5 ? 13 : 10, shift: 8, foot: 64 };
}

/** Disks on each other. */
function stack(w, h, lid) {
  const { body, inset, shift } = cylinder(w, h, lid);
  const rim = (y) => `M0 ${y}A${w / 2} ${lid} 0 0 0 ${w} ${y}`;
  return { body, lid: lid > 4 ? rim(lid) + rim(h - lid - 4) + rim(h - lid - 8) : rim(lid) + rim(h - lid - 3), inset, shift: shift - 4, foot: 59 };
}

function hexagon(w, h, point) {
  return `M${point} 0H${w - point}L${w} ${h / 2}L${w - point} ${h}H${point}L0 ${h / 2}Z`;
}

function cloud(w, h) {
  const [x, y] = [w / 126, h / 76];
  const p = (a, b) => `${(a * x).toFixed(1)} ${(b * y).toFixed(1)}`;
  return `M${p(22, 76)}C${p(-4, 76)} ${p(-6, 40)} ${p(15, 35)}C${p(13, 13)} ${p(41, 5)} ${p(51, 17)}C${p(60, -6)} ${p(99, -3)} ${p(102, 22)}C${p(126, 19)} ${p(134, 46)} ${p(123, 57)}C${p(121, 70)} ${p(112, 76)} ${p(102, 76)}Z`;
}

/** Lying on its side: in at one end, out at the other. */
function pipe(w, h) {
  const e = 8;
  return { body: `M${e} 0H${w - e}A${e} ${h / 2} 0 0 1 ${w - e} ${h}H${e}A${e} ${h / 2} 0 0 1 ${e} 0Z`, lid: `M${w - e} 0A${e} ${h / 2} 0 0 0 ${w - e} ${h}`, inset: 16, shift: 0 };
}

const SYMBOLS = {
  'h-up': '<circle r="6" class="fill"/><path d="M-2.8.2-.8 2.3 2.9-2" class="cut"/>',
  'h-starting': '<circle r="5" class="ring"/><path d="M0-5A5 5 0 0 1 0 5Z" class="fill"/>',
  'h-draining': '<path d="M-6-4.5H6L0 6Z" class="fill"/>',
  'h-sick': '<path d="M0-6.8 6.8 0 0 6.8-6.8 0Z" class="fill"/><path d="M0-3.2V.8M0 3v.2" class="cut"/>',
  'h-down': '<rect x="-5.8" y="-5.8" width="11.6" height="11.6" rx="2" class="fill"/><path d="M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6" class="cut"/>',
  'h-declared': '<circle r="5" class="ring dashed"/>',
  'h-fault': '<circle r="6.800" class="fill"/><path d="M1-4.600-2.700.8H0L-1 4.600 2.700-.8H0Z" class="bolt"/>',
  'k-users': '<circle cx="14" cy="9.5" r="4"/><path d="M6.5 22.5c0-5 3.3-7.5 7.5-7.5s7.5 2.5 7.5 7.5"/><path d="M6.8 13.6a3 3 0 1 1 1.7-5.4M2.6 20.5c0-2.6 1.1-4.3 2.9-5.2M21.2 13.6a3 3 0 1 0-1.7-5.4M25.4 20.5c0-2.6-1.1-4.3-2.9-5.2"/>',
  'k-application': '<rect x="4" y="4" width="20" height="8.5" rx="2"/><rect x="4" y="15.5" width="20" height="8.5" rx="2"/><path d="M8 8.3h.1M11 8.3h.1M8 19.8h.1M11 19.8h.1M16 8.3h4M16 19.8h4"/>',
  'k-worker': '<circle cx="14" cy="14" r="4.5"/><path d="M14 4v4M14 20v4M4 14h4M20 14h4M7 7l2.800 2.800M18.200 18.200 21 21M21 7l-2.800 2.800M9.800 18.200 7 21"/>',
  'k-dns': '<circle cx="14" cy="14" r="10.500"/><path d="M3.500 14h21M14 3.500c-7 7-7 14 0 21 7-7 7-14 0-21Z"/>',
  'k-region': '<path d="M14 25.500C9 19 6 15.500 6 11a8 8 0 0 1 16 0c0 4.500-3 8-8 14.500Z"/><circle cx="14" cy="11" r="3"/>',
  'k-other': '<rect x="4.500" y="4.500" width="19" height="19" rx="3"/>',
};

/** Which kinds are known by an icon; the others by their outline alone. */
export const hasIcon = (kind) => `k-${kind}` in SYMBOLS;

/** Puts the marks and icons into the document, once. */
export function symbols() {
  if (document.getElementById('h-up')) return;
  const all = svg('svg', { width: 0, height: 0, class: 'unseen', 'aria-hidden': 'true', focusable: 'false' });
  for (const [id, inner] of Object.entries(SYMBOLS)) {
    const symbol = svg('symbol', { id, viewBox: id.startsWith('h-') ? '-7 -7 14 14' : '0 0 28 28' });
    symbol.innerHTML = inner;
    all.append(symbol);
  }
  document.body.append(all);
}
