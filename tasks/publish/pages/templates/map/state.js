/* What is shown: read from the form, kept in the address, and read back from it. Names of our own begin with a capital
   letter, which no id of a dimension can. */

const form = document.getElementById("controls");
const TYPED = { From: "from", To: "to", Words: "words" };

/** The open cell; it is in no control of the form. */
let openCell = null;

function readState() {
  const chosen = new FormData(form);
  const filters = new Map();
  data.dimensions.forEach((dimension, at) => {
    const wanted = new Set(chosen.getAll(dimension.id).map((id) => dimension.codes.findIndex((code) => code.id === id)));
    if (wanted.size) filters.set(at, wanted);
  });
  return {
    view: data.views.find((view) => view.id === chosen.get("View")) ?? data.views[0],
    style: chosen.get("Style") ?? "bubbles",
    from: Number(chosen.get("From")) || 0,
    to: Number(chosen.get("To")) || 0,
    words: (chosen.get("Words") ?? "").trim(),
    filters,
    cell: openCell,
  };
}

function filtered(state) {
  return Boolean(state.filters.size || state.from || state.to || state.words);
}

function codeIds(dimension, wanted) {
  return [...wanted].sort((a, b) => a - b).map((code) => data.dimensions[dimension].codes[code].id);
}

/** Whether filters on the axes' own dimensions leave in the row or column of a key. */
function leavesIn(state, axes, key) {
  if (!key) return true;
  return key.split(".").every((id, at) => {
    const wanted = state.filters.get(axes[at]);
    return !wanted || codeIds(axes[at], wanted).includes(id);
  });
}

/** `#View=level-theme&level=family,child&From=2000&Style=heat&Cell=family/mentors` */
function writeAddress(state) {
  const parts = [];
  if (state.view !== data.views[0]) parts.push(["View", state.view.id]);
  if (state.style !== "bubbles") parts.push(["Style", state.style]);
  for (const [at, wanted] of state.filters) parts.push([data.dimensions[at].id, codeIds(at, wanted).join(",")]);
  for (const [name, key] of Object.entries(TYPED)) if (state[key]) parts.push([name, String(state[key])]);
  if (state.cell) parts.push(["Cell", state.cell]);
  const written = (value) => encodeURIComponent(value).replace(/%2C/g, ",").replace(/%2F/g, "/");
  const hash = parts.map(([name, value]) => `${name}=${written(value)}`).join("&");
  history.replaceState(null, "", hash ? `#${hash}` : location.href.split("#")[0]);
}

/** Sets the form by the address; a name or code that is not known is passed over. */
function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  choose("View", given.get("View") ?? data.views[0].id);
  choose("Style", given.get("Style") ?? "bubbles");
  for (const name of Object.keys(TYPED)) form.elements[name].value = given.get(name) ?? "";
  for (const dimension of data.dimensions) {
    const wanted = (given.get(dimension.id) ?? "").split(",");
    for (const box of boxes(dimension.id)) box.checked = wanted.includes(box.value);
  }
  openCell = given.get("Cell");
}

function choose(name, value) {
  const radio = findAll("input[type=radio]", form).find((one) => one.name === name && one.value === value);
  if (radio) radio.checked = true;
}

function boxes(dimension) {
  return findAll("input[type=checkbox]", form).filter((box) => box.name === dimension);
}

function clearFilters() {
  for (const box of findAll("input[type=checkbox]", form)) box.checked = false;
  for (const name of Object.keys(TYPED)) form.elements[name].value = "";
}

/** The filters in words: "Level: Family or Child; from 2000". */
function filtersInWords(state) {
  const parts = [...state.filters].map(([at, wanted]) => {
    const { label, codes } = data.dimensions[at];
    return `${label}: ${[...wanted].sort((a, b) => a - b).map((code) => codes[code].label).join(" or ")}`;
  });
  if (state.words) parts.push(`words: ${state.words}`);
  if (state.from) parts.push(`from ${state.from}`);
  if (state.to) parts.push(`to ${state.to}`);
  return parts.join("; ");
}
