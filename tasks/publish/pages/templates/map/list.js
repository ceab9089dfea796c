/* The list of studies under the table: those of the open cell, or all that pass the filters. */

const PAGE = 25;
const TYPE_WORDS = { chapter: "book chapter", conference: "conference paper", webpage: "web page", other: "" };
let listed = [];
let listedTo = 0;

function drawList(state, found, counts) {
  const count = state.cell ? (counts.get(state.cell) ?? noCount()) : tally(found.map((one) => one.study));
  listed = [...count.studies].sort((a, b) => a - b);
  const where = state.cell ? `: ${cellInWords(state.view, state.cell)}` : filtered(state) ? " shown" : " on the map";
  const words = told(count);
  document.getElementById("studies-heading").textContent = words[0].toUpperCase() + words.slice(1) + where;
  const nothing = document.getElementById("nothing");
  nothing.hidden = listed.length > 0;
  nothing.textContent = reasonForNothing(state);
  document.getElementById("back").hidden = document.getElementById("all").hidden = !state.cell;
  document.getElementById("csv").hidden = document.getElementById("ris").hidden = !listed.length;
  document.getElementById("list").replaceChildren();
  listedTo = 0;
  listFurther(PAGE);
}

function reasonForNothing(state) {
  if (filtered(state)) return "No study here passes the filters.";
  return data.complete
    ? "The searches found no study for this cell, and every included study has been coded."
    : "No study so far. Some included studies still wait to be coded, so one may yet appear.";
}

function listFurther(upTo) {
  const list = document.getElementById("list");
  const start = listedTo;
  listedTo = Math.min(listed.length, start + upTo);
  list.append(...listed.slice(start, listedTo).map(studyItem));
  const further = document.getElementById("further");
  further.hidden = listedTo === listed.length;
  const left = listed.length - listedTo;
  further.textContent = left > PAGE ? `Show ${PAGE} of ${left.toLocaleString("en-GB")} more` : `Show ${left} more`;
  return list.children[start];
}

function studyItem(study) {
  const one = Object.fromEntries(Object.entries(data.studies).map(([name, column]) => [name, column[study]]));
  const title = element("span", "title", one.title || "Untitled");
  title.dir = "auto";
  const head = element("p", "");
  if (one.kind !== "primary") head.append(element("span", "badge", one.kind ?? "kind not stated"));
  if (one.synthetic) head.append(element("span", "badge", "made up"));
  head.append(one.link && /^https?:\/\//.test(one.link) ? link(one.link, title) : title);
  const authors = one.authors.length > 6 ? [...one.authors.slice(0, 6), "et al."] : one.authors;
  const number = one.issue ? `(${one.issue})` : "";
  const issue = one.volume ? ` ${one.volume}${number}${one.pages ? `: ${one.pages}` : ""}` : "";
  const who = `${authors.join("; ") || "No author given"} (${one.year ?? "no date"})`;
  const by = [who, one.journal ? one.journal + issue : one.publisher, TYPE_WORDS[one.type] ?? one.type];
  const line = element("p", "by", by.filter(Boolean).join(". "));
  line.dir = "auto";
  const told = texts[study].map(({ label, text }) => element("p", "codes", `${label}: ${text}`));
  return element("li", "", head, line, ...told, ...codeLines(study));
}

function link(address, child) {
  const made = element("a", "", child);
  made.href = address;
  made.rel = "noreferrer noopener";
  return made;
}

/** Codes as they belong together: first those of the study as a whole, then a line for each group. */
function codeLines(study) {
  const numbers = [...new Set(codes[study].map((row) => row.group))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const rows = codes[study].filter((row) => row.group === number);
    const dimensions = [...new Set(rows.map((row) => row.dimension))].sort((a, b) => a - b);
    const said = dimensions.map((dimension) => `${data.dimensions[dimension].label}: ${labels(dimension, rows)}`);
    return element("p", "codes", said.join(" · "));
  });
}

/** The names of the codes of one dimension among rows of codes, in the codebook's order. */
function labels(dimension, rows) {
  const here = new Set(rows.filter((row) => row.dimension === dimension).map((row) => row.code));
  return data.dimensions[dimension].codes.filter((_, code) => here.has(code)).map((code) => code.label).join(", ");
}
