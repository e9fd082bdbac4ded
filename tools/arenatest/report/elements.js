// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

"use strict";

// What a test looks for: how often something went wrong.
document.documentElement.dataset.errors = "0";
function noteError() {
  const root = document.documentElement;
  root.dataset.errors = String(Number(root.dataset.errors) + 1);
}
window.addEventListener("error", noteError);

// Returns an element with attributes and children; text becomes a text node, so
// nothing in the data is ever read as HTML.
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "style") Object.assign(element.style, value);
    else if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function grouped(value) {
  return Number(value).toLocaleString("en-US");
}

function fixed(value, digits) {
  return Number(value).toLocaleString("en-US",
    { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function mebibytes(bytes, digits = 1) {
  return fixed(bytes / 1048576, digits);
}

function percent(part, whole) {
  return whole === 0 ? "-" : fixed(100 * part / whole, 2) + " %";
}

// Returns a table that scrolls by itself where it is too wide. Cells are text or
// nodes; `columns` are {head, kind} with the kind "text", "wrap" or none.
function makeTable(columns, rows, caption) {
  const head = make("tr", null, ...columns.map((column) =>
    make("th", { scope: "col", class: column.kind ? "text" : null }, column.head)));
  const body = make("tbody", null, ...rows.map((row) =>
    make("tr", { class: row.worse ? "worse" : null }, ...row.cells.map((cell, i) =>
      make("td", { class: columns[i].kind || null }, cell)))));
  const table = make("table", { "aria-label": caption }, make("thead", null, head), body);
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    table);
}

function makeDetails(summary, ...children) {
  return make("details", null, make("summary", null, summary), ...children);
}

// Items are {colour, text} with the name of a colour, and `mark` for a line.
function makeLegend(items) {
  return make("ul", { class: "legend" }, ...items.map((item) => {
    const swatch = make("span", { class: "swatch" + (item.mark ? " mark" : "") });
    swatch.style.background = item.other
      ? `linear-gradient(90deg, var(--${item.colour}) 50%, var(--${item.other}) 50%)`
      : `var(--${item.colour})`;
    return make("li", null, swatch, item.text);
  }));
}

function section(id) {
  return document.getElementById(id);
}
