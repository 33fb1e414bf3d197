/** How figures are said. Everything shown goes through here, so that the same figure reads the same everywhere. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const count = (n) => whole.format(n);

/** Requests a second: 0, 0.4, 412, 12,034. */
export const rate = (perSecond) => (perSecond === 0 ? '0' : perSecond < 9.95 ? tenth.format(perSecond) : whole.format(perSecond));

/** A rate by its first two digits: what is drawn shall not flicker with every request. */
export function about(perSecond) {
  const step = perSecond < 100 ? 1 : 10 ** (Math.floor(Math.log10(perSecond)) - 1);
  return perSecond < 9.95 ? rate(perSecond) : whole.format(Math.round(perSecond / step) * step);
}

/** Whether what is drawn of some figures still says what others are: within a twelfth. What is drawn anew each second costs more than all that moves. */
export function stillSays(shown, now) {
  if (!shown || !now) return shown === now;
  const near = (name) => Math.abs(shown[name] - now[name]) <= Math.max(shown[name], now[name]) / 12;
  return (shown.rate > 0) === (now.rate > 0) && (shown.total > 0) === (now.total > 0) && ['rate', 'p50Millis', 'p99Millis', 'failedRate'].every(near);
}

/** Milliseconds, or seconds when there are many: [number, unit]. */
export function wait(millis) {
  if (millis >= 1000) return [tenth.format(millis / 1000), 's'];
  return [millis < 9.95 ? tenth.format(millis) : whole.format(millis), 'ms'];
}

export const waited = (millis) => wait(millis).join(' ');

/** Two waits with one unit where they share it: "2.1 · 9.8 ms". */
export function waits(a, b) {
  const [x, unitX] = wait(a);
  const [y, unitY] = wait(b);
  return unitX === unitY ? `${x} · ${y} ${unitY}` : `${x} ${unitX} · ${y} ${unitY}`;
}

/** The share of requests that failed, 0 to 1. */
export const failedShare = (figures) => (figures && figures.rate > 0 ? Math.min(1, figures.failedRate / figures.rate) : 0);

/** Whether it is measured how long answers take: of a cache's commands it is not. */
export const timed = (figures) => figures.p99Millis > 0;

export const percent = (share) => (share === 0 ? '0 %' : share < 0.001 ? '< 0.1 %' : `${tenth.format(share * 100)} %`);

export const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** What one is asked over a protocol. */
export const asked = (protocol) => ({ PostgreSQL: 'statements', Redis: 'commands' })[protocol] ?? 'requests';

const HEALTH = {
  declared: 'not started', starting: 'starting', up: 'up', draining: 'draining', sick: 'sick, left alone', down: 'down',
};
export const health = (name) => HEALTH[name] ?? name;

/** An element with attributes and children; text is always text, never markup. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** Sets text only when it changed: untouched nodes cost no layout. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A figure of the history, with its unit: `412/s`, `9.8 ms`, `182 MiB`. */
export function measured(value, unit) {
  if (value == null || !Number.isFinite(value)) return '–';
  const short = (n) => (n === 0 ? '0' : Math.abs(n) < 9.95 ? String(+n.toFixed(Math.abs(n) < 1 ? 3 : 1)) : whole.format(n));
  switch (unit) {
    case '1/s': return `${short(value)}/s`;
    case 'ms': return value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`;
    case 's': return value < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`;
    case 'bytes': return bytes(value);
    case 'share': return percent(value);
    case 'cores': return `${short(value)} ${value === 1 ? 'core' : 'cores'}`;
    default: return unit ? `${short(value)} ${unit}` : short(value);
  }
}

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (n >= 1024 && i < units.length - 1) {
    n /= 1024;
    i++;
  }
  return `${n < 9.95 && i > 0 ? tenth.format(n) : whole.format(n)} ${units[i]}`;
}
