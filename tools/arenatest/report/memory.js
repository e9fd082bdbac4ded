// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

"use strict";

// The figures of a point by their names.
function pointsOf(memory) {
  return memory.points.map((point) =>
    Object.fromEntries(memory.columns.map((name, i) => [name, point[i]])));
}

// Draws when memtables became full and when they went.
function eventMarks(events) {
  return {
    id: "eventMarks",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales: { x } } = chart;
      ctx.save();
      ctx.strokeStyle = colour("theirs");
      ctx.fillStyle = colour("muted");
      ctx.font = "10px " + Chart.defaults.font.family;
      for (const one of events) {
        const at = x.getPixelForValue(one.seconds * 1000);
        ctx.setLineDash(one.what === "full" ? [] : [3, 3]);
        ctx.beginPath();
        ctx.moveTo(at, chartArea.top);
        ctx.lineTo(at, chartArea.bottom);
        ctx.stroke();
        const label = one.memtable + (one.what === "full" ? " full" : " gone");
        const width = ctx.measureText(label).width;
        ctx.fillText(label, Math.min(at - width / 2, chartArea.right - width),
          chartArea.top - (one.what === "full" ? 14 : 3));
      }
      ctx.restore();
    },
  };
}

function memoryLines(memory, points) {
  const line = (label, name, read, more) => Object.assign({
    label, borderColor: colour(name), backgroundColor: colour(name), borderWidth: 1.75,
    pointRadius: 0, pointHitRadius: 6,
    data: points.map((point) => ({ x: point.seconds * 1000, y: read(point) / 1048576 })),
  }, more);
  const lines = [
    line("usage, LevelDB's figure", "ours", (point) => point.usage),
    line("reserved by the arenas", "aligned", (point) => point.reserved, { stepped: true }),
    line("reserved, and kept for the next arena", "theirs",
      (point) => point.reserved + point.kept, { stepped: true, borderDash: [6, 3] }),
  ];
  if (memory.has_residency) {
    lines.push(
      line("resident, beyond what the process began with", "tail", (point) => point.resident),
      line("of this on huge pages", "slop", (point) => point.huge, { borderDash: [2, 2] }));
  }
  return lines;
}

function memoryChart(memory, points) {
  return {
    type: "line",
    plugins: [eventMarks(memory.events)],
    data: { datasets: memoryLines(memory, points) },
    options: {
      parsing: false,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      layout: { padding: { top: 26 } },
      scales: {
        x: axis("milliseconds of processor time, readings left out", { type: "linear", min: 0,
          max: points[points.length - 1].seconds * 1000, ticks: { maxRotation: 0,
            callback: (value) => fixed(value, value < 10 && value % 1 ? 1 : 0) } }),
        y: axis("MiB", { beginAtZero: true }),
      },
      plugins: {
        legend: { display: false },
        tooltip: tooltip({
          title: (items) => fixed(items[0].parsed.x, 2) + " ms",
          label: (item) => `${item.dataset.label}: ${fixed(item.parsed.y, 2)} MiB`,
        }),
      },
    },
  };
}

function memoryLegend(memory) {
  const items = [{ colour: "ours", text: "usage, LevelDB's figure" },
    { colour: "aligned", text: "reserved by the arenas, in slabs" },
    { colour: "theirs", text: "reserved, and kept for the next arena" }];
  if (memory.has_residency) {
    items.push({ colour: "tail", text: "resident, beyond what the process began with" },
      { colour: "slop", text: "of this on huge pages" });
  }
  return makeLegend(items);
}

function showMemory(memory) {
  const place = section("memory");
  const points = pointsOf(memory);
  place.append(make("p", null,
    `${memory.memtables} memtables of ${mebibytes(memory.memtable_bytes, 0)} MiB, one after the ` +
    `other, filled with the workload "${memory.workload}" (${memory.meaning}; seed ` +
    `${memory.seed}). A full one goes when the next is half full. An observer read the figures ` +
    `at every ${grouped(memory.blocks_between)} blocks: ${grouped(points.length)} readings.` +
    (memory.has_residency ? "" : " What is resident this system does not say.")));
  if (hasCharts) place.append(memoryLegend(memory));
  addChart(place, { label: "Usage, reserved and resident memory over time; the figures are in " +
    "the tables below", height: 340 }, () => memoryChart(memory, points));
  showMemoryTables(place, memory, points);
}

function showMemoryTables(place, memory, points) {
  const columns = [{ head: "when", kind: "text" }, { head: "ms" }, { head: "usage" },
    { head: "reserved" }, { head: "kept" }, { head: "resident" }, { head: "on huge pages" }];
  const cells = (when, point) => ({ cells: [when, fixed(point.seconds * 1000, 2),
    ...["usage", "reserved", "kept", "resident", "huge"].map((name) =>
      !memory.has_residency && (name === "resident" || name === "huge")
        ? "not known" : mebibytes(point[name], 2))] });
  const atEvents = memory.events.map((one) => cells(`memtable ${one.memtable} ${one.what}`,
    points.find((point) => point.seconds >= one.seconds) || points[points.length - 1]));
  place.append(
    makeTable(columns, [cells("beginning", points[0]), ...atEvents], "Memory in MiB at events"),
    make("p", { class: "muted" }, "In MiB. Resident is of the whole process, less what it was " +
      "before the first memtable; kept is what threads and depots hold for the next arena."),
    makeDetails("Every reading", makeTable(columns,
      points.map((point, i) => cells(String(i + 1), point)), "Memory in MiB at every reading")));
}

