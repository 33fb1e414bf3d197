/** The stage: where the site is, where it can go, the plan of a move and how far it is. */
import { count, el, say, waited } from './words.js';

const MARK = { waiting: '', running: '', done: '✓', failed: '✕', undone: '↩' };
const SAID = { waiting: 'waiting', running: 'running', done: 'done', failed: 'failed', undone: 'taken back' };

export class Moves {
  /** @param ask {plan(query) -> Plan, post(path, body) -> MoveReport} */
  constructor(parts, ask) {
    Object.assign(this, parts);
    this.ask = ask;
    this.mayChange = false;
    this.running = null;
    this.shown = '';
  }

  show(site, mayChange) {
    this.mayChange = mayChange;
    const replicas = site.nodes.some((node) => node.promotable);
    const shape = JSON.stringify([site.stage, site.stages, replicas, mayChange, this.running != null]);
    if (shape === this.shown) return;
    this.shown = shape;
    this.ladder.replaceChildren(...site.stages.map((stage) => el('li', { 'aria-current': stage.number === site.stage ? 'step' : false, class: stage.number < site.stage ? 'past' : '' },
      el('span', { class: 'number' }, String(stage.number)), el('span', { class: 'what' }, el('b', {}, stage.title), el('span', {}, stage.what)))));
    const at = site.stages.findIndex((stage) => stage.number === site.stage);
    const off = !mayChange || this.running != null;
    const next = site.stages[at + 1];
    const before = site.stages[at - 1];
    this.buttons.replaceChildren(...[
      next && el('button', { type: 'button', class: 'main', disabled: off, onclick: () => this.propose('grow', next.number) }, `Grow to stage ${next.number}`),
      before && el('button', { type: 'button', disabled: off, onclick: () => this.propose('grow', before.number) }, `Shrink to stage ${before.number}`),
      replicas && el('button', { type: 'button', class: 'quiet', disabled: off, onclick: () => this.propose('switchover') }, 'Switch the database over'),
      el('button', { type: 'button', class: 'quiet', disabled: off, onclick: () => this.propose('deploy') }, 'Deploy anew'),
      el('button', { type: 'button', class: 'quiet', disabled: off, onclick: () => this.propose('apply') }, 'Apply site file'),
    ].filter(Boolean));
    this.note.hidden = mayChange;
  }

  async propose(move, to) {
    const plan = await this.ask.plan(to ? `do=${move}&to=${encodeURIComponent(to)}` : `do=${move}`);
    if (!plan) return;
    this.move.hidden = true;
    this.plan.hidden = false;
    const go = el('button', { type: 'button', class: 'main', disabled: plan.steps.length === 0, onclick: () => this.make(move, to) }, 'Do it');
    const no = el('button', { type: 'button', class: 'quiet', onclick: () => (this.plan.hidden = true) }, 'Not now');
    const title = el('h3', { tabindex: -1 }, plan.title);
    this.plan.replaceChildren(title,
      plan.steps.length ? steps(plan) : el('p', { class: 'note' }, 'There is nothing to do.'),
      ...plan.notes.map((note) => el('p', { class: 'note' }, note)), el('div', { class: 'buttons' }, go, no));
    title.focus();
  }

  async make(move, to) {
    const report = await this.ask.post(`/api/${move}`, to ? { to } : {});
    if (report) this.report(report);
  }

  /** After a time without news: the last move, if it runs or ended meanwhile. */
  catchUp(last) {
    if (last && (last.state === 'running' || this.running)) this.report(last);
    else this.running = null;
    this.shown = '';
  }

  /** How far a move is; also one that somebody else began. */
  report(report) {
    this.running = report.state === 'running' ? report : null;
    this.shown = '';
    this.plan.hidden = true;
    this.move.hidden = false;
    this.move.dataset.state = report.state;
    const shape = `${report.number} ${report.state} ${JSON.stringify(report.plan)}`;
    if (shape !== this.moveShape) {
      this.moveShape = shape;
      this.tally = el('p', { class: 'tally' });
      const said = { running: 'now: ', done: 'done: ', failed: 'failed: ' }[report.state];
      this.move.replaceChildren(el('h3', { role: 'status' }, said + report.plan.title), steps(report.plan),
        report.problem ? el('p', { class: 'problem', role: 'alert' }, report.problem) : '', this.tally);
    }
    say(this.tally, `${count(report.requests)} requests since the move began, ${count(report.failed)} failed`
      + (report.p99BeforeMillis || report.p99Millis ? `, p99 ${waited(report.p99BeforeMillis)} → ${waited(report.p99Millis)}` : ''));
  }
}

function steps(plan) {
  return el('ol', { class: 'steps' }, ...plan.steps.map((step) => el('li', { 'data-state': step.state },
    el('i', { 'aria-hidden': 'true' }, MARK[step.state]), el('span', {}, step.title), step.detail ? el('small', {}, step.detail) : null,
    el('span', { class: 'unseen' }, ', ' + SAID[step.state]))));
}
