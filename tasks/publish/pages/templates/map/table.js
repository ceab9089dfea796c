/* The table of what is chosen, made anew whenever that changes, and the way of the keyboard through it. */

/** The cells by line and column; a head of lines within has a total alone. */
let matrix = [];

/** The nodes that filters leave in and that are in no folded one. A wider code that filters leave out folds nothing. */
function shownIn(state, tree, side) {
  const left = tree.map((_, at) => leavesIn(state, tree, at));
  const shut = tree.map(() => false);
  tree.forEach(({ up, wider }, at) => {
    shut[at] = [up, wider].filter(Boolean).some((one) => shut[one] || (left[one] && isFolded(state, tree, one, side)));
  });
  return tree.map((_, at) => at).filter((at) => at && left[at] && !shut[at]);
}

function foldName(tree, at, side) {
  return side === "rows" ? `${tree[at].key}/` : `/${tree[at].key}`;
}

function isFolded(state, tree, at, side) {
  return state.folded.has(foldName(tree, at, side));
}

/** Whether there is something within a node: codes of the next axis, or narrower codes of its own. */
function holdsMore(tree, at) {
  return at > 0 && (tree[at].children.length > 0 || tree.some(({ wider }) => wider === at));
}

/** Whether a node has cells of its own: the innermost have, the wider codes, and the folded ones. */
function hasCells(state, tree, at, side) {
  return !at || !tree[at].children.length || isFolded(state, tree, at, side);
}

function drawTable(state, counts, all) {
  const [down, across] = [treeOf(state.rows), treeOf(state.columns)];
  const lines = shownIn(state, down, "rows");
  const columns = shownIn(state, across, "columns").filter((at) => hasCells(state, across, at, "columns"));
  const leaves = lines.filter((at) => hasCells(state, down, at, "rows"));
  const shown = { state, counts, all, down, across, columns, most: mostIn(all, leaves, columns) };
  matrix = [];
  const held = document.activeElement?.closest("#table")?.contains(document.activeElement) ? document.activeElement : null;
  const [cell, fold] = [held?.dataset.key, held?.dataset.fold];
  const table = setAll(element("table", `map ${state.style}`), { role: "grid" });
  const body = element("tbody", "", ...lines.map((at) => drawLine(shown, at)));
  table.append(element("caption", "unseen", captionOf(state)), drawHeads(shown), body, element("tfoot", "", drawLine(shown, 0)));
  document.getElementById("table").replaceChildren(table);
  takeTabStop(cellOf(state.cell) ?? cellOf(cell) ?? matrix.flat().find(Boolean));
  if (cell !== undefined) cellOf(cell)?.focus();
  if (fold !== undefined) findAll(".fold", table).find((one) => one.dataset.fold === fold)?.focus();
  drawKey(shown, leaves);
}

function captionOf({ rows, columns }) {
  return `Number of studies by ${[...rows, ...columns].map((axis) => dimensions[axis].label).join(", ")}.`;
}

function mostIn(counts, rows, columns) {
  let most = 0;
  for (const row of rows) for (const column of columns) most = Math.max(most, counts.kinds[0][row * counts.width + column]);
  return most;
}

/** One line of heads for each axis of the columns, and the corner that names the rows. */
function drawHeads({ state, across, columns }) {
  const depth = state.columns.length;
  const lines = state.columns.map((_, level) => {
    const line = element("tr", "");
    let last = -1;
    for (const column of columns) {
      const way = [...stepsTo(across, column)];
      if (level >= way.length) continue; // a folded head reaches down to its cells
      const at = way[level];
      if (at === last) {
        line.lastChild.colSpan += 1;
        continue;
      }
      const leaf = at === column;
      const head = headOf(state, across, at, "columns", leaf && columns.length > 10);
      if (depth > 1 && (!leaf || startsBlock(across, at))) head.classList.add("first");
      head.scope = leaf ? "col" : "colgroup";
      if (leaf) head.rowSpan = depth - level;
      line.append(head);
      last = at;
    }
    return line;
  });
  const corner = element("td", "", state.rows.map((axis) => dimensions[axis].label).join(", then "));
  corner.rowSpan = depth;
  const total = setAll(element("th", "total", "All in the row"), { scope: "col", rowspan: depth });
  lines[0].prepend(corner);
  lines[0].append(total);
  return element("thead", "", ...lines);
}

