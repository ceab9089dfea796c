"use strict";
/* What the page knows. Each study stands once in the page, in the list under the table: its title, link and authors are read
   from there. The rest is columns of the data, one value a study. A code is called by its place among the codes of all
   dimensions; a dimension, and a code within it, by its position. */

const data = JSON.parse(document.getElementById("data").textContent);
const { dimensions } = data;
const items = [...document.querySelectorAll("#list > li")];
const said = items.map((item) => item.textContent); // before anything is added to what a study says of itself
const studies = items.map((_, study) => study);
const places = dimensions.flatMap(({ codes }, dimension) => codes.map((_, code) => ({ dimension, code })));

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

function setAll(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function number(n) {
  return n.toLocaleString("en-GB");
}

/** `1 review`, `2 reviews`. */
function counted(n, one, many) {
  return `${number(n)} ${n === 1 ? one : many}`;
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
