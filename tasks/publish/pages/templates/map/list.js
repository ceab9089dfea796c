/* The list of studies under the table: those of the open cell, or all that pass the filters. */

const PAGE = 25;
const TYPE_WORDS = { article: "", chapter: "book chapter", conference: "conference paper", webpage: "web page", other: "" };
const list = document.getElementById("list");
let listed = [];
let listedTo = 0;

function drawList(state, found) {
  const cell = nodesOf(state, state.cell);
  listed = cell ? studiesAt(state, found, ...cell) : found.map((one) => one.study);
  const where = cell ? `: ${cellInWords(state, ...cell)}` : filtered(state) ? " shown" : " on the map";
  const words = told(tally(listed));
  document.getElementById("studies-heading").textContent = words[0].toUpperCase() + words.slice(1) + where;
  const nothing = document.getElementById("nothing");
  nothing.hidden = listed.length > 0;
  nothing.textContent = reasonForNothing(state);
  document.getElementById("back").hidden = document.getElementById("all").hidden = !cell;
  document.getElementById("csv").hidden = document.getElementById("ris").hidden = !listed.length;
  list.replaceChildren();
  listedTo = 0;
  listFurther(PAGE);
}

function reasonForNothing(state) {
  if (filtered(state)) return "No study here passes the filters.";
  const [row, column] = nodesOf(state, state.cell) ?? [0, 0];
  const said = EMPTY[emptiness(state, countAll(state), row, column)].meaning(never(state, row, column)?.why);
  return `${said[0].toUpperCase()}${said.slice(1)}.`;
}

function listFurther(upTo) {
  const start = listedTo;
  listedTo = Math.min(listed.length, start + upTo);
  list.append(...listed.slice(start, listedTo).map(itemOf));
  const further = document.getElementById("further");
  further.hidden = listedTo === listed.length;
  const left = listed.length - listedTo;
  further.textContent = left > PAGE ? `Show ${PAGE} of ${number(left)} more` : `Show ${left} more`;
  return list.children[start];
}

/** The study's item of the page; once it has been listed, with where it was published, and its codes. */
function itemOf(study) {
  const item = items[study];
  if (item.querySelector(".codes")) return item;
  const { volume, issue, pages, publisher, type } = record(study);
  const number = issue ? `(${issue})` : "";
  const place = volume ? `${volume}${number}${pages ? `: ${pages}` : ""}` : find("cite", item) ? "" : publisher;
  const more = [place, TYPE_WORDS[type] ?? type].filter(Boolean).join(". ");
  find("p", item).append(more && ` ${more}`);
  if (data.studies.synthetic[study] === "1") item.prepend(element("span", "badge", "made up"));
  item.append(...codeLines(study));
  return item;
}

/** Codes as they belong together: first those of the study as a whole, then a line for each group. */
function codeLines(study) {
  return data.codes[study].filter((codes) => codes.length).map((codes) => {
    const told = dimensions.map((dimension, at) => [dimension, labels(at, codes)]).filter(([{ derived }, said]) => said && !derived);
    return element("p", "codes", told.map(([{ label }, said]) => `${label}: ${said}`).join(" · "));
  });
}

/** The names of those codes that are of one dimension, in the codebook's order; a wider code is said by the one within it. */
function labels(dimension, codes) {
  const here = codes.map((at) => places[at]).filter((place) => place.dimension === dimension).map((place) => place.code);
  const named = dimensions[dimension].codes;
  const wider = new Set(here.map((code) => named[code].within));
  return [...new Set(here)].filter((code) => !wider.has(code)).sort((a, b) => a - b).map((code) => named[code].label).join(", ");
}
