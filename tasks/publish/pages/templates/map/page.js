/* Ties form, address, table and list together. */

function refresh({ keepAddress = false } = {}) {
  let state = readState();
  const found = passing(state);
  const counts = countCells(state.view, found, state.filters);
  const cell = cellOf(state);
  if (state.cell && !(cell && isOpen(state, cell))) {
    openCell = null;
    state = readState();
  }
  drawTable(state, counts);
  drawList(state, found, counts);
  const words = filtersInWords(state);
  document.getElementById("status").textContent = words
    ? `Filter: ${words}. Counted: ${told(tally(found.map((one) => one.study)))}.`
    : "No filter: all studies on the map are counted.";
  document.getElementById("status").classList.toggle("unfiltered", !words);
  document.getElementById("clear").hidden = !words;
  if (!keepAddress) writeAddress(state);
}

function cellOf(state) {
  return findAll(".cell", sectionOf(state.view)).find((cell) => cell.dataset.key === state.cell);
}

/** Whether no filter on an axis leaves the cell out. */
function isOpen(state, cell) {
  const [row, column] = cell.dataset.key.split("/");
  return leavesIn(state, state.view.rows, row) && leavesIn(state, state.view.columns, column);
}

function open(key) {
  openCell = key;
  refresh();
  document.getElementById("studies-heading").focus();
}

function backToCell() {
  const cell = openCell && cellOf(readState());
  if (cell) cell.focus();
}

function start() {
  document.body.classList.add("scripted");
  form.hidden = false;
  document.getElementById("list-buttons").hidden = false;
  document.getElementById("keys").hidden = false;
  for (const frame of findAll(".map-frame")) frame.removeAttribute("tabindex"); // the cells are in the tab order now
  for (const table of findAll("table.map")) {
    table.setAttribute("role", "grid");
    table.addEventListener("click", (event) => {
      const cell = event.target.closest(".cell");
      if (cell) open(cell.dataset.key);
    });
    table.addEventListener("focusin", (event) => {
      if (event.target.matches(".cell")) takeTabStop(table, event.target);
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
  form.addEventListener("input", () => refresh());
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("clear").addEventListener("click", () => {
    clearFilters();
    refresh();
    find("#filters summary").focus();
  });
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
  window.addEventListener("hashchange", () => {
    if (location.hash && !location.hash.includes("=")) return; // a place on the page
    readAddress();
    refresh({ keepAddress: true });
  });
  if (location.hash.includes("=")) readAddress();
  refresh({ keepAddress: true });
}

start();