/** The places of the nodes on the way to a node, the outermost first. */
function stepsTo(tree, at) {
  return at ? [...stepsTo(tree, tree[at].up), at] : [];
}

/** A head; a node that holds more is folded and unfolded by a button. */
function headOf(state, tree, at, side, narrow) {
  const { label, definition } = tree[at];
  const said = narrow ? breakable(label) : label;
  const head = element("th", "", said);
  if (definition) head.title = definition;
  if (holdsMore(tree, at)) {
    const button = setAll(element("button", "fold", said), { type: "button", "aria-expanded": String(!isFolded(state, tree, at, side)) });
    button.dataset.fold = foldName(tree, at, side);
    head.replaceChildren(button);
  }
  return head;
}

function startsBlock(across, at) {
  return across[at].depth < 2 ? across.some(({ depth }) => depth > 1) : across[across[at].up].children[0] === at;
}

/** How far a line is set in: by the axes and the wider codes that it is within. */
function inset(tree, at) {
  return at ? tree[at].depth - 1 + widerOf(tree, at) : 0;
}

function widerOf(tree, at) {
  return tree[at].wider ? 1 + widerOf(tree, tree[at].wider) : 0;
}

function drawLine(shown, at) {
  const { state, down, across, columns } = shown;
  const leaf = hasCells(state, down, at, "rows");
  const head = at ? headOf(state, down, at, "rows", false) : element("th", "", "All in the column");
  if (!leaf) head.className = "group";
  head.classList.add(...["", "inner", "innermost"].slice(0, 1 + Math.min(2, inset(down, at))).slice(-1).filter(Boolean));
  head.scope = leaf ? "row" : "rowgroup";
  const cells = (leaf ? columns : []).map((column) => drawCell(shown, at, column, startsBlock(across, column) ? "first" : ""));
  const total = drawCell(shown, at, 0, leaf ? "total" : "total group-total");
  matrix.push(leaf ? [...cells, total] : [...columns.map(() => undefined), total]);
  if (leaf) return element("tr", "", head, ...cells, total);
  const rest = element("td", "group-rest");
  rest.colSpan = columns.length;
  return element("tr", "", head, rest, total);
}

function drawCell(shown, row, column, className) {
  const { state, counts, all, down, across } = shown;
  const count = countAt(counts, row, column);
  const whole = row && column ? countAt(all, row, column) : null;
  const empty = whole && !whole.all ? emptiness(state, all, row, column) : null;
  const unreviewed = whole && data.reviews && whole.primary > 0 && !whole.review;
  const cell = element("td", `cell ${className}`.trim());
  if (empty) cell.classList.add(empty);
  else if (!count.primary) cell.classList.add("nought");
  cell.append(...markOf(shown, cell, count, Boolean(whole)));
  const untied = whole && count.ungrouped > 0;
  if (untied) (state.style === "segments" ? find(".n", cell) : cell.lastChild).after(element("span", "dagger", "†"));
  if (empty === "not_applicable") find(".n", cell).textContent = EMPTY[empty].word;
  else if (empty) cell.append(element("span", "word", EMPTY[empty].word));
  if (state.style !== "segments" || state.parts !== null) {
    if (count.review) cell.append(element("span", "more", `+${counted(count.review, "review", "reviews")}`));
    if (count.ongoing) cell.append(element("span", "more", `${number(count.ongoing)} ongoing`));
  }
  if (count.unstated) cell.append(element("span", "more", `${number(count.unstated)} of no stated kind`));
  if (unreviewed) cell.append(element("span", "more", "no review"));
  const key = `${down[row].key}/${across[column].key}`;
  const said = [told(count), ...partsInWords(state, count)];
  if (empty) said.push(EMPTY[empty].meaning(never(state, row, column)?.why));
  if (unreviewed) said.push("no review: a synthesis gap");
  if (untied) said.push(`${number(count.ungrouped)} tied together only by being coded in the same study`);
  cell.dataset.key = key;
  cell.tabIndex = -1;
  return setAll(cell, {
    role: "gridcell",
    "aria-selected": String(key === state.cell),
    "aria-label": `${said.join("; ")}: ${cellInWords(state, row, column)}`,
  });
}

