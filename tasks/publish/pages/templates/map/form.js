/* The parts of the form that follow from the codebook: what may stand on rows and columns, and what can be filtered. */

const PATTERNS = 8;
const PLACES = [["rows", "Rows"], ["columns", "Columns"]];

/** A select for each axis there is, and one for a further one; the first of rows and of columns cannot be left empty. */
function drawAxes() {
  const { rows, columns } = axes;
  const room = rows.length + columns.length < MOST_AXES;
  const made = PLACES.map(([place, legend]) => {
    const selects = [...axes[place], ...(room ? [null] : [])].map((chosen, at) => axisSelect(place, at, chosen, legend));
    return element("fieldset", "axis", element("legend", "", legend), element("div", "selects", ...selects));
  });
  document.getElementById("axes").replaceChildren(...made);
  const view = viewOf(axes);
  for (const radio of findAll("input[name=View]", form)) radio.checked = radio.value === view?.id;
}

function axisSelect(place, at, chosen, legend) {
  const select = setAll(element("select", ""), { name: `${legend}${at + 1}`, "aria-label": at ? `${legend}, then by` : legend });
  if (at) select.append(new Option(chosen === null ? "then by …" : "– leave out –", ""));
  dimensions.forEach((dimension, position) => select.append(new Option(dimension.label, position)));
  select.value = chosen ?? "";
  select.addEventListener("change", () => {
    putOn(place, at, select.value === "" ? null : Number(select.value));
    openCell = null;
    folds.clear();
    drawAxes();
    refresh();
    find(`[name=${legend}${Math.min(at, axes[place].length - 1) + 1}]`, form).focus();
  });
  return select;
}

/** Puts a dimension on an axis. If it stands elsewhere already, the two change places. */
function putOn(place, at, dimension) {
  const before = axes[place][at];
  for (const [other] of PLACES) {
    const there = axes[other].indexOf(dimension);
    if (dimension !== null && there >= 0) {
      if (before === undefined && axes[other].length === 1) return; // it cannot leave an axis without any
      if (before === undefined) axes[other].splice(there, 1);
      else axes[other][there] = before;
    }
  }
  if (dimension === null) axes[place].splice(at, 1);
  else axes[place][Math.min(at, axes[place].length)] = dimension;
}

/** What segments may show: the kinds, or a dimension that has no more codes than there are patterns. */
function drawParts() {
  const select = form.elements.Parts;
  dimensions.forEach(({ codes, label }, at) => {
    if (codes.length <= PATTERNS) select.append(new Option(label, at));
  });
}

function drawFilters() {
  for (const { id, label, codes, derived } of dimensions) {
    if (derived) continue; // years are filtered by the year itself
    const labels = codes.map((code) =>
      element("label", "", setAll(element("input", ""), { type: "checkbox", name: id, value: code.id }), ` ${code.label}`),
    );
    find(".filters").append(element("fieldset", "", element("legend", "", label), ...labels));
  }
}
