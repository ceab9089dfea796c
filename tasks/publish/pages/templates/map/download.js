/* The studies that are listed, as files for a spreadsheet and for a reference manager. */

const RIS_TYPES = {
  article: "JOUR", chapter: "CHAP", book: "BOOK", report: "RPRT", thesis: "THES", conference: "CONF", webpage: "ELEC",
  dataset: "DATA",
};
const DOI = "https://doi.org/";

/** What is known of a study, from its item and from the columns. */
function record(study) {
  const item = items[study];
  const link = find("b > a", item)?.getAttribute("href") ?? "";
  const columns = Object.fromEntries(Object.entries(data.studies).map(([name, column]) => [name, column[study]]));
  return {
    ...columns,
    id: item.id,
    notice: find(".notice", item)?.textContent ?? "",
    kind: KINDS[columns.kind].replace("unstated", ""),
    type: data.types[columns.type],
    title: find("b", item).textContent,
    authors: find("p > i", item)?.textContent.split("; ") ?? [],
    journal: find("cite", item)?.textContent ?? "",
    doi: link.startsWith(DOI) ? decodeURIComponent(link.slice(DOI.length)) : "",
    link,
    synthetic: columns.synthetic === "1",
    texts: findAll("small", item).map((one) => one.textContent),
  };
}

function save(ending, text, type) {
  const made = document.createElement("a");
  made.href = URL.createObjectURL(new Blob([text], { type }));
  made.download = `${data.review}-${data.release}-studies.${ending}`;
  made.click();
  setTimeout(() => URL.revokeObjectURL(made.href), 1000);
}

/** A value of a CSV file. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvValue(value) {
  const text = String(value ?? "");
  const harmless = typeof value === "string" && /^\s*'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${harmless.replace(/"/g, '""')}"`;
}

function asCsv() {
  const coded = dimensions.map((_, at) => at).filter((at) => !dimensions[at].derived);
  const known = ["id", "kind", "notice", "authors", "year", "title", "journal", "volume", "issue", "pages", "doi", "link"];
  const head = ["study_id", ...known.slice(1), ...coded.map((at) => dimensions[at].label), ...data.texts, "synthetic"];
  const rows = listed.map((study) => {
    const one = record(study);
    const codes = data.codes[study].flat();
    return [
      ...known.map((name) => (name === "authors" ? one.authors.join("; ") : one[name])),
      ...coded.map((at) => labels(at, codes)),
      ...data.texts.map((label) => one.texts.find((text) => text.startsWith(`${label}: `))?.slice(label.length + 2)),
      one.synthetic,
    ];
  });
  return "\ufeff" + [head, ...rows].map((row) => row.map(csvValue).join(",")).join("\r\n") + "\r\n";
}

function asRis() {
  return listed.map((study) => {
    const one = record(study);
    const fields = [
      ["TY", RIS_TYPES[one.type] ?? "GEN"], ["ID", one.id], ...one.authors.map((author) => ["AU", author]), ["PY", one.year],
      ["TI", one.title], ["T2", one.journal], ["VL", one.volume], ["IS", one.issue], ["SP", one.pages], ["PB", one.publisher],
      ["DO", one.doi], ["UR", one.link], ["N1", one.notice],
      ["N1", one.synthetic ? "SYNTHETIC: made up, describes no real paper" : ""],
    ];
    const lines = fields.filter(([, value]) => value !== null && value !== "").map(([tag, value]) => `${tag}  - ${value}`);
    return [...lines, "ER  - ", ""].join("\r\n");
  }).join("\r\n");
}
