/** The stage: where the site is, where it can go, the plan of a move with what it costs, and how far it is. */
import { access, changing, moveObstacle } from './access.js';
import { count, el, say, waited } from './words.js';

const MARK = { waiting: '', running: '', done: '✓', failed: '✕', undone: '↩' };
const SAID = { waiting: 'waiting', running: 'running', done: 'done', failed: 'failed', undone: 'taken back' };
const BEGUN = { running: 'Now: ', done: 'Done: ', failed: 'Failed: ' };

export class Moves {
  /**
   * @param parts {ladder, buttons, note, plan, move}: their places
   * @param ask {plan(query) -> Plan, post(path, body) -> MoveReport}
   * @param look shows this tab
   */
  constructor(parts, ask, look) {
    Object.assign(this, parts);
    this.ask = ask;
    this.look = look;
    this.shown = '';
    this.about = el('div', { class: 'about' });
    this.ladder.after(this.about);
  }

  show(site) {
    const replicas = site.nodes.some((node) => node.promotable);
    const why = moveObstacle();
    this.note.hidden = access.mayChange;
    const shape = JSON.stringify([site.stage, site.stages, replicas, why]);
    if (shape === this.shown) return;
    this.shown = shape;
    const at = site.stages.findIndex((stage) => stage.number === site.stage);
    const next = site.stages[at + 1];
    const before = site.stages[at - 1];
    this.ladder.replaceChildren(...site.stages.map((stage) => el('li', { 'aria-current': stage.number === site.stage ? 'step' : false, class: stage.number < site.stage ? 'past' : '' },
      el('span', { class: 'number' }, String(stage.number)), el('b', {}, stage.title))));
    this.about.replaceChildren(...[[site.stages[at], 'Now'], [next, 'Next']].filter(([stage]) => stage).map(([stage, when]) => el('p', {}, el('b', {}, `${when}, ${stage.title}: `), stage.what)));
    this.buttons.replaceChildren(...[
      next && changing(`Grow to stage ${next.number}`, 'main', why, () => this.propose('grow', next.number)),
      before && changing(`Shrink to stage ${before.number}`, '', why, () => this.propose('grow', before.number)),
      replicas && changing('Switch the database over', 'quiet', why, () => this.propose('switchover')),
      changing('Deploy anew', 'quiet', why, () => this.propose('deploy')),
      changing('Apply site file', 'quiet', why, () => this.propose('apply')),
    ].filter(Boolean));
  }

  /** Shows what a move would do; nothing is done before it is confirmed. */
  async propose(move, to) {
    const plan = await this.ask.plan(to ? `do=${move}&to=${encodeURIComponent(to)}` : `do=${move}`);
    if (!plan) return;
    this.look();
    this.move.hidden = true;
    this.plan.hidden = false;
    const idle = plan.steps.length === 0;
    const title = el('h3', { tabindex: -1 }, plan.title);
    this.plan.replaceChildren(title, cost(plan.cost) ?? '', idle ? el('p', { class: 'note' }, 'There is nothing to do.') : steps(plan),
      ...plan.notes.map((note) => el('p', { class: 'note' }, note)),
      el('div', { class: 'buttons' }, idle ? null : changing('Apply', 'main', moveObstacle(), () => this.make(move, to)),
        el('button', { type: 'button', class: 'quiet', onclick: () => this.drop() }, idle ? 'Close' : 'Not now')));
    title.focus();
  }

  drop() {
    this.plan.hidden = true;
    this.buttons.querySelector('button')?.focus();
  }

  async make(move, to) {
    const report = await this.ask.post(`/api/${move}`, to ? { to } : {});
    if (report) this.report(report);
  }

  /** After a time without news: the last move, if it runs or ended meanwhile. */
  catchUp(last) {
    if (last && (last.state === 'running' || access.moving)) this.report(last);
    else access.moving = false;
    this.shown = '';
  }

  /** How far a move is; also one that somebody else began. */
  report(report) {
    access.moving = report.state === 'running';
    this.plan.hidden = true;
    this.move.hidden = false;
    this.move.dataset.state = report.state;
    if (report.number !== this.number) this.begin(report.number);
    say(this.title, BEGUN[report.state] + report.plan.title);
    const plan = JSON.stringify(report.plan);
    if (plan !== this.planned) {
      this.planned = plan;
      const made = steps(report.plan);
      this.steps.replaceWith(made);
      this.steps = made;
      this.notes.replaceChildren(...report.plan.notes.map((note) => el('p', { class: 'note' }, note)));
    }
    this.problem.hidden = !report.problem;
    say(this.problem, report.problem);
    const undone = report.plan.steps.filter((step) => step.state === 'undone').length;
    this.undone.hidden = report.state !== 'failed';
    say(this.undone, undone ? `${count(undone)} of ${count(report.plan.steps.length)} steps were taken back: the site is as it was before.` : 'Nothing had to be taken back.');
    say(this.tally, tally(report));
  }

  begin(number) {
    this.number = number;
    this.planned = '';
    this.title = el('h3', { role: 'status' });
    this.tally = el('p', { class: 'tally' });
    this.steps = el('ol');
    this.problem = el('p', { class: 'problem', role: 'alert', hidden: true });
    this.undone = el('p', { class: 'note', hidden: true });
    this.notes = el('div');
    this.move.replaceChildren(this.title, this.tally, this.steps, this.problem, this.undone, this.notes);
  }
}

function tally(report) {
  const waits = report.p99BeforeMillis || report.p99Millis ? `, p99 ${waited(report.p99BeforeMillis)} → ${waited(report.p99Millis)}` : '';
  return `${count(report.requests)} requests since the move began, ${count(report.failed)} failed${waits}`;
}

/** What there will be more of, what goes elsewhere, what it takes. */
function cost(cost) {
  if (!cost) return null;
  const more = cost.processes > 0 ? `${count(cost.processes)} more` : cost.processes < 0 ? `${count(-cost.processes)} fewer` : 'as many as now';
  const rows = [
    ['Added', cost.added.join(', ')],
    ['Removed', cost.removed.join(', ')],
    ['Moves', cost.moved.join('; ')],
    ['Processes', `${more}${cost.meanwhile > Math.max(0, cost.processes) ? `, ${count(cost.meanwhile)} more while it is made` : ''}`],
    ['Memory', cost.memory],
  ].filter(([, value]) => value);
  return el('dl', { class: 'cost' }, ...rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function steps(plan) {
  return el('ol', { class: 'steps' }, ...plan.steps.map((step) => el('li', { 'data-state': step.state },
    el('i', { 'aria-hidden': 'true' }, MARK[step.state]), el('span', {}, step.title), step.detail ? el('small', {}, step.detail) : null,
    el('span', { class: 'unseen' }, ', ' + SAID[step.state]))));
}
