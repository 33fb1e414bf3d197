/**
 * What moves: dots on each arrow, faster and more with its rate, on one canvas between what lies under them and over them. A few steps a second look
 * like a flow; each costs a copy of the canvas to the screen, whatever moves on it. Nobody looks, or wants less motion: nothing moves.
 */
import { POINT_GAP } from './route.js';

const STEPS_A_SECOND = 5;
/** With so many arrows that move, fewer steps: the canvas is as large as the window then, and the eye has enough to follow. */
const CROWD = 30;
const CROWD_STEPS = 2;
const still = matchMedia('(prefers-reduced-motion: reduce)');
const dark = matchMedia('(prefers-color-scheme: dark)');

export class Flow {
  constructor(host) {
    this.host = host;
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'flow';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.paper = this.canvas.getContext('2d');
    this.arrows = [];
    this.seen = true;
    this.gone = 0;
    this.steps = STEPS_A_SECOND;
    new IntersectionObserver(([entry]) => { this.seen = entry.isIntersecting; this.run(); }).observe(host);
    document.addEventListener('visibilitychange', () => this.run());
    still.addEventListener('change', () => this.run());
    dark.addEventListener('change', () => (this.tones = null));
  }

  /** These arrows, as they are now. */
  follow(arrows) {
    this.arrows = [...arrows].filter((arrow) => arrow.power > 0);
    const around = hull(this.arrows);
    if (around.join() !== this.around?.join()) this.cover(around);
    this.pace(this.arrows.length > CROWD ? CROWD_STEPS : STEPS_A_SECOND);
    this.run();
  }

  /** The canvas is as large as what moves: each step is paid for by the pixel. */
  cover([x, y, w, h]) {
    const sharp = Math.min(2, devicePixelRatio || 1);
    this.around = [x, y, w, h];
    this.canvas.width = Math.round(w * sharp);
    this.canvas.height = Math.round(h * sharp);
    this.canvas.style.cssText = `left: ${x}px; top: ${y}px; width: ${w}px; height: ${h}px`;
    this.paper.setTransform(sharp, 0, 0, sharp, -x * sharp, -y * sharp);
    if (this.ticking) this.step();
  }

  pace(steps) {
    if (steps === this.steps) return;
    this.steps = steps;
    clearInterval(this.ticking);
    this.ticking = null;
  }

  /** Ticks while there is something to move and somebody to see it. */
  run() {
    const wanted = this.seen && !document.hidden && !still.matches && this.arrows.length > 0;
    if (wanted && !this.ticking) this.ticking = setInterval(() => this.step(), 1000 / this.steps);
    if (!wanted && this.ticking) {
      clearInterval(this.ticking);
      this.ticking = null;
      this.clear();
    }
    this.canvas.dataset.moving = String(wanted);
  }

  clear() {
    if (this.around) this.paper.clearRect(...this.around);
  }

  step() {
    this.gone++;
    this.canvas.dataset.step = this.gone;
    const { paper } = this;
    this.clear();
    this.tones ??= tones(this.canvas);
    for (const [state, tone] of Object.entries(this.tones)) {
      paper.fillStyle = tone;
      paper.beginPath();
      for (const arrow of this.arrows) if (arrow.state === state) this.dots(arrow);
      paper.fill();
    }
  }

  /** A dot's distance and speed say how busy the arrow is. A step is less than half the distance, or the eye sees it go back. */
  dots({ points, power }) {
    const gap = (40 - 5 * Math.min(4, power)) / POINT_GAP;
    const speed = Math.min((20 + 11 * Math.min(4, power)) / POINT_GAP / this.steps, 0.45 * gap);
    const radius = 1.5 + 0.35 * power;
    const many = points.length / 2;
    for (let at = (this.gone * speed) % gap; at < many - 1; at += gap) {
      const i = Math.floor(at);
      const part = at - i;
      const x = points[2 * i] + (points[2 * i + 2] - points[2 * i]) * part;
      const y = points[2 * i + 1] + (points[2 * i + 3] - points[2 * i + 1]) * part;
      this.paper.moveTo(x + radius, y);
      this.paper.arc(x, y, radius, 0, 7);
    }
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
