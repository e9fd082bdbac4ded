// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

"use strict";

// Pixels of a row of the block map, and of the numbers before it.
const kRowHeight = window.matchMedia("(pointer: coarse)").matches ? 20 : 15;
const kRowGap = 3;
const kGutter = 46;

// Returns what lies in a block from its first byte to its last.
function partsOf(block) {
  const parts = [];
  const shades = { plain: 0, aligned: 0 };
  let offset = 0;
  const add = (kind, bytes, more) => {
    if (bytes === 0) return;
    parts.push(Object.assign({ kind, offset, bytes }, more));
    offset += bytes;
  };
  const list = block.allocations;
  for (let i = 0; i < list.length; i += 3) {
    const alignment = list[i + 2];
    add("slop", list[i], { alignment });
    const name = alignment > 1 ? "aligned" : "plain";
    const colour = name + (shades[name]++ % 2 ? "-other" : "");
    add("allocation", list[i + 1], { alignment, slop: list[i], number: i / 3, colour });
  }
  add("tail", block.tail);
  add("unused", block.unused);
  return parts;
}

function describePart(block, part) {
  const at = `${grouped(part.bytes)} byte${part.bytes === 1 ? "" : "s"} at offset ` +
    grouped(part.offset);
  switch (part.kind) {
    case "slop":
      return `Slop: ${at}, skipped to align to ${part.alignment}`;
    case "tail":
      return `Tail: ${at}, left behind when the next block was taken`;
    case "unused":
      return `Not yet handed out: ${at}, the end of the current block`;
    default:
      return `Allocation ${part.number + 1} of ${block.allocations.length / 3}: ${at}, ` +
        (part.alignment > 1 ? `aligned to ${part.alignment}` : "no alignment asked for") +
        (part.slop ? `, ${part.slop} bytes of slop before it` : "");
  }
}

function describeBlock(block, number) {
  return `Block ${grouped(number)}: ${block.dedicated ? "dedicated" : "standard"}, ` +
    `${grouped(block.bytes)} bytes`;
}

// The blocks of one arena as rows on a canvas that stays in view, of which only
// those in view are drawn: hundreds of blocks cost no more than a screenful.
class BlockMap {
  constructor(place) {
    this.pointed = make("p", { class: "pointed", "aria-live": "polite" });
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.filler = make("div");
    this.view = make("div", { class: "map", tabindex: "0", role: "application",
      "aria-roledescription": "block map", "aria-label": "Blocks of the arena; the arrow keys " +
      "move from part to part and from block to block" }, this.canvas, this.filler);
    this.tip = make("div", { class: "tip", hidden: "", "aria-hidden": "true" });
    place.append(this.pointed, this.view, this.tip);
    this.view.addEventListener("scroll", () => this.draw());
    this.view.addEventListener("pointermove", (event) => this.point(event));
    this.view.addEventListener("pointerdown", (event) => this.point(event));
    this.view.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    this.view.addEventListener("keydown", (event) => this.key(event));
    this.view.addEventListener("blur", () => { this.tip.hidden = true; });
    new ResizeObserver(() => this.resize()).observe(this.view);
  }

  show(map) {
    this.map = map;
    this.blocks = map.blocks;
    this.parts = this.blocks.map(() => null);
    this.row = 0;
    this.part = 0;
    this.view.scrollTop = 0;
    this.tip.hidden = true;
    this.pointed.replaceChildren("Point at a block, or move with the arrow keys: what lies " +
      "there is said here.");
    this.marked = false;
    this.resize();
  }

  partsAt(row) {
    if (!this.parts[row]) this.parts[row] = partsOf(this.blocks[row]);
    return this.parts[row];
  }

