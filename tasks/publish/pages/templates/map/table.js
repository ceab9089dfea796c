/* The table of what is chosen, made anew whenever that changes, and the way of the keyboard through it. */

/** The cells by line and column; a head of lines within has a total alone. */
let matrix = [];

/** The nodes that filters leave in: the innermost ones are lines (or columns) of the table, the others heads above them. */
function leftIn(state, tree) {
  return tree.map((_, at) => at).filter((at) => at && leavesIn(state, tree, at));
}

function isLeaf(tree, at) {
  return !tree[at].children.length;
}

function drawTable(state, counts, all) {
  const [down, across] = [treeOf(state.rows), treeOf(state.columns)];
  const lines = leftIn(state, down);
  const columns = leftIn(state, across).filter((at) => isLeaf(across, at));
  const leaves = lines.filter((at) => isLeaf(down, at));
  const shown = { state, counts, all, down, across, columns, most: mostIn(all, leaves, columns) };
  matrix = [];
  const table = setAll(element("table", `map ${state.style}`), { role: "grid" });
  const body = element("tbody", "", ...lines.map((at) => drawLine(shown, at)));
  table.append(element("caption", "unseen", captionOf(state)), drawHeads(shown), body, element("tfoot", "", drawLine(shown, 0)));
  const held = document.activeElement?.closest("#table .cell")?.dataset.key;
  document.getElementById("table").replaceChildren(table);
  takeTabStop(cellOf(state.cell) ?? cellOf(held) ?? matrix.flat().find(Boolean));
  if (held !== undefined) cellOf(held)?.focus();
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
  const many = columns.length > 10;
  const lines = state.columns.map((_, level) => {
    const line = element("tr", "");
    let last = -1;
    for (const column of columns) {
      const { at, label, definition, first } = headAbove(across, column, level + 1, depth);
      if (at === last) {
        line.lastChild.colSpan += 1;
        continue;
      }
      const leaf = level === depth - 1;
      const head = element("th", first ? "first" : "", many && leaf ? breakable(label) : label);
      head.scope = leaf ? "col" : "colgroup";
      if (definition) head.title = definition;
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

/** The head of a column at a depth, and whether a block of columns begins with it. */
function headAbove(across, column, level, depth) {
  const at = column && across[column].depth > level ? across[column].up : column;
  if (across[at].depth > level) return headAbove(across, at, level, depth);
  return { ...across[at], at, first: depth > 1 && (level < depth || startsBlock(across, at)) };
}

function startsBlock(across, at) {
  return across[at].depth > 1 && across[across[at].up].children[0] === at;
}

function drawLine(shown, at) {
  const { down, across, columns } = shown;
  const { label, definition, depth } = down[at];
  const leaf = !at || isLeaf(down, at);
  const inset = ["", "", " inner", " innermost"][depth];
  const head = setAll(element("th", `${leaf ? "" : "group"}${inset}`.trim(), at ? label : "All in the column"), {
    scope: leaf ? "row" : "rowgroup",
  });
  if (definition) head.title = definition;
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
  const inner = Boolean(row && column);
  const empty = inner && !countAt(all, row, column).all ? (data.complete ? "none_found" : "not_yet_coded") : null;
  const cell = element("td", `cell ${className}`.trim());
  if (empty) cell.classList.add(empty);
  else if (!count.primary) cell.classList.add("nought");
  cell.append(markOf(shown, cell, count, inner));
  const untied = inner && count.ungrouped > 0;
  if (untied) cell.append(element("span", "dagger", "†"));
  if (empty) cell.append(element("span", "word", gapWord(empty)));
  if (count.review) cell.append(element("span", "more", `+${counted(count.review, "review", "reviews")}`));
  if (count.ongoing) cell.append(element("span", "more", `${number(count.ongoing)} ongoing`));
  if (count.unstated) cell.append(element("span", "more", `${number(count.unstated)} of no stated kind`));
  const key = `${down[row].key}/${across[column].key}`;
  const ungrouped = untied ? `, ${number(count.ungrouped)} tied together only by being coded in the same study` : "";
  const gap = empty ? ` (${gapWord(empty)})` : "";
  cell.dataset.key = key;
  cell.tabIndex = -1;
  return setAll(cell, {
    role: "gridcell",
    "aria-selected": String(key === state.cell),
    "aria-label": `${told(count)}${gap}${ungrouped}: ${cellInWords(state, row, column)}`,
  });
}

function gapWord(empty) {
  return { none_found: "none", not_yet_coded: "none yet" }[empty] ?? "none known";
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
