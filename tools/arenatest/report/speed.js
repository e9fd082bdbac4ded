// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

"use strict";

const kInfinite = 1e4;

const kWork = {
  warm: "arenas of so many allocations, memory warm",
  cursor: "the same through a cursor",
  tiny: "arenas of 10 allocations",
  scratch: "a request's scratch arena",
  churn: "arenas made, filled and dropped",
  fresh: "the first arena in a process",
  again: "the next arena, memory recycled",
  rotate: "memtables made, filled and dropped",
  big: "entries above a quarter block",
  teardown: "dropping a full arena",
  tail: "the slowest single calls",
  footprint: "resident memory of full arenas",
  db: "a LevelDB database",
};

function nameOf(row) {
  return `${row.row} ${row.size}` + (row.figure === "ns" ? "" : ` ${row.figure}`);
}

// Returns a ratio so that above 1 ours is better, and null if it is none. Of
// footprints the benchmark's own ratio is ours over the peer's.
function advantage(row, ratio, target) {
  if (!ratio) return null;
  const inverse = row.judged === "smaller";
  const turned = (value) => {
    if (value === null) return inverse ? 1 / kInfinite : kInfinite;
    return inverse ? 1 / value : value;
  };
  const ends = [turned(ratio.low), turned(ratio.high)].sort((a, b) => a - b);
  const median = turned(ratio.median);
  return { median, low: ends[0], high: ends[1], infinite: median >= kInfinite,
    target: target ? turned(target) : 0 };
}

function peersOf(row) {
  return Object.entries(row.peers)
    .filter(([peer]) => peer !== "leveldb-again")
    .map(([peer, ratio]) => {
      const targets = { leveldb: row.leveldb_target, [row.best_other]: row.other_target };
      const wanted = row.judged === "told" ? 0 : targets[peer] || 0;
      return { peer, ratio: advantage(row, ratio, wanted) };
    })
    .sort((a, b) => b.ratio.median - a.ratio.median);
}

function isWorse(peers) {
  return peers.some(({ ratio }) => ratio.median < 1);
}

function barColour(ratio, peer) {
  if (ratio && ratio.median < 1) return colour("worse");
  return colour(peer === "leveldb" ? "ours" : "ours-soft");
}

function ratioChart(labels, datasets, titles) {
  const ratios = datasets.flatMap((dataset) => dataset.ratios).filter(Boolean);
  const least = Math.min(1, ...ratios.map((ratio) => ratio.low));
  const most = Math.max(1, ...ratios.map((ratio) => Math.max(ratio.high, ratio.target)));
  return {
    type: "bar",
    plugins: [ratioMarks],
    data: { labels, datasets },
    options: {
      indexAxis: "y",
      // Room for the figures behind the bars.
      layout: { padding: { right: 50 } },
      scales: {
        x: ratioAxis(least, most),
        y: axis("", { grid: { display: false, borderColor: colour("line") },
          ticks: { autoSkip: false, color: colour("ink") } }),
      },
      plugins: {
        legend: { display: false },
        tooltip: tooltip({ label: (item) =>
          ratioSentence(item.dataset.ratios[item.dataIndex], titles(item)) }),
      },
    },
  };
}

function ratioSentence(ratio, peer) {
  const range = `(${fixed(ratio.low, 2)} to ${fixed(ratio.high, 2)})`;
  const lines = [`${peer}: ${ratioText(ratio)} ${range}`,
    ratio.median < 1 ? "the peer does better" : "this arena does better or as well"];
  if (ratio.target) lines.push(`wanted: ${fixed(ratio.target, 2)}`);
  return lines;
}

function dataset(ratios, colours, more) {
  return Object.assign({
    data: ratios.map((ratio) => ratio && [1, ratio.median]),
    ratios,
    backgroundColor: colours,
    maxBarThickness: 14,
    minBarLength: 2,
  }, more);
}

function showOverview(place, rows) {
  if (!hasCharts) return;
  place.append(makeLegend([{ colour: "ours", text: "over LevelDB's arena" },
    { colour: "ours-soft", text: "over the best other peer" },
    { colour: "worse", text: "▼ the peer does better" },
    { colour: "target", mark: true, text: "the target that was set" },
    { colour: "worse", mark: true, text: "a target that was missed" }]));
  const bars = rows.map((row) => {
    const peers = peersOf(row);
    return { leveldb: peers.find(({ peer }) => peer === "leveldb"),
      other: peers.find(({ peer }) => peer === row.best_other) };
  });
  const ratiosOf = (which) => bars.map((bar) => bar[which] ? bar[which].ratio : null);
  addChart(place, { label: "How many times better this arena does in each row; the same " +
    "figures are in the table below", height: 60 + 44 * rows.length }, () =>
    ratioChart(rows.map(nameOf), [
      dataset(ratiosOf("leveldb"), ratiosOf("leveldb").map((r) => barColour(r, "leveldb"))),
      dataset(ratiosOf("other"), ratiosOf("other").map((r) => barColour(r, ""))),
    ], (item) => bars[item.dataIndex][item.datasetIndex === 0 ? "leveldb" : "other"].peer));
}