function sizeChart(map) {
  const totals = map.totals;
  const labels = map.sizes.map(([least, most]) => least === most ? String(least)
    : `${grouped(least)}–${grouped(most)}`);
  const bars = (label, name, values) => ({ label, backgroundColor: colour(name), data: values,
    categoryPercentage: 0.85, barPercentage: 0.95 });
  return {
    type: "bar",
    data: { labels, datasets: [
      bars("allocations", "theirs", map.sizes.map((bin) => 100 * bin[2] / totals.allocations)),
      bars("bytes", "ours", map.sizes.map((bin) => 100 * bin[3] / totals.requested_bytes))] },
    options: {
      interaction: { mode: "index", intersect: false },
      scales: {
        x: axis("bytes of an allocation", { grid: { display: false, borderColor: colour("line") },
          ticks: { autoSkip: true, maxRotation: 60, minRotation: 0 } }),
        y: axis("share in %", { beginAtZero: true }),
      },
      plugins: {
        legend: { display: false },
        tooltip: tooltip({
          title: (items) => items[0].label + " bytes",
          label: (item) => {
            const bin = map.sizes[item.dataIndex];
            return item.datasetIndex === 0
              ? `${grouped(bin[2])} allocations, ${percent(bin[2], totals.allocations)}`
              : `${grouped(bin[3])} bytes, ${percent(bin[3], totals.requested_bytes)}`;
          },
        }),
      },
    },
  };
}

const kParts = [["slop_bytes", "slop", "slop"], ["tail_bytes", "tail", "tails"],
  ["unused_bytes", "unused", "not yet handed out"], ["pointer_bytes", "theirs", "block pointers"]];

function wasteBar(totals) {
  const bar = make("div", { class: "bar", role: "img", "aria-label": "What of usage was not " +
    "asked for: " + kParts.map(([key, , name]) => `${name} ${grouped(totals[key])}`).join(", ") });
  for (const [key, name, text] of kParts) {
    if (totals[key] === 0) continue;
    bar.append(make("span", { title: `${text}: ${grouped(totals[key])} bytes`,
      style: { flexGrow: String(totals[key]), background: `var(--${name})` } }));
  }
  return bar;
}

function showSizesOf(place, map) {
  const { totals } = map;
  place.append(make("h3", null, `${map.workload}: `, make("span", { class: "muted" },
    map.meaning)));
  addChart(place, { label: `Sizes of the workload ${map.workload}; the figures are in the ` +
    "table below", height: 220 }, () => sizeChart(map));
  place.append(
    make("p", { class: "muted" }, `${percent(totals.requested_bytes, totals.usage)} of usage ` +
      "was asked for. The rest:"),
    wasteBar(totals),
    makeDetails("Size by size", makeTable([{ head: "bytes", kind: "text" },
      { head: "allocations" }, { head: "share" }, { head: "bytes together" }, { head: "share" }],
    map.sizes.map(([least, most, count, bytes]) => ({ cells: [
      least === most ? grouped(least) : `${grouped(least)}–${grouped(most)}`, grouped(count),
      percent(count, totals.allocations), grouped(bytes),
      percent(bytes, totals.requested_bytes)] })), `Sizes of ${map.workload}`)));
}

function totalsTable(maps) {
  const row = (head, key, isPart) => ({ cells: [head, ...maps.map(({ totals }) =>
    grouped(totals[key]) + (isPart ? `  (${percent(totals[key], totals.usage)})` : ""))] });
  return makeTable([{ head: "", kind: "text" }, ...maps.map((map) =>
    ({ head: map.workload }))], [
    row("allocations", "allocations"), row("of these aligned", "aligned"),
    row("bytes asked for", "requested_bytes", true), row("slop", "slop_bytes", true),
    row("tails", "tail_bytes", true), row("not yet handed out", "unused_bytes", true),
    row("block pointers", "pointer_bytes", true), row("usage, the sum", "usage"),
    row("reserved in slabs", "reserved_bytes"), row("blocks", "blocks"),
    row("of these dedicated", "dedicated_blocks"),
    row("bytes of dedicated blocks", "dedicated_bytes", true)], "Where the bytes are");
}

function showSizes(maps) {
  const place = section("sizes");
  place.append(make("p", null, "Every allocation of these arenas was seen by an observer. Of " +
    "usage, LevelDB's figure, most was asked for; the rest is slop to align, tails left behind, " +
    "the end of the current block, and a pointer for each block. The bars show that rest, the " +
    "table all of it."));
  if (hasCharts) {
    place.append(makeLegend([{ colour: "theirs", text: "share of the allocations" },
      { colour: "ours", text: "share of the bytes" }]));
  }
  for (const map of maps) showSizesOf(place, map);
  place.append(makeLegend(kParts.map(([, name, text]) => ({ colour: name, text }))),
    totalsTable(maps));
}
