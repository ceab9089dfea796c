/* The studies that are listed, as files for a spreadsheet and for a reference manager. */

const RIS_TYPES = {
  article: "JOUR", chapter: "CHAP", book: "BOOK", report: "RPRT", thesis: "THES", conference: "CONF", webpage: "ELEC",
  dataset: "DATA",
};

const RIS_FIELDS = {
  PY: "year", TI: "title", T2: "journal", VL: "volume", IS: "issue", SP: "pages", PB: "publisher", DO: "doi", UR: "link",
};

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
  const harmless = typeof value === "string" && /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replace(/"/g, '""')}"`;
}

function asCsv() {
  const { id, reference, kind, authors, year, title, journal, doi, link, synthetic } = data.studies;
  const labelsOf = [...new Set(data.texts.label)];
  const coded = data.dimensions.map((one) => one.label);
  const known = ["study_id", "reference", "kind", "authors", "year", "title", "journal", "doi", "link"];
  const head = [...known, ...coded, ...labelsOf, "synthetic"];
  const rows = listed.map((study) => [
    ...[id, reference, kind].map((column) => column[study]),
    authors[study].join("; "),
    ...[year, title, journal, doi, link].map((column) => column[study]),
    ...data.dimensions.map((_, dimension) => labels(dimension, codes[study])),
    ...labelsOf.map((label) => texts[study].filter((one) => one.label === label).map((one) => one.text).join("; ")),
    synthetic[study],
  ]);
  return "\ufeff" + [head, ...rows].map((row) => row.map(csvValue).join(",")).join("\r\n") + "\r\n";
}

function asRis() {
  const column = data.studies;
  return listed.map((study) => {
    const fields = [
      ["TY", RIS_TYPES[column.type[study]] ?? "GEN"],
      ["ID", column.id[study]],
      ...column.authors[study].map((author) => ["AU", author]),
      ...Object.entries(RIS_FIELDS).map(([tag, name]) => [tag, column[name][study]]),
      ["N1", column.synthetic[study] ? "SYNTHETIC: made up, describes no real paper" : ""],
    ];
    const lines = fields.filter(([, value]) => value !== null && value !== "").map(([tag, value]) => `${tag}  - ${value}`);
    return [...lines, "ER  - ", ""].join("\r\n");
  }).join("\r\n");
}
