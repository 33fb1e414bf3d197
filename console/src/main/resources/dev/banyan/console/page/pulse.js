/** The four figures that users feel, each with its last two minutes. */
import { el, failedShare, percent, rate, say, wait } from './words.js';

/** So many points for two minutes: one each other second, which is also how often a curve is drawn. */
const POINTS = 60;

export class Pulse {
  /** @param tile (name) -> its element: rate, p50, p99, failed */
  constructor(tile) {
    this.tiles = ['rate', 'p50', 'p99', 'failed'].map((name) => {
      const host = tile(name);
      return { name, host, figure: host.querySelector('b'), unit: host.querySelector('p').appendChild(el('small')), area: host.querySelector('.area'), line: host.querySelector('.line'), past: [], most: 0 };
    });
    this.odd = false;
  }

  /** @param figures of what users ask; none before there is any */
  show(figures) {
    const quiet = !figures || figures.total === 0;
    const value = { rate: figures?.rate ?? 0, p50: figures?.p50Millis ?? 0, p99: figures?.p99Millis ?? 0, failed: failedShare(figures) };
    const text = { rate: [rate(value.rate), ''], p50: wait(value.p50), p99: wait(value.p99), failed: percent(value.failed).split(' ') };
    this.odd = !this.odd;
    for (const tile of this.tiles) {
      tile.most = Math.max(tile.most, value[tile.name]);
      const idle = quiet || (value.rate === 0 && tile.name !== 'rate');
      say(tile.figure, idle ? '–' : text[tile.name].slice(0, -1).join(' ') || text[tile.name][0]);
      say(tile.unit, idle ? '' : text[tile.name].at(-1));
      tile.host.classList.toggle('bad', tile.name === 'failed' && value.failed > 0);
      if (!this.odd) remember(tile);
    }
  }
}

/** The higher of two seconds. */
function remember(tile) {
  tile.past.push(tile.most);
  tile.most = 0;
  if (tile.past.length > POINTS) tile.past.shift();
  plot(tile.area, tile.line, tile.past);
}

/** Draws the last two minutes into a box of 120 by 32; the newest at the right. */
function plot(area, line, values) {
  if (values.length < 2) return;
  const most = Math.max(...values, 1e-9);
  const x = (i) => 2 * (POINTS - values.length + i + 1);
  const points = values.map((value, i) => `${x(i)} ${Math.round(300 - 260 * (value / most)) / 10}`).join('L');
  line.setAttribute('d', `M${points}`);
  area.setAttribute('d', `M${x(0)} 32L${points}L120 32Z`);
}