function showMultiples(place, rows) {
  if (!hasCharts) return;
  place.append(make("h3", null, "Every peer, row by row"));
  const grid = make("div", { class: "multiples" });
  place.append(grid);
  for (const row of rows) {
    const peers = peersOf(row);
    const figure = make("figure", null, make("figcaption", null, nameOf(row) + " ",
      make("span", { class: "muted" }, kWork[row.row] || "")));
    grid.append(figure);
    addChart(figure, { label: nameOf(row) + ", beside every peer",
      height: 34 + 22 * peers.length }, () => ratioChart(peers.map(({ peer }) => peer), [
      dataset(peers.map(({ ratio }) => ratio),
        peers.map(({ peer, ratio }) => barColour(ratio, peer))),
    ], (item) => item.label));
  }
}

function oursText(row) {
  if (row.figure.endsWith("bytes")) return grouped(Math.round(row.ours)) + " B";
  if (row.figure.endsWith("ns")) return fixed(row.ours, 2) + " ns";
  return fixed(row.ours, 2);
}

function cellOf(found) {
  if (!found) return "-";
  const { ratio } = found;
  if (ratio.infinite) return "∞";
  return `${fixed(ratio.median, 2)} (${fixed(ratio.low, 2)}–${fixed(ratio.high, 2)})`;
}

function speedCells(row) {
  const peers = peersOf(row);
  const find = (name) => peers.find(({ peer }) => peer === name);
  const wanted = (found) => found && found.ratio.target ? "≥ " + fixed(found.ratio.target, 2) : "-";
  const limit = row.judged === "at most" ? ` (≤ ${fixed(row.leveldb_target, 2)})` : "";
  return { worse: row.winners.length !== 0 || (row.has_target && !row.reached), cells: [
    nameOf(row), oursText(row) + limit, cellOf(find("leveldb")), wanted(find("leveldb")),
    row.best_other || "-", cellOf(find(row.best_other)), wanted(find(row.best_other)),
    !row.has_target ? "-" : row.reached ? "yes" : make("strong", { class: "bad" }, "NO"),
    row.winners.length ? make("span", { class: "bad" }, row.winners.join(", ")) : "none"] };
}

function showSpeedTables(place, rows) {
  place.append(make("h3", null, "The figures"), makeTable([
    { head: "row", kind: "text" }, { head: "ours" }, { head: "over LevelDB's" },
    { head: "wanted" }, { head: "best other", kind: "text" }, { head: "over it" },
    { head: "wanted" }, { head: "reached" }, { head: "who does better", kind: "text" }],
  rows.map(speedCells), "Ratios of every row, with targets"));
  showFloors(place, rows);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))].sort();
  if (names.length === 0) return;
  place.append(makeDetails("Every peer's ratio", makeTable(
    [{ head: "row", kind: "text" }, ...names.map((head) => ({ head }))],
    rows.map((row) => ({ cells: [nameOf(row), ...names.map((name) => {
      const ratio = advantage(row, row.peers[name], 0);
      return ratio ? ratioText(ratio) : "-";
    })] })), "Ratios of every peer in every row")));
}

// Floors are no peers: what a raw bump of a pointer costs, which nothing beats.
function showFloors(place, rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.over_floors || {})))];
  const floored = rows.filter((row) => Object.keys(row.over_floors || {}).length !== 0);
  if (floored.length === 0) return;
  place.append(makeDetails("This arena over the floors", makeTable(
    [{ head: "row", kind: "text" }, ...names.map((head) => ({ head: "ours over " + head })),
      { head: "wanted over raw" }],
    floored.map((row) => ({ cells: [nameOf(row), ...names.map((name) =>
      row.over_floors[name] ? fixed(row.over_floors[name].median, 2) : "-"),
    row.raw_target ? "≤ " + fixed(row.raw_target, 1) : "-"] })),
    "This arena's figures over those of raw bumps")));
}

function showSpeed(report) {
  const place = section("speed");
  const speed = report.speed;
  if (!speed || speed.rows.length === 0) {
    place.append(make("p", null, "The benchmark was not part of this run: it was left out " +
      "with --repetitions 0, or it is not built (scripts/setup run bench)."));
    return;
  }
  if (speed.smoke) {
    place.append(make("p", { class: "notice" }, "A smoke run: these figures mean nothing."));
  }
  const rows = speed.rows.filter((row) => row.judged !== "at most" && peersOf(row).length);
  const worse = rows.filter((row) => isWorse(peersOf(row)));
  place.append(make("p", null, "How many times better this arena does than others: above 1 it " +
    "leads, below 1 the other does. " +
    `Medians of ${grouped(speed.repetitions)} interleaved repetitions` +
    (report.speed_is_of_this_run === false ? ", taken from a result of an earlier run" : "") +
    (hasCharts ? "; the thin line goes from the least to the most, and the scale is logarithmic."
      : "; in brackets the least and the most.")));
  place.append(make("p", null, worse.length === 0
    ? "In no row does a peer do better."
    : make("span", { class: "bad" }, `A peer does better in ${worse.length} of ${rows.length} ` +
      "rows: " + worse.map(nameOf).join(", ") + ".")));
  showOverview(place, rows);
  showSpeedTables(place, speed.rows);
  showMultiples(place, rows);
}
