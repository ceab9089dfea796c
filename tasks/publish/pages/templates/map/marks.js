/* What stands in a cell: a number always, and round or behind it a mark that shows how large it is; and the key to the marks. */

const SVG = "http://www.w3.org/2000/svg";
const LARGEST = 21; // radius of the largest bubble in px
const ROUND = 5; // px that the smallest bubble has round its number, which takes PER_DIGIT a digit
const PER_DIGIT = 4;

function markOf({ state, most }, cell, count, inner) {
  const mark = element("span", "mark");
  const text = number(count.primary);
  if (inner && count.primary && state.style === "heat") cell.classList.add(`heat-${heatOf(count.primary, most)}`);
  if (inner && count.primary && state.style === "bubbles") {
    mark.append(bubble(Math.max(ROUND + PER_DIGIT * text.length, LARGEST * Math.sqrt(count.primary / most))));
  }
  mark.append(element("span", "n", text));
  return mark;
}

function heatOf(n, most) {
  return Math.ceil((data.heats * n) / most);
}

function bubble(radius) {
  const r = Math.round(radius * 10) / 10;
  const made = (name, attributes) => setAll(document.createElementNS(SVG, name), attributes);
  const svg = made("svg", { class: "bubble", width: 2 * r, height: 2 * r, "aria-hidden": "true" });
  svg.append(made("circle", { cx: r, cy: r, r: r - 0.5 }));
  return svg;
}

/** What marks and words mean, and how many gaps there are among the cells that are shown. */
function drawKey({ state, all, columns, most }, rows) {
  const cells = rows.flatMap((row) => columns.map((column) => countAt(all, row, column)));
  const lines = [];
  if (state.style === "bubbles") lines.push(`The larger the bubble, the more primary studies (most in a cell: ${number(most)}).`);
  if (state.style === "heat") lines.push(heatKey(most));
  if (cells.some((count) => !count.all)) lines.push(emptyKey());
  if (cells.some((count) => count.ungrouped)) {
    lines.push("† among them studies whose codes are tied together only by being coded in the same study");
  }
  lines.push(gapsInWords(cells, filtered(state)));
  document.getElementById("key").replaceChildren(...lines.map((line) => element("li", "", line)));
}

function heatKey(most) {
  const key = element("span", "");
  for (let n = 1; n <= data.heats; n += 1) {
    const [low, high] = [Math.floor((most * (n - 1)) / data.heats) + 1, Math.floor((most * n) / data.heats)];
    if (high >= low) key.append(element("span", `swatch heat-${n}`), `${low}${high > low ? `–${high}` : ""}\u2002`);
  }
  key.append("primary studies");
  return key;
}

function emptyKey() {
  const meaning = data.complete
    ? "none: no study found, and every included study is coded"
    : `none yet: ${counted(data.uncoded, "included study still waits", "included studies still wait")} to be coded`;
  return element("span", "", element("span", `swatch ${data.complete ? "none_found" : "not_yet_coded"}`), meaning);
}

function gapsInWords(cells, filters) {
  const absolute = cells.filter((count) => !count.all).length;
  const synthesis = data.reviews ? cells.filter((count) => count.primary && !count.review).length : 0;
  const without = synthesis ? `, ${number(synthesis)} with primary studies but no review` : "";
  return `Gaps: ${counted(absolute, "cell", "cells")} without any study${without}${filters ? ", before filters" : ""}.`;
}

/** A label with soft hyphens in its long words: a rough rule for English, for narrow heads. */
function breakable(label) {
  const syllable = /(?<=[a-z]{3})(?<=[aeiouy])([b-df-hj-np-tv-xz]?)(?=[b-df-hj-np-tv-xz][aeiouy][a-z])/gi;
  return label.split(" ").map((word) => (word.length > 8 ? word.replace(syllable, "$1\u00ad") : word)).join(" ");
}
