/**
 * What moves: dots with tails on each arrow, on one canvas between what lies under them and over them. A worker draws them (dots.js), so that a step of
 * theirs is a frame of the canvas alone and none of the page: the frame is what costs, not what moves in it. Nobody looks, or wants less motion: nothing moves.
 */
const still = matchMedia('(prefers-reduced-motion: reduce)');
const dark = matchMedia('(prefers-color-scheme: dark)');

export class Flow {
  constructor(host) {
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'flow';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.arrows = [];
    this.seen = true;
    this.told = [];
    new IntersectionObserver(([entry]) => { this.seen = entry.isIntersecting; this.run(); }).observe(host);
    document.addEventListener('visibilitychange', () => this.run());
    still.addEventListener('change', () => this.run());
    dark.addEventListener('change', () => this.tell());
  }

  /** These arrows, as they are now. The worker hears of them only when that moves otherwise. */
  follow(arrows) {
    this.arrows = [...arrows].filter((arrow) => arrow.power > 0 && arrow.points.length > 2).map(({ points, power, state }) => ({ points, power: Math.round(power * 10) / 10, state }));
    const same = (one, other) => one.points === other?.points && one.power === other.power && one.state === other.state;
    if (this.arrows.length !== this.told.length || !this.arrows.every((arrow, i) => same(arrow, this.told[i]))) this.tell();
    this.run();
  }

  /** Moves while there is something to move and somebody to see it. */
  run() {
    const wanted = this.seen && !document.hidden && !still.matches && this.arrows.length > 0;
    if (wanted === this.moving) return;
    this.moving = wanted;
    this.canvas.dataset.moving = String(wanted);
    if (!wanted) this.worker?.postMessage({ moving: false });
    else if (this.worker) this.worker.postMessage({ moving: true });
    else this.begin();
  }

  begin() {
    this.worker = new Worker(new URL('./dots.js', import.meta.url), { type: 'module' });
    const canvas = this.canvas.transferControlToOffscreen();
    this.worker.postMessage({ canvas, moving: true }, [canvas]);
    this.tell();
  }

  tell() {
    if (!this.worker) return;
    this.told = this.arrows;
    const [x, y, w, h] = hull(this.arrows);
    this.canvas.style.cssText = `left: ${x}px; top: ${y}px; width: ${w}px; height: ${h}px`;
    this.worker.postMessage({ arrows: this.arrows, around: [x, y, w, h], sharp: Math.min(2, devicePixelRatio || 1), tones: tones(this.canvas) });
  }
}

/** x, y, width and height around all of their points. */
function hull(arrows) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { points } of arrows) {
    for (let i = 0; i < points.length; i += 2) {
      box[0] = Math.min(box[0], points[i]);
      box[1] = Math.min(box[1], points[i + 1]);
      box[2] = Math.max(box[2], points[i]);
      box[3] = Math.max(box[3], points[i + 1]);
    }
  }
  const [x, y] = [Math.floor(box[0]) - 5, Math.floor(box[1]) - 5];
  return arrows.length ? [x, y, Math.ceil(box[2]) + 5 - x, Math.ceil(box[3]) + 5 - y] : [0, 0, 1, 1];
}

/** As colours that a canvas knows: it does not read a style's variables. */
function tones(canvas) {
  return Object.fromEntries(['live', 'troubled', 'bad'].map((state) => {
    canvas.style.color = `var(--dot-${state})`;
    return [state, getComputedStyle(canvas).color];
  }));
}
