/** Plots and drawings of a report. What it shows lies in the page as JSON; nothing is fetched. */
const report = JSON.parse(document.getElementById('report').textContent);
const dark = matchMedia('(prefers-color-scheme: dark)');
const series = report.series;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const minutes = (s) => `${Math.floor(s / 60)}:${String(Math.round(s % 60)).padStart(2, '0')}`;

/** Stays at a stage, as [from, to, number]: the move there is still the stage before's. */
const stays = report.stages.map((stage, i) => {
  const phases = report.phases.filter((phase) => phase.visit === i + 1);
  const at = phases.find((phase) => phase.kind !== 'grow' && phase.kind !== 'shrink') ?? phases[0];
  return { from: at.from_s, to: phases.at(-1).to_s, number: stage.stage };
});
const bands = { drill: 'broken', saturate: 'pressed' };
const moves = new Set(['grow', 'shrink', 'deploy', 'switchover', 'purge']);

/** What happens when, behind the lines. */
function marks(labels) {
  const behind = (u) => {
    const { ctx, bbox } = u;
    const x = (s) => u.valToPos(s, 'x', true);
    const fill = (from, to, css) => {
      ctx.fillStyle = css;
      ctx.fillRect(x(from), bbox.top, x(to) - x(from), bbox.height);
    };
    ctx.save();
    for (const stay of stays) fill(stay.from, stay.to, colour('stage'));
    for (const phase of report.phases) if (bands[phase.kind]) fill(phase.from_s, phase.to_s, colour(bands[phase.kind]));
    ctx.fillStyle = colour('move');
    for (const phase of report.phases) if (moves.has(phase.kind)) ctx.fillRect(x(phase.from_s), bbox.top, devicePixelRatio, bbox.height);
    if (labels) {
      ctx.fillStyle = colour('soft');
      ctx.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'bottom';
      for (const stay of stays) ctx.fillText(stay.number, (x(stay.from) + x(stay.to)) / 2, bbox.top - 3 * devicePixelRatio);
    }
    ctx.restore();
  };
  return { hooks: { drawClear: behind } };
}

const axis = () => ({ stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1 }, font: '12px system-ui, sans-serif' });
const line = (label, name, more = {}) => ({ label, stroke: colour(name), width: 1.5, points: { show: false }, value: (_, v) => (v == null ? '–' : v.toLocaleString('en-US', { maximumFractionDigits: 1 })), ...more });

const plots = [
  { id: 'plot-rate', height: 190, labels: true, title: 'Requests a second', y: {}, data: [series.rate], lines: () => [line('requests a second', 'rate')] },
  { id: 'plot-wait', height: 220, title: 'Milliseconds', y: { distr: 3 }, tens: true, data: [series.p50_ms.map(positive), series.p99_ms.map(positive)], lines: () => [line('p50 ms', 'p50', { spanGaps: true }), line('p99 ms', 'p99', { spanGaps: true })] },
  { id: 'plot-failed', height: 120, title: 'Failed requests', y: { range: (_, low, high) => [0, Math.max(4, high)] }, data: [series.failed],
    lines: () => [line('failed', 'failed', { paths: uPlot.paths.bars({ size: [0.9, 8, 2] }), fill: colour('failed') })] },
];

/** A logarithmic axis has no place for 0. */
function positive(ms) {
  return ms == null ? null : Math.max(ms, 0.1);
}

/** Lines for 1, 10, 100, ... alone: the nine between them would be a hatching. */
function tens(_, values) {
  return values.map((v) => (Number.isInteger(Math.round(Math.log10(v) * 1e6) / 1e6) ? v : null));
}

let shown = [];
function plot(width) {
  shown.forEach((one) => one.destroy());
  shown = plots.map((one) => {
    const host = document.getElementById(one.id);
    return new uPlot({
      width: width ?? Math.max(280, host.clientWidth), height: one.height, padding: [one.labels ? 22 : 8, 8, 0, 0], cursor: { sync: { key: 'tour' }, points: { size: 6 } },
      scales: { x: { time: false }, y: one.y },
      axes: [{ ...axis(), values: (_, all) => all.map((s) => minutes(s)) }, { ...axis(), size: 62, ...(one.tens ? { grid: { stroke: colour('line'), width: 1, filter: tens }, filter: tens } : {}), values: (_, all) => all.map((v) => (v == null ? '' : v.toLocaleString('en-US'))) }],
      series: [{ label: 'at', value: (_, s) => (s == null ? one.title : minutes(s)) }, ...one.lines()],
      plugins: [marks(one.labels)],
    }, [series.at_s, ...one.data], host);
  });
}

/** The console's own drawing code, which the page carries along; as wide as there is room. */
const code = document.querySelector('script[type=importmap]').textContent.includes('"page/drawing.js"') ? import('page/drawing.js') : null;
async function draw(room) {
  if (!code) return;
  const { draw: one } = await code;
  for (const host of document.querySelectorAll('.drawing')) {
    host.replaceChildren();
    one(report.stages[host.dataset.visit].site, host, { width: Math.max(300, room ?? host.clientWidth) });
  }
}

let width = 0;
new ResizeObserver(() => {
  const now = document.getElementById('plot-rate').clientWidth;
  if (now !== width) {
    width = now;
    plot();
    draw();
  }
}).observe(document.getElementById('plot-rate'));
dark.addEventListener('change', () => plot());
// Paper is white, and as wide as it is.
addEventListener('beforeprint', () => {
  document.documentElement.classList.add('light');
  document.querySelectorAll('details').forEach((one) => (one.open = true));
  plot(680);
  draw(680);
});
addEventListener('afterprint', () => {
  document.documentElement.classList.remove('light');
  plot();
  draw();
});
