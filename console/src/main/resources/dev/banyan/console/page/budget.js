/** What is left of the error budgets: in the head, in one line each; in its tab with how fast it burns. */
import { el, percent, say } from './words.js';

const SECOND_WORDS = [[86_400, 'day'], [3600, 'hour'], [60, 'minute']];

/** As `30 days`, `6 hours`. */
export function long(seconds) {
  const [size, word] = SECOND_WORDS.find(([each]) => seconds >= each * 2) ?? SECOND_WORDS.find(([each]) => seconds >= each) ?? [1, 'second'];
  const n = Math.round(seconds / size);
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

export class Budget {
  /**
   * @param head the header's place
   * @param list the tab's panel
   * @param more shows the tab
   */
  constructor(head, list, more) {
    this.head = head;
    this.list = list;
    this.more = more;
    this.live = el('p', { class: 'unseen', role: 'status' });
    this.chips = el('div', { class: 'chips' });
    head.append(this.chips, this.live);
    this.cards = el('div', { class: 'budgets' });
    list.append(el('h2', {}, 'Objectives'), el('p', { class: 'note' }, 'An error budget is what an objective allows to fail. Burning at 1× uses it up exactly in its window.'), this.cards);
  }

  /** @param slo of the site; nothing when none is declared */
  show(slo) {
    this.head.hidden = !slo?.length;
    if (!slo?.length) return;
    while (this.chips.children.length > slo.length) this.chips.lastChild.remove();
    slo.forEach((each, i) => this.chip(this.chips.children[i] ?? this.chips.appendChild(this.button()), each));
    const alerting = slo.filter((each) => each.alerting).map((each) => `${each.name}: ${each.alert}.`).join(' ');
    say(this.live, alerting);
    if (this.list.hidden) return;
    while (this.cards.children.length > slo.length) this.cards.lastChild.remove();
    slo.forEach((each, i) => this.card(this.cards.children[i] ?? this.cards.appendChild(card()), each));
  }

  button() {
    return el('button', { type: 'button', class: 'chip', onclick: this.more }, el('i', { 'aria-hidden': 'true' }), el('span'));
  }

  chip(host, slo) {
    state(host, slo);
    say(host.lastChild, `${slo.name}: ${percent(Math.max(0, slo.left))} of the budget left${slo.alerting ? `, going ${times(slo.burn[0].rate)} as fast as it may` : ''}`);
  }

  card(host, slo) {
    state(host, slo);
    const [title, what, left, words, burn] = host.children;
    say(title, slo.name);
    say(what, `${slo.what}, over ${long(slo.windowSeconds)}`);
    left.firstChild.style.setProperty('--share', Math.max(0, Math.min(1, slo.left)));
    say(left.lastChild, `${percent(Math.max(0, slo.left))} left`);
    say(words, inWords(slo));
    while (burn.children.length > slo.burn.length) burn.lastChild.remove();
    slo.burn.forEach(({ window, rate }, i) => {
      const row = burn.children[i] ?? burn.appendChild(el('div', {}, el('dt'), el('dd')));
      say(row.firstChild, `last ${window}`);
      say(row.lastChild, times(rate));
    });
  }
}

const card = () => el('article', { class: 'budget' }, el('h3'), el('p'), el('p', { class: 'left' }, el('i', { 'aria-hidden': 'true' }), el('span')), el('p', { class: 'words' }), el('dl'));

function state(host, slo) {
  const now = slo.left <= 0 ? 'spent' : slo.alerting ? 'burning' : 'fine';
  if (host.dataset.state !== now) host.dataset.state = now;
}

const times = (rate) => `${rate.toFixed(rate < 10 ? 1 : 0)}×`;

/** What it means, and until when it lasts. */
function inWords({ left, burn, windowSeconds, alerting, alert }) {
  if (left <= 0) return 'The budget is spent: the objective is missed in this window.';
  if (alerting) return `${alert[0].toUpperCase()}${alert.slice(1)}.`;
  const now = burn[0]?.rate ?? 0;
  if (now === 0) return 'Nothing failed lately.';
  return now > 1 ? `It goes faster than it may just now: at this pace it lasts ${long((left * windowSeconds) / now)}.` : 'It goes more slowly than it may.';
}
