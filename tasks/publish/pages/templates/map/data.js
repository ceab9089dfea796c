"use strict";
/* The data of the page: studies, codes and views, a column at a time. Things are called by their position. */

const data = JSON.parse(document.getElementById("data").textContent);
const studies = data.studies.id.map((_, study) => study);

/** Free text of each study: what coders wrote in their own words. */
const texts = studies.map(() => []);
data.texts.study.forEach((study, at) => texts[study].push({ label: data.texts.label[at], text: data.texts.text[at] }));

/** Codes of each study: dimension, code, and the group that they belong to. */
const codes = studies.map(() => []);
data.codes.study.forEach((study, at) => {
  const { group, dimension, code } = data.codes;
  codes[study].push({ group: group[at], dimension: dimension[at], code: code[at] });
});

function find(selector, within = document) {
  return within.querySelector(selector);
}

function findAll(selector, within = document) {
  return [...within.querySelectorAll(selector)];
}

/** An element with a class and children; text is only ever text. */
function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

/** `1 review`, `2 reviews`. */
function counted(n, one, many) {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}

/** A count in words: the kinds side by side, never as a sum. */
function told(count) {
  const parts = [];
  if (count.primary) parts.push(counted(count.primary, "primary study", "primary studies"));
  if (count.review) parts.push(counted(count.review, "review", "reviews"));
  if (count.ongoing) parts.push(counted(count.ongoing, "ongoing study", "ongoing studies"));
  if (count.unstated) parts.push(counted(count.unstated, "study of no stated kind", "studies of no stated kind"));
  return parts.join(", ") || "no studies";
}
