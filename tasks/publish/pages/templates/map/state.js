/* What is shown: read from the form, kept in the address, and read back from it. Names of our own begin with a capital
   letter, which no id of a dimension can. */

const form = document.getElementById("controls");
const TYPED = { From: "from", To: "to", Words: "words" };
const MOST_AXES = 4;

/** Dimensions on the rows and columns, the outermost first. */
let axes = axesOf(data.views[0]);

/** The open cell and the folded heads; they are in no control of the form. */
let openCell = null;
let folds = new Set();

function axesOf({ rows, columns }) {
  return { rows: [...rows], columns: [...columns] };
}

/** The view of the protocol that has these rows and columns, if one has. */
function viewOf({ rows, columns }) {
  return data.views.find((view) => view.rows.join() === rows.join() && view.columns.join() === columns.join());
}

function readState() {
  const chosen = new FormData(form);
  const [asked, filters] = [new Map(), new Map()];
  dimensions.forEach((dimension, at) => {
    const wanted = new Set(chosen.getAll(dimension.id).map((id) => dimension.codes.findIndex((code) => code.id === id)));
    if (!wanted.size) return;
    asked.set(at, wanted);
    filters.set(at, withNarrower(dimension.codes, wanted));
  });
  return {
    ...axes,
    style: chosen.get("Style") ?? "bubbles",
    parts: chosen.get("Style") === "segments" && chosen.get("Parts") ? Number(chosen.get("Parts")) : null,
    from: Number(chosen.get("From")) || 0,
    to: Number(chosen.get("To")) || 0,
    words: (chosen.get("Words") ?? "").trim(),
    asked,
    filters,
    cell: openCell,
    folded: folds,
  };
}

/** Codes, and those within them. */
function withNarrower(codes, wanted) {
  const found = new Set(wanted);
  codes.forEach(({ within }, code) => {
    if (found.has(within)) found.add(code);
  });
  return found;
}

function filtered(state) {
  return Boolean(state.filters.size || state.from || state.to || state.words);
}

function codeIds(dimension, wanted) {
  return [...wanted].sort((a, b) => a - b).map((code) => dimensions[dimension].codes[code].id);
}

/** Whether the filters on the axes' own dimensions leave a node in. */
function leavesIn(state, tree, at) {
  return steps(tree, at).every(({ dimension, code }) => state.filters.get(dimension)?.has(code) ?? true);
}

/** `#View=level-theme&Style=heat&level=family,child&From=2000&Cell=family/mentors`; other rows: `#Rows=level.theme&Columns=…` */
function writeAddress(state) {
  const parts = [];
  const view = viewOf(state);
  const named = (list) => list.map((axis) => dimensions[axis].id).join(".");
  if (!view) parts.push(["Rows", named(state.rows)], ["Columns", named(state.columns)]);
  else if (view !== data.views[0]) parts.push(["View", view.id]);
  if (state.style !== "bubbles") parts.push(["Style", state.style]);
  if (state.parts !== null) parts.push(["Parts", dimensions[state.parts].id]);
  for (const [at, wanted] of state.asked) parts.push([dimensions[at].id, codeIds(at, wanted).join(",")]);
  for (const [name, key] of Object.entries(TYPED)) if (state[key]) parts.push([name, String(state[key])]);
  if (folds.size) parts.push(["Fold", [...folds].sort().join(",")]);
  if (state.cell) parts.push(["Cell", state.cell]);
  const written = (value) => encodeURIComponent(value).replace(/%2C/g, ",").replace(/%2F/g, "/");
  const hash = parts.map(([name, value]) => `${name}=${written(value)}`).join("&");
  history.replaceState(null, "", hash ? `#${hash}` : location.href.split("#")[0]);
}

/** Sets the form by the address; a name or code that is not known is passed over. */
function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  axes = givenAxes(given);
  choose("Style", given.get("Style") ?? "bubbles");
  const parts = dimensions.findIndex((one) => one.id === given.get("Parts"));
  form.elements.Parts.value = findAll("option", form.elements.Parts).some((one) => one.value === String(parts)) ? parts : "";
  folds = new Set((given.get("Fold") ?? "").split(",").filter(Boolean));
  for (const name of Object.keys(TYPED)) form.elements[name].value = given.get(name) ?? "";
  for (const box of boxes()) box.checked = (given.get(box.name) ?? "").split(",").includes(box.value);
  find("#filters").open ||= Boolean(boxes().some((box) => box.checked) || given.get("Words") || given.get("From") || given.get("To"));
  openCell = given.get("Cell");
}

function givenAxes(given) {
  const known = (name) => (given.get(name) ?? "").split(".").map((id) => dimensions.findIndex((one) => one.id === id));
  const own = { rows: known("Rows"), columns: known("Columns") };
  const all = [...own.rows, ...own.columns];
  if (!all.includes(-1) && all.length <= MOST_AXES && new Set(all).size === all.length) return own;
  return axesOf(data.views.find((view) => view.id === given.get("View")) ?? data.views[0]);
}

function choose(name, value) {
  const radio = findAll("input[type=radio]", form).find((one) => one.name === name && one.value === value);
  if (radio) radio.checked = true;
}

function boxes() {
  return findAll("input[type=checkbox]", form);
}

function clearFilters() {
  for (const box of boxes()) box.checked = false;
  for (const name of Object.keys(TYPED)) form.elements[name].value = "";
}

/** The filters in words: "Level: Family or Child; from 2000". */
function filtersInWords(state) {
  const parts = [...state.asked].map(([at, wanted]) => {
    const { label, codes } = dimensions[at];
    return `${label}: ${[...wanted].sort((a, b) => a - b).map((code) => codes[code].label).join(" or ")}`;
  });
  if (state.words) parts.push(`words: ${state.words}`);
  if (state.from) parts.push(`from ${state.from}`);
  if (state.to) parts.push(`to ${state.to}`);
  return parts.join("; ");
}
