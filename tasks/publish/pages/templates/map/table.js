/* The table of the chosen view: its numbers, what filters hide, and the way of the keyboard through it. The rows and heads are
   those of the page; only what is in the cells is written anew. */

const SVG = "http://www.w3.org/2000/svg";

function sectionOf(view) {
  return findAll(".view").find((section) => section.dataset.view === view.id);
}

function drawTable(state, counts) {
  for (const section of findAll(".view")) section.hidden = section.dataset.view !== state.view.id;
  const section = sectionOf(state.view);
  const table = find("table", section);
  table.classList.remove("bubbles", "heat", "numbers");
  table.classList.add(state.style);
  find(".key-bubbles", section).hidden = state.style !== "bubbles";
  find(".key-heat", section).hidden = state.style !== "heat";
  hideFiltered(state, table);
  for (const cell of findAll(".cell", table)) fill(cell, state, counts.get(cell.dataset.key) ?? noCount());
  const open = findAll(".cell[aria-selected=true]", table)[0];
  takeTabStop(table, open ?? find(".cell[tabindex='0']", table) ?? visible(findAll(".cell", table))[0]);
}

/** Rows and columns of codes that a filter on their own dimension leaves out. */
function hideFiltered(state, table) {
  const { rows, columns } = state.view;
  for (const row of findAll("tr[data-row]", table)) row.hidden = !leavesIn(state, rows, row.dataset.row);
  const leaves = findAll("thead tr:last-child th[data-column]", table).map((head) => head.dataset.column);
  const open = leaves.filter((key) => leavesIn(state, columns, key));
  for (const head of findAll("th[data-column]", table)) {
    const under = open.filter((key) => key === head.dataset.column || key.startsWith(`${head.dataset.column}.`)).length;
    head.hidden = !under;
    head.colSpan = Math.max(1, under);
  }
  for (const cell of findAll(".cell", table)) cell.hidden = !leavesIn(state, columns, cell.dataset.key.split("/")[1]);
  for (const rest of findAll(".group-rest", table)) rest.colSpan = Math.max(1, open.length);
}

function fill(cell, state, count) {
  const empty = cell.dataset.empty;
  const inner = !cell.matches(".total, tfoot .cell");
  const share = count.primary / state.view.most;
  cell.className = cell.className.replace(/ (heat-\d|nought)\b/g, "");
  if (inner && count.primary) cell.classList.add(`heat-${Math.ceil(share * data.bubble.heats)}`);
  if (!count.primary && !empty) cell.classList.add("nought");
  const mark = element("span", "mark");
  const number = count.primary.toLocaleString("en-GB");
  const { largest, round, perDigit } = data.bubble;
  if (inner && count.primary) mark.append(bubble(Math.max(round + perDigit * number.length, largest * Math.sqrt(share))));
  mark.append(element("span", "n", number));
  cell.replaceChildren(mark);
  const untied = inner && count.ungrouped > 0;
  if (untied) cell.append(element("span", "dagger", "†"));
  if (empty) cell.append(element("span", "word", gapWord(empty)));
  if (count.review) cell.append(element("span", "more", `+${counted(count.review, "review", "reviews")}`));
  if (count.ongoing) cell.append(element("span", "more", `${count.ongoing.toLocaleString("en-GB")} ongoing`));
  if (count.unstated) cell.append(element("span", "more", `${count.unstated.toLocaleString("en-GB")} of no stated kind`));
  cell.setAttribute("role", "gridcell");
  cell.setAttribute("aria-selected", String(cell.dataset.key === state.cell));
  const ungrouped = untied ? `, ${count.ungrouped} tied together only by being coded in the same study` : "";
  const gap = empty ? ` (${gapWord(empty)})` : "";
  cell.setAttribute("aria-label", `${told(count)}${gap}${ungrouped}: ${cellInWords(state.view, cell.dataset.key)}`);
  if (!cell.hasAttribute("tabindex")) cell.tabIndex = -1;
}

function bubble(radius) {
  const r = Math.round(radius * 10) / 10;
  const svg = document.createElementNS(SVG, "svg");
  const circle = document.createElementNS(SVG, "circle");
  setAll(svg, { class: "bubble", width: 2 * r, height: 2 * r, "aria-hidden": "true" });
  setAll(circle, { cx: r, cy: r, r: r - 0.5 });
  svg.append(circle);
  return svg;
}

function setAll(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
}

function gapWord(empty) {
  return { none_found: "none", not_yet_coded: "none yet" }[empty] ?? "none known";
}

/** "Family; Initial entry to care; Effectiveness", or "all" for the total of everything. */
function cellInWords(view, key) {
  const [row, column] = key.split("/");
  const names = (axes, ids) =>
    ids ? ids.split(".").map((id, at) => data.dimensions[axes[at]].codes.find((code) => code.id === id)?.label ?? id) : [];
  return [...names(view.rows, row), ...names(view.columns, column)].join("; ") || "all rows and columns";
}

function visible(cells) {
  return cells.filter((cell) => !cell.hidden && !cell.parentElement.hidden);
}

/** One cell of the table is in the tab order: the one that was last visited. */
function takeTabStop(table, cell) {
  for (const other of findAll(".cell[tabindex='0']", table)) other.tabIndex = -1;
  const place = cell && visible([cell]).length ? cell : visible(findAll(".cell", table))[0];
  if (place) place.tabIndex = 0;
}

/** The cell that a key leads to from `cell`; up and down pass over head rows that have no cell in the column. */
function neighbour(cell, key, corner) {
  const table = cell.closest("table");
  const row = visible(findAll(".cell", cell.parentElement));
  const cells = visible(findAll(".cell", table));
  const column = cells.filter((one) => one.dataset.key.split("/")[1] === cell.dataset.key.split("/")[1]);
  const step = (line, by) => line[line.indexOf(cell) + by];
  switch (key) {
    case "ArrowLeft": return step(row, -1);
    case "ArrowRight": return step(row, 1);
    case "ArrowUp": return step(column, -1);
    case "ArrowDown": return step(column, 1);
    case "Home": return corner ? cells[0] : row[0];
    case "End": return corner ? cells.at(-1) : row.at(-1);
    default: return undefined;
  }
}