  // The canvas is as large as the view, and the filler makes up the height that
  // all rows would have.
  resize() {
    if (!this.map) return;
    this.width = this.view.clientWidth;
    this.height = this.view.clientHeight;
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * scale);
    this.canvas.height = Math.round(this.height * scale);
    this.canvas.style.width = this.width + "px";
    this.canvas.style.height = this.height + "px";
    const all = this.blocks.length * (kRowHeight + kRowGap) + kRowGap;
    this.filler.style.height = Math.max(0, all - this.height) + "px";
    this.draw();
  }

  // Bytes to pixels in a row. A dedicated block that is larger than a standard
  // one is drawn as wide as that.
  scaleOf(block) {
    return (this.width - kGutter - 6) / Math.max(block.bytes, this.map.block_bytes);
  }

  draw() {
    if (!this.map) return;
    const ctx = this.canvas.getContext("2d");
    const scale = this.canvas.width / this.width;
    const colours = Object.fromEntries(["plain", "plain-other", "aligned", "aligned-other",
      "slop", "tail", "unused", "muted", "ink", "paper", "focus"]
      .map((name) => [name, colour(name)]));
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.fillStyle = colours.paper;
    ctx.fillRect(0, 0, this.width, this.height);
    const step = kRowHeight + kRowGap;
    const first = Math.floor(this.view.scrollTop / step);
    const last = Math.min(this.blocks.length, first + Math.ceil(this.height / step) + 1);
    for (let row = first; row < last; ++row) {
      this.drawRow(ctx, row, kRowGap + row * step - this.view.scrollTop, colours);
    }
  }

  drawRow(ctx, row, top, colours) {
    const block = this.blocks[row];
    const scale = this.scaleOf(block);
    ctx.fillStyle = colours.muted;
    ctx.font = "11px " + getComputedStyle(document.body).fontFamily;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText((block.dedicated ? "D " : "") + row, kGutter - 6, top + kRowHeight / 2 + 0.5);
    const parts = this.partsAt(row);
    parts.forEach((part, i) => {
      ctx.fillStyle = colours[part.colour || part.kind];
      const left = kGutter + part.offset * scale;
      // What is too small to be seen is drawn a little over what follows it.
      ctx.fillRect(left, top, Math.max(part.bytes * scale, 1), kRowHeight);
      if (part.kind === "tail") this.drawTail(ctx, left, top, part.bytes * scale, colours);
      if (this.marked && row === this.row && i === this.part) this.markAt = [left, part];
    });
    if (this.marked && row === this.row) {
      const [left, part] = this.markAt;
      ctx.strokeStyle = colours.ink;
      ctx.lineWidth = 2;
      ctx.strokeRect(left - 1, top - 1, Math.max(part.bytes * scale, 3) + 2, kRowHeight + 2);
    }
  }

  // Tails are striped too, for those who do not tell the colours apart.
  drawTail(ctx, left, top, width, colours) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, kRowHeight);
    ctx.clip();
    ctx.strokeStyle = colours.paper;
    ctx.lineWidth = 1;
    for (let x = left - kRowHeight; x < left + width; x += 5) {
      ctx.beginPath();
      ctx.moveTo(x, top + kRowHeight);
      ctx.lineTo(x + kRowHeight, top);
      ctx.stroke();
    }
    ctx.restore();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const y = event.clientY - box.top + this.view.scrollTop - kRowGap;
    const row = Math.floor(y / (kRowHeight + kRowGap));
    if (row < 0 || row >= this.blocks.length) return;
    const byte = (event.clientX - box.left - kGutter) / this.scaleOf(this.blocks[row]);
    const part = this.partAt(row, byte);
    if (part < 0) {
      this.tip.hidden = true;
      return;
    }
    this.mark(row, part);
    this.showTip(event.clientX, event.clientY);
  }

  // Returns which part a place is in. One of a few bytes may be narrower than a
  // pixel, so the nearest slop within a pixel and a half is preferred.
  partAt(row, byte) {
    const parts = this.partsAt(row);
    const near = 1.5 / this.scaleOf(this.blocks[row]);
    const slop = parts.findIndex((part) => part.kind === "slop" && part.bytes < near &&
      byte >= part.offset - near / 2 && byte < part.offset + near);
    if (slop >= 0) return slop;
    return parts.findIndex((part) => byte >= part.offset && byte < part.offset + part.bytes);
  }

  mark(row, part) {
    this.row = row;
    this.part = part;
    this.marked = true;
    const block = this.blocks[row];
    const told = this.partsAt(row)[part];
    this.pointed.replaceChildren(make("strong", null, describeBlock(block, row)), make("br"),
      describePart(block, told));
    this.view.dataset.row = String(row);
    this.view.dataset.kind = told.kind;
    this.draw();
  }

  showTip(x, y) {
    const block = this.blocks[this.row];
    this.tip.textContent = describeBlock(block, this.row) + "\n" +
      describePart(block, this.partsAt(this.row)[this.part]);
    this.tip.hidden = false;
    const { width, height } = this.tip.getBoundingClientRect();
    const left = Math.min(x + 14, document.documentElement.clientWidth - width - 6);
    const top = y + 18 + height > window.innerHeight ? y - height - 10 : y + 18;
    this.tip.style.left = Math.max(6, left) + "px";
    this.tip.style.top = Math.max(6, top) + "px";
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.height / (kRowHeight + kRowGap)) - 1);
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
      PageUp: [-page, 0], PageDown: [page, 0], Home: [-Infinity, 0], End: [Infinity, 0] };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.tip.hidden = true;
    if (!this.marked) this.mark(this.row, 0);
    else this.moveBy(move[0], move[1]);
    this.bringIntoView();
  }

  // To the side from part to part, over the ends of rows; up and down to the
  // part at the same place.
  moveBy(rows, parts) {
    if (rows !== 0) {
      const row = Math.min(Math.max(this.row + rows, 0), this.blocks.length - 1);
      const here = this.partsAt(this.row)[this.part];
      this.mark(row, Math.max(0, this.partAt(row, here.offset)));
      return;
    }
    let row = this.row;
    let part = this.part + parts;
    if (part < 0 && row > 0) part = this.partsAt(--row).length - 1;
    else if (part >= this.partsAt(row).length && row + 1 < this.blocks.length) {
      ++row;
      part = 0;
    }
    this.mark(row, Math.min(Math.max(part, 0), this.partsAt(row).length - 1));
  }

  bringIntoView() {
    const step = kRowHeight + kRowGap;
    const top = this.row * step;
    if (top < this.view.scrollTop) this.view.scrollTop = top;
    const below = top + step + kRowGap - this.height;
    if (below > this.view.scrollTop) this.view.scrollTop = below;
  }
}

