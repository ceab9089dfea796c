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
  const parts = state.style === "segments" ? partsOf(state, count).filter(({ n }) => n) : [];
  return parts.length ? [mark, ...segments(parts, inner ? count.primary / most : 1)] : [mark];
}

/** What a cell is divided into: its kinds of study, or its primary studies by the codes of one more dimension. */
function partsOf(state, count) {
  if (state.parts === null) {
    return ["Primary", "Reviews", "Ongoing"].map((label, at) => ({ label, at, n: count[KINDS[at]] }));
  }
  return dimensions[state.parts].codes.map(({ label }, at) => ({ label, at, n: count.parts[at] }));
}

function partsInWords(state, count) {
  if (state.style !== "segments" || state.parts === null) return [];
  return partsOf(state, count).filter(({ n }) => n).map(({ label, n }) => `${label}: ${number(n)}`);
}

/** A bar whose parts are told apart by their patterns, and below it the number of each. */
function segments(parts, share) {
  const bar = element("span", "bar-of-parts", ...parts.map(({ at, n }) => {
    const part = element("span", `part part-${at}`);
    part.style.flexGrow = n;
    return part;
  }));
  bar.style.width = `${Math.round(30 + 65 * Math.sqrt(share))}%`;
  const numbers = parts.map(({ at, n }) => element("span", "", element("i", `part part-${at}`), number(n)));
  return [bar, element("span", "numbers-of-parts", ...numbers)];
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
  const cells = rows.flatMap((row) => columns.map((column) => {
    const count = countAt(all, row, column);
    const empty = count.all ? null : emptiness(state, all, row, column);
    return { ...count, empty, by: empty && never(state, row, column) };
  }));
  const lines = [];
  if (state.style === "bubbles") lines.push(`The larger the bubble, the more primary studies (most in a cell: ${number(most)}).`);
  if (state.style === "heat") lines.push(heatKey(most));
  if (state.style === "segments") lines.push(...partsKey(state));
  for (const reason of Object.keys(EMPTY)) if (cells.some(({ empty }) => empty === reason)) lines.push(emptyKey(reason));
  for (const one of data.never) if (cells.some(({ by }) => by === one)) lines.push(`n/a, ${one.words}: ${one.why}`);
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

function emptyKey(reason) {
  return element("span", "", element("span", `swatch ${reason}`), EMPTY[reason].word, ": ", EMPTY[reason].meaning());
}

function partsKey(state) {
  const parts = partsOf(state, { parts: [] }).map(({ label, at }) => element("span", "", element("span", `swatch part part-${at}`), label));
  if (state.parts !== null) parts.push("of the primary studies; one can have several, so parts do not add up");
  return parts;
}

function gapsInWords(cells, filters) {
  const absolute = cells.filter(({ empty }) => empty && empty !== "not_applicable").length;
  const synthesis = data.reviews ? cells.filter((count) => count.primary && !count.review).length : 0;
  const without = synthesis ? `, ${number(synthesis)} with primary studies but no review (synthesis gaps)` : "";
  return `Gaps: ${counted(absolute, "cell", "cells")} without any study${without}${filters ? ", before filters" : ""}.`;
}

/** A label with soft hyphens in its long words: a rough rule for English, for narrow heads. */
function breakable(label) {
  const syllable = /(?<=[a-z]{3})(?<=[aeiouy])([b-df-hj-np-tv-xz]?)(?=[b-df-hj-np-tv-xz][aeiouy][a-z])/gi;
  return label.split(" ").map((word) => (word.length > 8 ? word.replace(syllable, "$1\u00ad") : word)).join(" ");
}
