/**
 * What is to be seen at each zoom: the site as tiers of boxes and arrows between them. Pure: a site in, a scene out; where it stands is the layout's.
 *
 * regions: a box a region. tiers: a box for all that do the same. servers: each. one: the selected one among those that it talks with.
 * A block is what stands together in a tier: all of one family. Where a block is crowded, the arrows between it and another box are drawn as one.
 */

/** From so many on, the arrows of a block are drawn as one. */
const CROWD = 5;
const WORST_FIRST = ['down', 'sick', 'draining', 'starting', 'declared', 'up'];
const SHORT = { edge: 'edges', application: 'app', cache: 'cache', database: 'db', queue: 'queue', worker: 'workers' };
const PLAIN = { edge: 'edges', cache: 'cache', database: 'PostgreSQL', router: 'routers', application: 'application', worker: 'workers', queue: 'queues' };

export function scene(site, zoom, select) {
  if (zoom === 'regions') return regions(site);
  if (zoom === 'tiers') return tiers(site);
  if (zoom === 'one') return one(site, select);
  return bundled({ zoom: 'servers', tiers: site.tiers.map((tier) => blocksOf(tier, site.nodes.filter((node) => node.tier === tier.id))), arrows: site.arrows.map(plain) }, select);
}

/** An arrow's name; the same as the target of a fault. */
export const arrowId = (arrow) => `${arrow.from}>${arrow.to}`;

const plain = (arrow) => ({ id: arrowId(arrow), from: arrow.from, to: arrow.to, protocol: arrow.protocol, figures: arrow.figures, members: [arrow] });

const family = (kind) => (kind === 'replica' ? 'database' : kind);

function blocksOf(tier, nodes) {
  const blocks = new Map();
  for (const node of nodes) {
    const key = `${tier.id}/${family(node.kind)}`;
    if (!blocks.has(key)) blocks.set(key, { id: key, family: family(node.kind), nodes: [] });
    blocks.get(key).nodes.push(node);
  }
  return { id: tier.id, title: tier.title, blocks: [...blocks.values()] };
}

/** Arrows to and from crowded blocks become one for each box at their other end; those of what is selected stay as they are. */
function bundled(of, select) {
  const crowd = new Map();
  for (const block of of.tiers.flatMap((tier) => tier.blocks)) {
    block.crowded = block.nodes.length > CROWD;
    if (block.crowded) block.nodes.forEach((node) => crowd.set(node.id, block.id));
  }
  const end = (id) => crowd.get(id) ?? id;
  const own = select ? of.arrows.filter((arrow) => (arrow.id === select || arrow.from === select || arrow.to === select) && (crowd.has(arrow.from) || crowd.has(arrow.to))) : [];
  return { ...of, tiers: of.tiers.filter((tier) => tier.blocks.length), arrows: [...merged(of.arrows, end), ...own.map((arrow) => ({ ...arrow, id: `${arrow.id} own`, own: true }))] };
}

/** Arrows with the same ends as one, whose figures are those of all; what stays within one end is left out. */
function merged(arrows, end) {
  const by = new Map();
  for (const arrow of arrows) {
    const [from, to] = [end(arrow.from), end(arrow.to)];
    if (from === to) continue;
    const id = `${from}>${to}`;
    if (!by.has(id)) by.set(id, { id, from, to, protocol: arrow.protocol, members: [] });
    by.get(id).members.push(...arrow.members);
  }
  return [...by.values()].map((arrow) => ({ ...arrow, figures: sum(arrow.members) }));
}

/** Rates add up; of waits the worst counts. Null where nothing is measured. */
function sum(of) {
  const all = of.map((each) => each.figures).filter(Boolean);
  if (all.length === 0) return null;
  const add = (name) => all.reduce((total, each) => total + each[name], 0);
  const most = (name) => Math.max(...all.map((each) => each[name]));
  return { rate: add('rate'), failedRate: add('failedRate'), inFlight: add('inFlight'), total: add('total'), p50Millis: most('p50Millis'), p95Millis: most('p95Millis'), p99Millis: most('p99Millis') };
}

/** All that do the same as one box. */
function tiers(site) {
  const groups = new Map();
  const groupOf = new Map();
  for (const node of site.nodes) {
    const alone = node.kind === 'router' || node.kind === 'users';
    const key = alone ? node.id : `${node.tier}/${family(node.kind)}`;
    if (!groups.has(key)) groups.set(key, { key, tier: node.tier, members: [] });
    groups.get(key).members.push(node);
    groupOf.set(node.id, key);
  }
  const boxes = [...groups.values()].map((group) => (group.members.length === 1 ? { ...group.members[0], id: group.key, members: group.members } : box(group, site)));
  const columns = site.tiers.map((tier) => {
    const here = boxes.filter((each) => each.tier === tier.id);
    return { id: tier.id, title: '', blocks: here.map((each) => ({ id: `${tier.id}:${each.id}`, family: family(each.kind), nodes: [each] })) };
  });
  return { zoom: 'tiers', tiers: columns.filter((tier) => tier.blocks.length), arrows: merged(site.arrows.map(plain), (id) => groupOf.get(id)) };
}

