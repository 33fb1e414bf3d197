/**
 * What moves: dots on each arrow, faster and more with its rate, on one canvas between what lies under them and over them. A few steps a second look
 * like a flow; each costs a copy of the canvas to the screen, whatever moves on it. Nobody looks, or wants less motion: nothing moves.
 */
import { POINT_GAP } from './route.js';

const STEPS_A_SECOND = 8;
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
    new IntersectionObserver(([entry]) => { this.seen = entry.isIntersecting; this.run(); }).observe(host);
    document.addEventListener('visibilitychange', () => this.run());
    still.addEventListener('change', () => this.run());
    dark.addEventListener('change', () => (this.tones = null));
  }

  size({ width, height }) {
    const sharp = Math.min(2, devicePixelRatio || 1);
    this.canvas.width = Math.round(width * sharp);
    this.canvas.height = Math.round(height * sharp);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.paper.setTransform(sharp, 0, 0, sharp, 0, 0);
    this.wide = width;
    this.high = height;
    if (this.ticking) this.step();
  }

  /** These arrows, as they are now. */
  follow(arrows) {
    this.arrows = [...arrows].filter((arrow) => arrow.power > 0);
    this.run();
  }

  /** Ticks while there is something to move and somebody to see it. */
  run() {
    const wanted = this.seen && !document.hidden && !still.matches && this.arrows.length > 0;
    if (wanted && !this.ticking) this.ticking = setInterval(() => this.step(), 1000 / STEPS_A_SECOND);
    if (!wanted && this.ticking) {
      clearInterval(this.ticking);
      this.ticking = null;
      this.paper.clearRect(0, 0, this.wide, this.high);
    }
    this.canvas.dataset.moving = String(wanted);
  }

  step() {
    this.gone++;
    this.canvas.dataset.step = this.gone;
    const { paper } = this;
    paper.clearRect(0, 0, this.wide, this.high);
    this.tones ??= tones(this.canvas);
    for (const [state, tone] of Object.entries(this.tones)) {
      paper.fillStyle = tone;
      paper.beginPath();
      for (const arrow of this.arrows) if (arrow.state === state) this.dots(arrow);
      paper.fill();
    }
  }

  /** A dot's distance and speed say how busy the arrow is. */
  dots({ points, power }) {
    const gap = Math.round(Math.max(5, 13 - 2.6 * power));
    const speed = (30 + 26 * power) / POINT_GAP / STEPS_A_SECOND;
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

/** As colours that a canvas knows: it does not read a style's variables. */
function tones(canvas) {
  return Object.fromEntries(['live', 'troubled', 'bad'].map((state) => {
    canvas.style.color = `var(--dot-${state})`;
    return [state, getComputedStyle(canvas).color];
  }));
}