const EMPTY = {
  none_found: { word: "none", meaning: () => `no study found by ${data.searched}, and every included study is coded` },
  not_yet_coded: {
    word: "none yet",
    meaning: () => `none so far: ${counted(data.uncoded, "included study still waits", "included studies still wait")} to be coded`,
  },
  not_specified: { word: "none known", meaning: () => "studies whose coding says no more than the wider code may belong here" },
  not_applicable: {
    word: "n/a",
    meaning: (why = "the protocol says that these codes do not go together") => `not applicable, and no gap: ${why}`,
  },
};

/** Why a cell has no study, as in marts.evidence_map. */
function emptiness(state, all, row, column) {
  if (never(state, row, column)) return "not_applicable";
  if (!data.complete) return "not_yet_coded";
  return all.possible.kinds.some((kind) => kind[row * all.width + column]) ? "not_specified" : "none_found";
}

/** The first combination of codes that is not applicable by the protocol, and that a cell has all dimensions of. */
function never({ rows, columns }, row, column) {
  if (!data.never.length) return undefined;
  const here = [...steps(treeOf(rows), row), ...steps(treeOf(columns), column)];
  const has = ([axis, codes]) => here.some(({ dimension, code }) => dimension === axis && codes.includes(code));
  return data.never.find(({ codes }) => codes.every(has));
}

/** "Family; Initial entry to care; Effectiveness", or "all" for the total of everything. */
function cellInWords(state, row, column) {
  const names = [...steps(treeOf(state.rows), row), ...steps(treeOf(state.columns), column)].map((node) => node.label);
  return names.join("; ") || "all rows and columns";
}

/** The pair of nodes that a key names, if there is one. */
function nodesOf(state, key) {
  const [row, column] = (key ?? "").split("/");
  const at = [treeOf(state.rows), treeOf(state.columns)].map((tree, side) =>
    tree.findIndex((node) => node.key === (side ? column : row)),
  );
  return key !== null && !at.includes(-1) ? at : null;
}

function cellOf(key) {
  return findAll("#table .cell").find((cell) => cell.dataset.key === key);
}

/** One cell of the table is in the tab order: the one that was last visited. */
function takeTabStop(cell) {
  for (const other of findAll("#table .cell[tabindex='0']")) other.tabIndex = -1;
  if (cell) cell.tabIndex = 0;
}

/** The cell that a key leads to from `cell`; up and down pass over heads that have no cell in the column. */
function neighbour(cell, key, corner) {
  const y = matrix.findIndex((line) => line.includes(cell));
  const row = matrix[y].filter(Boolean);
  const column = matrix.map((line) => line[matrix[y].indexOf(cell)]).filter(Boolean);
  const step = (line, by) => line[line.indexOf(cell) + by];
  switch (key) {
    case "ArrowLeft": return step(row, -1);
    case "ArrowRight": return step(row, 1);
    case "ArrowUp": return step(column, -1);
    case "ArrowDown": return step(column, 1);
    case "Home": return corner ? matrix[0].find(Boolean) : row[0];
    case "End": return corner ? matrix.at(-1).at(-1) : row.at(-1);
    default: return undefined;
  }
}