function box({ key, tier, members }, site) {
  const kind = family(members[0].kind);
  const others = site.nodes.some((node) => node.tier === tier && family(node.kind) !== kind);
  const title = others ? PLAIN[kind] ?? kind : site.tiers.find((each) => each.id === tier).title;
  return { id: key, tier, kind, title, detail: detailOf(members), health: worst(members), tally: tally(members), unwell: unwell(members), gauge: '', why: '', figures: sum(members), members, many: true };
}

/** A box a region, users beside them. Regions that are only edges stand before those that have all. */
function regions(site) {
  const users = site.nodes.filter((node) => node.kind === 'users');
  const all = site.regions?.length ? site.regions : [{ id: 'home', title: site.name }];
  const regionOf = (node) => (all.some((region) => region.id === node.region) ? node.region : all[0].id);
  const boxes = all.map((region) => {
    const members = site.nodes.filter((node) => node.kind !== 'users' && regionOf(node) === region.id);
    const here = new Set(members.map((node) => node.id));
    const incoming = site.arrows.filter((arrow) => here.has(arrow.to) && !here.has(arrow.from));
    const kinds = Object.keys(SHORT).map((kind) => [SHORT[kind], members.filter((node) => family(node.kind) === kind).length]).filter(([, n]) => n);
    return { id: `region/${region.id}`, kind: 'region', title: region.title, detail: detailOf(members), health: worst(members), tally: tally(members),
      unwell: [unwell(members), kinds.map(([kind, n]) => `${kind} ${n}`).join(' · ')].filter(Boolean).join(' · '), gauge: '', why: '', figures: sum(incoming), members, only: members.every((node) => node.kind === 'edge') };
  }).filter((region) => region.members.length);
  const end = new Map(boxes.flatMap((region) => region.members.map((node) => [node.id, region.id])));
  const column = (id, nodes) => ({ id, title: '', blocks: nodes.map((node) => ({ id: `at ${node.id}`, family: node.kind, nodes: [node] })) });
  const columns = [column('users', users), column('far', boxes.filter((region) => region.only)), column('regions', boxes.filter((region) => !region.only))];
  return { zoom: 'regions', tiers: columns.filter((tier) => tier.blocks.length), arrows: merged(site.arrows.map(plain), (id) => end.get(id) ?? id) };
}

/** The selected one large, who asks it before it, whom it asks behind it. */
function one(site, select) {
  const wanted = select?.includes('>') ? select.split('>')[1] : select;
  const it = site.nodes.find((node) => node.id === wanted) ?? site.nodes.find((node) => node.kind === 'front_door') ?? site.nodes[0];
  const arrows = site.arrows.filter((arrow) => arrow.from === it.id || arrow.to === it.id);
  const side = (id, title, ids) => blocksOf({ id, title }, site.nodes.filter((node) => ids.includes(node.id)));
  const columns = [side('from', 'asked by', arrows.filter((arrow) => arrow.to === it.id).map((arrow) => arrow.from)),
    { id: 'it', title: '', blocks: [{ id: 'it/it', family: family(it.kind), nodes: [{ ...it, large: true }] }] },
    side('to', 'asks', arrows.filter((arrow) => arrow.from === it.id).map((arrow) => arrow.to))];
  return bundled({ zoom: 'one', tiers: columns, arrows: arrows.map(plain) }, null);
}

const worst = (nodes) => WORST_FIRST.find((health) => nodes.some((node) => node.health === health)) ?? 'up';

/** "44 servers, 38 up". */
const detailOf = (nodes) => `${nodes.length} ${nodes.length === 1 ? 'server' : 'servers'}, ${nodes.every((node) => node.health === 'up') ? 'all' : nodes.filter((node) => node.health === 'up').length} up`;

/** "3 down · 1 sick". */
const unwell = (nodes) => tally(nodes).reverse().filter(([, health]) => health !== 'up').map(([n, health]) => `${n} ${health}`).join(' · ');

/** How many are how: [[40, 'up'], [1, 'down']], the worst last. */
const tally = (nodes) => [...WORST_FIRST].reverse().map((health) => [nodes.filter((node) => node.health === health).length, health]).filter(([n]) => n);
