/** One of several panels is shown; which, is in the address. Arrow keys walk between the tabs (WAI-ARIA, Tabs pattern). */
import { address } from './address.js';

export class Tabs {
  constructor(host) {
    this.tabs = [...host.querySelectorAll('[role=tab]')];
    for (const tab of this.tabs) tab.addEventListener('click', () => address.set({ tab: name(tab) }));
    host.querySelector('[role=tablist]').addEventListener('keydown', (event) => this.key(event));
    address.listen(() => this.show());
    this.show();
  }

  /** Whether a tab is there at all: a site without a cache needs none for it. */
  offer(which, there) {
    const tab = this.tabs.find((each) => name(each) === which);
    if (tab.hidden === !there) return;
    tab.hidden = !there;
    this.show();
  }

  show() {
    const wanted = this.tabs.find((tab) => name(tab) === address.state.tab && !tab.hidden) ?? this.tabs[0];
    for (const tab of this.tabs) {
      const on = tab === wanted;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !on;
    }
    const row = wanted.parentElement;
    row.scrollLeft = Math.min(wanted.offsetLeft - row.offsetLeft - 16, Math.max(row.scrollLeft, wanted.offsetLeft - row.offsetLeft + wanted.offsetWidth - row.clientWidth + 16));
  }

  key(event) {
    const there = this.tabs.filter((tab) => !tab.hidden);
    const at = there.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = there[(to + there.length) % there.length];
    next.focus();
    address.set({ tab: name(next) });
  }
}

const name = (tab) => tab.id.slice('tab-'.length);
