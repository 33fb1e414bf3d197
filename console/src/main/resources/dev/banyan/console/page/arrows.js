/** One arrow of the drawing; in a crowd, it stands for several. */
import { saidFault, set, waitsOf } from './nodes.js';
import { about, asked, failedShare, percent, rate, say, stillSays, svg, timed, waited } from './words.js';

export class ArrowView {
  constructor(drawing, labelLayer) {
    this.drawing = drawing;
    this.track = svg('path', { class: 'track' });
    // Wide and unseen: what a mouse can hit.
    this.reach = svg('path', { class: 'reach' });
    this.tip = svg('title');
    this.bolt = svg('use', { class: 'fault', href: '#h-fault', width: 16, height: 16, display: 'none' });
    this.root = svg('g', { class: 'arrow', onclick: () => drawing.chooseArrow(this.arrow) }, this.tip, this.track, this.reach, this.bolt);
    this.first = svg('text', { y: -2, class: 'first' });
    this.second = svg('text', { y: 11, class: 'second' });
    this.label = svg('g', { class: 'label', hidden: true }, this.first, this.second);
    labelLayer.append(this.label);
    this.speed = 0;
  }

  place({ d, points, label, arrow }) {
    this.points = points;
    this.track.setAttribute('d', d);
    this.reach.setAttribute('d', d);
    this.where = label;
    if (label) {
      this.label.setAttribute('text-anchor', label.anchor);
      this.label.style.transform = `translate(${label.x}px, ${label.y}px)`;
    }
    const middle = Math.floor(points.length / 4) * 2;
    set(this.bolt, { x: points[middle] - 8, y: points[middle + 1] - 8 });
    this.root.dataset.arrow = `${arrow.from}>${arrow.to}`;
    this.root.dataset.protocol = arrow.protocol;
    if (this.drawing.select && this.drawing.zoom === 'one') set(this.root, { role: 'button', tabindex: 0 });
    this.root.onkeydown = (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); this.drawing.chooseArrow(this.arrow); } };
  }

  show(arrow, selected, fault) {
    this.arrow = arrow;
    const figures = arrow.figures;
    const live = figures != null && figures.rate > 0;
    const share = failedShare(figures);
    this.state = !figures ? 'unmeasured' : !live ? 'idle' : share > 0.05 ? 'bad' : share > 0 ? 'troubled' : 'live';
    if (this.root.dataset.state !== this.state) {
      this.root.dataset.state = this.label.dataset.state = this.state;
      this.track.setAttribute('marker-end', `url(#${this.state === 'bad' ? 'tip-bad' : live ? 'tip' : 'tip-idle'})`);
    }
    // Width and speed follow the logarithm of the rate: 10/s and 10,000/s are both to be seen.
    this.power = live ? Math.log10(1 + figures.rate) : 0;
    const wide = (1.5 + Math.round(this.power * 4) * 0.2).toFixed(1);
    if (wide !== this.wide) {
      this.wide = wide;
      this.root.style.setProperty('--wide', wide);
    }
    const chosen = selected != null && (arrow.from === selected || arrow.to === selected || arrow.members.some((each) => `${each.from}>${each.to}` === selected && arrow.members.length === 1));
    this.root.classList.toggle('chosen', chosen);
    this.bolt.setAttribute('display', fault ? 'inline' : 'none');
    this.root.classList.toggle('faulty', fault != null);
    const same = `${saidFault(fault)} ${this.state} ${arrow.members.length} ${this.where != null}`;
    if (this.said === same && stillSays(this.figuresShown, figures)) return;
    this.said = same;
    this.figuresShown = figures;
    say(this.tip, this.sentence(arrow, live, share, fault));
    this.write(figures, live, share, fault);
  }

  sentence({ members, protocol, figures }, live, share, fault) {
    const who = members.length === 1 ? `${members[0].from} to ${members[0].to}` : `${members.length} arrows, ${members[0].from} to ${members[0].to} and others`;
    const what = !figures ? 'not measured' : !live ? (figures.total ? 'no traffic' : 'no traffic yet')
      : `${rate(figures.rate)} ${asked(protocol)} a second, ${timed(figures) ? `half wait at most ${waited(figures.p50Millis)}, 99 in 100 ${waited(figures.p99Millis)}, ` : ''}${percent(share)} failed`;
    return `${who}, ${protocol}: ${what}${fault ? `; fault: ${fault.sentence ?? saidFault(fault)}` : ''}`;
  }

  write(figures, live, share, fault) {
    const first = !figures ? '' : figures.total === 0 ? 'no traffic yet' : live ? `${about(figures.rate)}/s` : 'quiet';
    const second = fault ? saidFault(fault) : !live ? '' : share > 0 ? `▲ ${percent(share)} failed` : waitsOf(figures);
    this.label.toggleAttribute('hidden', !this.where || !first);
    this.label.classList.toggle('faulty', fault != null);
    say(this.first, first);
    say(this.second, second);
    this.first.setAttribute('y', second ? -2 : 4);
  }

  remove() {
    this.root.remove();
    this.label.remove();
  }
}
