/** How near to look: buttons above the drawing, and + and -. The zoom is in the address. */
import { address } from './address.js';
import { Drawing } from './drawing.js';
import { el, say } from './words.js';

const ZOOMS = [['regions', 'Regions'], ['tiers', 'Tiers'], ['servers', 'Servers'], ['one', 'One server']];

/** The drawing, which shows what the address says, and its buttons. */
export function living(host, buttons, select) {
  const drawing = new Drawing(host, select, { zoomTo: (zoom) => address.set({ zoom }) });
  new Zoom(buttons);
  drawing.look(address.state);
  address.listen((state) => drawing.look(state));
  return drawing;
}

class Zoom {
  constructor(host) {
    this.buttons = ZOOMS.map(([zoom, title]) => el('button', { type: 'button', 'data-zoom': zoom, onclick: () => address.set({ zoom }) }, title));
    host.append(...this.buttons);
    document.addEventListener('keydown', (event) => this.key(event));
    address.listen(() => this.show());
    this.show();
  }

  show() {
    const { zoom, select } = address.state;
    this.buttons.forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.zoom === zoom)));
    say(this.buttons.at(-1), select && !select.includes('>') ? select : 'One server');
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select')) return;
    const step = { '+': 1, '=': 1, '-': -1 }[event.key];
    if (!step) return;
    const at = ZOOMS.findIndex(([zoom]) => zoom === address.state.zoom);
    address.set({ zoom: ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + step))][0] });
  }
}
