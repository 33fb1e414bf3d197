/**
 * What the page shows, kept behind the # of its address: `#zoom=tiers&select=web-1&window=3600&tab=logs`. So a link shows the same to somebody else, and
 * back and forward walk through what was looked at. What is as usual is left out.
 *
 * select is a node's id, or an arrow as `front-door>web-1`. zoom is regions, tiers, servers or one. window is in seconds. tab is the name of a tab.
 */
const USUAL = { zoom: 'servers', select: null, window: 600, tab: 'stage' };
const ZOOMS = ['regions', 'tiers', 'servers', 'one'];

class Address {
  constructor() {
    this.told = [];
    this.state = read();
    addEventListener('popstate', () => this.again());
    addEventListener('hashchange', () => this.again());
  }

  /** @param told called with the whole state whenever something in it changed, whoever changed it */
  listen(told) {
    this.told.push(told);
  }

  /** Changes some of it, as `{ select: 'web-1' }`. What comes to be is a new place to come back to. */
  set(changes) {
    const next = { ...this.state, ...changes };
    if (same(next, this.state)) return;
    this.state = next;
    const hash = write(next);
    if (hash !== location.hash) history.pushState(null, '', hash || location.pathname + location.search);
    this.tell();
  }

  again() {
    const next = read();
    if (same(next, this.state)) return;
    this.state = next;
    this.tell();
  }

  tell() {
    for (const told of this.told) told(this.state);
  }
}

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const zoom = given.get('zoom');
  const seconds = Number(given.get('window'));
  return {
    zoom: ZOOMS.includes(zoom) ? zoom : USUAL.zoom,
    select: given.get('select') || null,
    window: seconds >= 60 && seconds <= 86_400 ? Math.round(seconds) : USUAL.window,
    tab: /^[a-z]+$/.test(given.get('tab') ?? '') ? given.get('tab') : USUAL.tab,
  };
}

function write(state) {
  const parts = Object.keys(USUAL).filter((name) => state[name] !== USUAL[name] && state[name] != null).map((name) => `${name}=${encodeURIComponent(state[name])}`);
  return parts.length ? '#' + parts.join('&') : '';
}

const same = (a, b) => Object.keys(USUAL).every((name) => a[name] === b[name]);

export const address = new Address();
