/* Ties form, address, table and list together. */

/** The counts without any filter, which say where the gaps are; they change with the axes alone. */
let unfiltered = { counts: null, of: null };

function countAll(state) {
  const of = JSON.stringify([state.rows, state.columns, state.parts]);
  if (unfiltered.of !== of) {
    const everything = studies.map((study) => ({ study, groups: groups[study] }));
    const whole = { ...state, filters: new Map() };
    unfiltered = { counts: countCells(whole, everything), of };
    const nested = [...state.rows, ...state.columns].some((axis) => dimensions[axis].codes.some((code) => "within" in code));
    const wide = everything.map(({ study, groups: own }) => ({ study, groups: own.map(possible) }));
    unfiltered.counts.possible = nested ? countCells({ ...whole, parts: null }, wide) : unfiltered.counts;
  }
  return unfiltered.counts;
}

function refresh({ keepAddress = false } = {}) {
  const state = readState();
  const cell = nodesOf(state, openCell);
  const open = cell && leavesIn(state, treeOf(state.rows), cell[0]) && leavesIn(state, treeOf(state.columns), cell[1]);
  if (!open) state.cell = openCell = null;
  const found = passing(state);
  const all = countAll(state);
  const words = filtersInWords(state);
  drawTable(state, words ? countCells(state, found) : all, all);
  drawList(state, found);
  const status = document.getElementById("status");
  status.textContent = words
    ? `Filter: ${words}. Counted: ${told(tally(found.map((one) => one.study)))}.`
    : "No filter: all studies on the map are counted.";
  status.classList.toggle("unfiltered", !words);
  document.getElementById("clear").hidden = !words;
  document.getElementById("parts").hidden = state.style !== "segments";
  document.getElementById("view-title").textContent = viewOf(state)?.title ?? captionOf(state);
  if (!keepAddress) writeAddress(state);
}

function open(key) {
  openCell = key;
  refresh();
  document.getElementById("studies-heading").focus();
}

function backToCell() {
  cellOf(openCell)?.focus();
}

function onTable(table) {
  table.addEventListener("click", (event) => {
    const fold = event.target.closest(".fold")?.dataset.fold;
    if (fold !== undefined) {
      if (!folds.delete(fold)) folds.add(fold);
      refresh();
      return;
    }
    const cell = event.target.closest(".cell");
    if (cell) open(cell.dataset.key);
  });
  table.addEventListener("focusin", (event) => {
    if (event.target.matches(".cell")) takeTabStop(event.target);
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest(".cell");
    if (!cell || event.altKey || event.metaKey) return;
    const next = neighbour(cell, event.key, event.ctrlKey);
    if (next) next.focus();
    else if (event.key === "Enter" || event.key === " ") open(cell.dataset.key);
    else return;
    event.preventDefault();
  });
}

function onForm() {
  form.addEventListener("input", (event) => {
    if (event.target.matches("#axes select")) return; // told by its change
    if (event.target.name === "View") {
      axes = axesOf(data.views.find((view) => view.id === event.target.value));
      openCell = null;
      folds.clear();
      drawAxes();
    }
    refresh();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("clear").addEventListener("click", () => {
    clearFilters();
    refresh();
    find("#filters summary").focus();
  });
}

function onList() {
  document.getElementById("studies").addEventListener("keydown", (event) => {
    if (event.key === "Escape") backToCell();
  });
  document.getElementById("back").addEventListener("click", backToCell);
  document.getElementById("all").addEventListener("click", () => open(null));
  document.getElementById("further").addEventListener("click", () => {
    const first = listFurther(PAGE);
    first.tabIndex = -1;
    first.focus();
  });
  document.getElementById("csv").addEventListener("click", () => save("csv", asCsv(), "text/csv"));
  document.getElementById("ris").addEventListener("click", () => save("ris", asRis(), "application/x-research-info-systems"));
  window.addEventListener("beforeprint", () => listFurther(listed.length));
}

function fromAddress() {
  readAddress();
  drawAxes();
  refresh({ keepAddress: true });
}

function start() {
  document.body.classList.add("scripted");
  drawParts();
  drawFilters();
  onTable(document.getElementById("table"));
  onForm();
  onList();
  window.addEventListener("hashchange", () => {
    if (!location.hash || location.hash.includes("=")) fromAddress(); // any other is a place on the page
  });
  fromAddress();
  document.getElementById("views").remove(); // the same tables, for those who have no script
  for (const part of findAll("[data-scripted]")) part.hidden = false;
}

start();
