/**
 * A worker that draws what moves: dots on arrows, nearer to each other, faster and larger with the rate. A few steps a second look like a flow, as each
 * dot draws a tail from where it was before. Hears from flow.js: {canvas}, {moving}, and {arrows: [{points, power, state}], around, sharp, tones}.
 */
import { POINT_GAP } from './route.js';

const STEPS_A_SECOND = 5;
let paper = null;
let now = { arrows: [], around: [0, 0, 1, 1], tones: {} };
let ticking = null;

self.onmessage = ({ data }) => {
  if (data.canvas) paper = data.canvas.getContext('2d');
  if (data.arrows) show(data);
  if ('moving' in data) run(data.moving);
};

/** Of an arrow that stays where it was, so do its dots. */
function show(next) {
  next.arrows.forEach((arrow, i) => (arrow.gone = now.arrows[i]?.gone ?? 0));
  now = next;
  const { sharp, around: [x, y, w, h] } = next;
  const [wide, high] = [Math.round(w * sharp), Math.round(h * sharp)];
  if (paper.canvas.width !== wide || paper.canvas.height !== high) Object.assign(paper.canvas, { width: wide, height: high });
  paper.setTransform(sharp, 0, 0, sharp, -x * sharp, -y * sharp);
  if (ticking) draw();
}

function run(moving) {
  clearInterval(ticking);
  ticking = moving ? setInterval(step, 1000 / STEPS_A_SECOND) : null;
  if (!moving) paper.clearRect(...now.around);
}

function step() {
  for (const arrow of now.arrows) arrow.gone = (arrow.gone + motion(arrow.power).share) % 1;
  draw();
}

function draw() {
  paper.clearRect(...now.around);
  paper.lineCap = 'round';
  for (const { points, power, state, gone } of now.arrows) {
    const { gap, share, radius } = motion(power);
    paper.strokeStyle = paper.fillStyle = now.tones[state];
    tails(points, gone * gap, gap, share * gap, radius);
    dots(points, gone * gap, gap, radius);
  }
}

/** How far dots are apart (in points), which share of that they go in a step (at most half, or the eye sees them go back), how large they are. */
function motion(power) {
  const busy = Math.min(4, power);
  const gap = 44 - 2.5 * busy;
  return { gap: gap / POINT_GAP, share: (20 + 12 * busy) / gap / STEPS_A_SECOND, radius: 1.5 + 0.35 * power };
}

function dots(points, first, gap, radius) {
  paper.beginPath();
  for (let at = first; at < last(points); at += gap) {
    const [x, y] = place(points, at);
    paper.moveTo(x + radius, y);
    paper.arc(x, y, radius, 0, 7);
  }
  paper.fill();
}

/** From where each dot was a step ago. */
function tails(points, first, gap, pace, radius) {
  paper.beginPath();
  for (let at = first; at - pace < last(points); at += gap) {
    const [from, to] = [Math.max(0, at - pace), Math.min(at, last(points))];
    paper.moveTo(...place(points, from));
    for (let i = Math.floor(from) + 1; i < to; i++) paper.lineTo(points[2 * i], points[2 * i + 1]);
    paper.lineTo(...place(points, to));
  }
  paper.lineWidth = radius * 1.2;
  paper.globalAlpha = 0.4;
  paper.stroke();
  paper.globalAlpha = 1;
}

const last = (points) => points.length / 2 - 1;

/** Between two points. */
function place(points, at) {
  const i = Math.min(Math.floor(at), last(points) - 1);
  const part = at - i;
  return [points[2 * i] + (points[2 * i + 2] - points[2 * i]) * part, points[2 * i + 1] + (points[2 * i + 3] - points[2 * i + 1]) * part];
}
