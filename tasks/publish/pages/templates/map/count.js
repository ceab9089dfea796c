/* The rule of marts.evidence_map for what is shown just now, whatever dimensions are its rows and columns.

   A study is in a cell if one of its groups has the cell's code on every axis; codes of group 0 hold for each group. A filter
   looks at one group at a time too: a study of mentors for families and, apart from that, of training for children is no
   study of mentors for children. Where an axis is filtered, only the codes that are asked for are counted. */

const KINDS = ["primary", "review", "ongoing", "unstated"];

/** For each study its groups; a group has, for each dimension, its codes, doubled, and one more where they are its own. */
const groups = data.codes.map(([whole, ...own]) => (own.length ? own : [[]]).map((codes) => held(whole, codes)));

function held(whole, own) {
  const found = dimensions.map(() => []);
  for (const at of whole) if (!own.includes(at)) found[places[at].dimension].push(2 * places[at].code);
  for (const at of own) found[places[at].dimension].push(2 * places[at].code + 1);
  return found;
}

function holds(group, filters) {
  for (const [dimension, wanted] of filters) if (!group[dimension].some((code) => wanted.has(code >> 1))) return false;
  return true;
}

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What words are looked for in: all that a study says of itself. Made when first asked for, since few readers do. */
let searchable = null;

/** The studies that pass all filters, each with those of its groups that do. */
function passing(state) {
  const words = folded(state.words).split(/\s+/).filter(Boolean);
  if (words.length) searchable ??= said.map(folded);
  const { year } = data.studies;
  const found = [];
  for (const study of studies) {
    if (state.from && !(year[study] >= state.from)) continue;
    if (state.to && !(year[study] !== null && year[study] <= state.to)) continue;
    if (!words.every((word) => searchable[study].includes(word))) continue;
    const matching = state.filters.size ? groups[study].filter((group) => holds(group, state.filters)) : groups[study];
    if (matching.length) found.push({ study, groups: matching });
  }
  return found;
}

/** The codes of nested axes as a tree: node 0 is all of them, and a node lies in the node `up`. Codes that are within another
    of their dimension (`wider` is its node) have a node beside it, since a study with them has that code as well. */
function grow(axes) {
  const nodes = [{ key: "", label: "", up: 0, wider: 0, depth: 0, children: [] }];
  const branch = (up, depth) => {
    if (depth === axes.length) return;
    const { codes } = dimensions[axes[depth]];
    for (const [code, { id, label, definition, within }] of codes.entries()) {
      const at = nodes.length;
      const key = up ? `${nodes[up].key}.${id}` : id;
      const wider = within === undefined ? 0 : nodes[up].children[within];
      nodes.push({ key, label, definition, dimension: axes[depth], code, up, wider, depth: depth + 1, children: [] });
      nodes[up].children.push(at);
      branch(at, depth + 1);
    }
  };
  branch(0, 0);
  return nodes;
}

const trees = new Map();

function treeOf(axes) {
  const name = axes.join();
  if (!trees.has(name)) trees.set(name, grow(axes));
  return trees.get(name);
}

/** The innermost nodes that a group is in, doubled, and one more where a grouped code of its own leads there. */
function reached(axes, tree, group, filters) {
  let ends = [0];
  for (const axis of axes) {
    const { grouped } = dimensions[axis];
    const wanted = filters.get(axis);
    const codes = wanted ? group[axis].filter((code) => wanted.has(code >> 1)) : group[axis];
    ends = ends.flatMap((end) =>
      codes.map((code) => 2 * tree[end >> 1].children[code >> 1] + ((end & 1) | (grouped ? code & 1 : 0))),
    );
  }
  return ends;
}

/** Groups with the codes that they may have as well: within one that they have, where they have none within that. */
function possible(group) {
  return group.map((codes, at) => {
    const known = new Set(codes.map((code) => code >> 1));
    const within = dimensions[at].codes.map((code) => code.within);
    const open = new Set([...known].filter((code) => !within.some((wider, narrow) => wider === code && known.has(narrow))));
    const more = [];
    for (const [code, wider] of within.entries()) {
      if (!known.has(code) && open.has(wider)) {
        open.add(code);
        more.push(2 * code);
      }
    }
    return [...codes, ...more];
  });
}

/** Distinct studies by kind for every pair of nodes, so for cells and for totals; `parts` for the codes of one more axis. */
function countCells(state, found) {
  const { rows, columns, filters } = state;
  const [down, across] = [treeOf(rows), treeOf(columns)];
  const width = across.length;
  const size = down.length * width;
  const alone = [...rows, ...columns].filter((axis) => dimensions[axis].grouped).length < 2;
  const split = state.parts === null ? 0 : dimensions[state.parts].codes.length;
  const counts = { width, kinds: KINDS.map(() => new Int32Array(size)), ungrouped: new Int32Array(size),
    split, parts: new Int32Array(size * split) };
  const [seen, tied, partSeen] = [size, size, size * split].map((n) => new Int32Array(n).fill(-1));
  for (const { study, groups: matching } of found) {
    const kind = counts.kinds[data.studies.kind[study]];
    for (const group of matching) {
      const ends = reached(columns, across, group, filters);
      for (const row of reached(rows, down, group, filters)) for (const column of ends) {
        const together = alone || (row | column) & 1;
        for (let r = row >> 1; ; r = down[r].up) {
          for (let c = column >> 1; ; c = across[c].up) {
            const slot = r * width + c;
            if (seen[slot] !== study) {
              seen[slot] = study;
              kind[slot] += 1;
              counts.ungrouped[slot] += 1;
            }
            if (together && tied[slot] !== study) {
              tied[slot] = study;
              counts.ungrouped[slot] -= 1;
            }
            if (split && kind === counts.kinds[0]) countParts(group[state.parts], slot * split, study, counts.parts, partSeen);
            if (!c) break;
          }
          if (!r) break;
        }
      }
    }
  }
  return counts;
}

function countParts(codes, from, study, parts, seen) {
  for (const code of codes) {
    const at = from + (code >> 1);
    if (seen[at] === study) continue;
    seen[at] = study;
    parts[at] += 1;
  }
}

/** The count at a pair of nodes. */
function countAt(counts, row, column) {
  const slot = row * counts.width + column;
  const [primary, review, ongoing, unstated] = counts.kinds.map((kind) => kind[slot]);
  const parts = [...counts.parts.subarray(slot * counts.split, (slot + 1) * counts.split)];
  return { primary, review, ongoing, unstated, ungrouped: counts.ungrouped[slot], parts, all: primary + review + ongoing + unstated };
}

/** The studies at a pair of nodes: one of their groups has the codes on the way to both, and some code on each axis. */
function studiesAt(state, found, row, column) {
  const { rows, columns, filters } = state;
  const needed = [...steps(treeOf(rows), row), ...steps(treeOf(columns), column)];
  const wanted = new Map([...rows, ...columns].map((axis) => [axis, filters.get(axis)]));
  for (const { dimension, code } of needed) wanted.set(dimension, new Set([code]));
  const within = (group) => [...wanted].every(([axis, codes]) => group[axis].some((code) => !codes || codes.has(code >> 1)));
  return found.filter(({ groups: matching }) => matching.some(within)).map(({ study }) => study);
}

/** The nodes on the way to a node, the outermost first. */
function steps(tree, at) {
  return at ? [...steps(tree, tree[at].up), tree[at]] : [];
}

/** The kinds of a list of studies. */
function tally(list) {
  const count = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  for (const study of list) count[KINDS[data.studies.kind[study]]] += 1;
  return count;
}
