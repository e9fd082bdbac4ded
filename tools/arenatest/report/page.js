// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

"use strict";

// A part that cannot be shown says so and leaves the others alone.
function showPart(id, show) {
  try {
    show();
  } catch (error) {
    noteError();
    console.error(error);
    section(id).append(make("p", { class: "notice" }, `This part could not be shown: ${error}`));
  }
}

function showReport(report) {
  section("subtitle").textContent = `Version ${report.version}, report made ${report.made}`;
  if (!hasCharts) {
    const notice = section("notice");
    notice.hidden = false;
    notice.textContent = "Chart.js was not installed when arenatest was built (Debian's package " +
      "libjs-chart.js), so the charts are missing; the tables have all of their figures.";
  }
  showPart("proofs", () => showProofs(report.proofs));
  showPart("speed", () => showSpeed(report));
  showPart("memory", () => showMemory(report.memory));
  showPart("sizes", () => showSizes(report.maps));
  showPart("map", () => showMaps(report.maps));
  showPart("machine", () => showMachine(report));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    drawnCharts.forEach(drawChart);
    if (blockMap) blockMap.draw();
  });
  // Two frames later the canvases have been laid out and drawn.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.documentElement.dataset.charts = String(drawnCharts.length);
    document.documentElement.dataset.ready = "yes";
  }));
}

showReport(JSON.parse(document.getElementById("data").textContent));
