/* The rule of marts.evidence_map for what is shown just now.

   A study is in a cell if one of its groups has the cell's code on every axis; codes of group 0 hold for each group. A filter
   looks at one group at a time too: a study of mentors for families and, apart from that, of training for children is no
   study of mentors for children. Where an axis is filtered, only the codes that are asked for are counted. */

/** For each study its groups; each group maps a dimension to its codes, and a code to whether it is the group's own. */
const groups = codes.map((rows) => {
  const numbers = [...new Set(rows.map((row) => row.group))];
  return numbers.map((number) => held(rows.filter((row) => row.group === 0 || row.group === number)));
});

function held(rows) {
  const found = new Map();
  for (const { group, dimension, code } of rows) {
    if (!found.has(dimension)) found.set(dimension, new Map());
    const known = found.get(dimension);
    known.set(code, known.get(code) || group > 0);
  }
  return found;
}

function holds(group, filters) {
  return [...filters].every(([dimension, wanted]) => [...wanted].some((code) => group.get(dimension)?.has(code)));
}

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const searchable = studies.map((study) => {
  const { title, reference, journal, authors } = data.studies;
  const told = texts[study].map((one) => one.text);
  return folded([title[study], reference[study], journal[study], ...authors[study], ...told].join(" "));
});

/** The studies that pass all filters, each with those of its groups that do. */
function passing(state) {
  const words = folded(state.words).split(/\s+/).filter(Boolean);
  const found = [];
  for (const study of studies) {
    const year = data.studies.year[study];
    if (state.from && !(year >= state.from)) continue;
    if (state.to && !(year !== null && year <= state.to)) continue;
    if (!words.every((word) => searchable[study].includes(word))) continue;
    const matching = groups[study].filter((group) => holds(group, state.filters));
    if (state.filters.size && !matching.length) continue;
    found.push({ study, groups: matching });
  }
  return found;
}

function noCount() {
  return { primary: 0, review: 0, ongoing: 0, unstated: 0, ungrouped: 0, studies: [] };
}

function add(count, study, tied) {
  count[data.studies.kind[study] ?? "unstated"] += 1;
  if (!tied) count.ungrouped += 1;
  count.studies.push(study);
}

/** Counts by cell key ("codes of the row/codes of the column"; nothing before or after the slash is a total). */
function countCells(view, found, filters) {
  const counts = new Map();
  for (const { study, groups } of found) {
    const keys = new Map();
    for (const group of groups) {
      for (const { codes, tied } of combinations(view, group, filters)) {
        for (const key of keysOf(view, codes)) keys.set(key, keys.get(key) || tied);
      }
    }
    for (const [key, tied] of keys) {
      if (!counts.has(key)) counts.set(key, noCount());
      add(counts.get(key), study, tied);
    }
  }
  return counts;
}

/** Every combination of codes that a group has on the axes, and whether a group of its own ties it together. */
function combinations(view, group, filters) {
  const axes = [...view.rows, ...view.columns];
  const alone = axes.filter((axis) => data.dimensions[axis].grouped).length < 2;
  let found = [{ codes: [], tied: alone }];
  for (const axis of axes) {
    const { grouped, codes } = data.dimensions[axis];
    const wanted = filters.get(axis);
    const here = [...(group.get(axis) ?? [])].filter(([code]) => !wanted || wanted.has(code));
    found = found.flatMap((before) =>
      here.map(([code, own]) => ({ codes: [...before.codes, codes[code].id], tied: before.tied || (grouped && own) })),
    );
  }
  return found;
}

function keysOf(view, codes) {
  const depth = view.rows.length;
  const column = codes.slice(depth).join(".");
  const keys = [];
  for (let n = 0; n <= depth; n += 1) {
    const row = codes.slice(0, n).join(".");
    keys.push(`${row}/${column}`, `${row}/`);
  }
  return keys;
}

/** The kinds of a list of studies. */
function tally(list) {
  const count = noCount();
  for (const study of list) add(count, study, true);
  return count;
}