let blockMap = null;

function showMaps(maps) {
  const place = section("map");
  const choose = make("select", { id: "map-arena" }, ...maps.map((map, i) =>
    make("option", { value: String(i) }, map.workload)));
  const shown = make("span", { class: "muted" });
  place.append(
    make("p", null, "A row is a block of a real arena, from its first byte to its last, in the " +
      "order they were taken; each stripe is an allocation, in two shades so that neighbours " +
      "can be told apart. ", make("kbd", null, "←"), " ", make("kbd", null, "→"), " ",
    make("kbd", null, "↑"), " ", make("kbd", null, "↓"), " move about in it. D marks a " +
      "dedicated block; one larger than a standard block is drawn as wide as that."),
    make("div", { class: "choose" }, make("label", { for: "map-arena" }, "Workload"), choose,
      shown),
    makeLegend([{ colour: "plain", other: "plain-other", text: "allocations" },
      { colour: "aligned", other: "aligned-other", text: "aligned allocations" },
      { colour: "slop", text: "slop" }, { colour: "tail", text: "tail, striped" },
      { colour: "unused", text: "not yet handed out" }]));
  blockMap = new BlockMap(place);
  const show = () => {
    const map = maps[Number(choose.value)];
    shown.textContent = `${map.meaning}; the first ${grouped(map.blocks.length)} of ` +
      `${grouped(map.totals.blocks)} blocks are shown`;
    blockMap.show(map);
  };
  choose.addEventListener("change", show);
  show();
}
