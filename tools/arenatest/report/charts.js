// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

"use strict";

const hasCharts = typeof Chart !== "undefined";
const drawnCharts = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

// Draws into `parent`; `configure` returns what Chart.js asks for and is called
// again when the colours change. Without Chart.js there is nothing but tables.
function addChart(parent, { label, height }, configure) {
  if (!hasCharts) return;
  const canvas = make("canvas", { role: "img", "aria-label": label });
  parent.append(make("div", { class: "chart", style: { height: height + "px" } }, canvas));
  const entry = { canvas, configure, chart: null };
  drawnCharts.push(entry);
  drawChart(entry);
}

function drawChart(entry) {
  if (entry.chart) entry.chart.destroy();
  Chart.defaults.color = colour("muted");
  Chart.defaults.borderColor = colour("line");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  const config = entry.configure();
  config.options = Object.assign(
    { animation: false, responsive: true, maintainAspectRatio: false }, config.options);
  entry.chart = new Chart(entry.canvas, config);
}

// Axes and tooltips alike in all charts.
function axis(title, more) {
  return Object.assign({
    title: { display: Boolean(title), text: title },
    grid: { color: colour("line"), borderColor: colour("line"), tickLength: 4 },
  }, more);
}

function tooltip(callbacks) {
  return { displayColors: false, backgroundColor: colour("ink"), titleColor: colour("paper"),
    bodyColor: colour("paper"), cornerRadius: 3, callbacks };
}

// Ratios on a logarithmic axis, of which only 1, 2 and 5 times powers of ten are
// written.
function ratioAxis(least, most) {
  return axis("", {
    type: "logarithmic",
    min: Math.min(0.7, least * 0.85),
    max: Math.max(1.5, most) * 1.04,
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      callback: (value) => {
        const digit = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
        return [1, 2, 5].some((one) => Math.abs(one - digit) < 1e-6) ? value + "×" : "";
      },
    },
    grid: {
      color: (line) => line.tick && line.tick.value === 1 ? colour("ink")
        : line.tick && line.tick.label ? colour("line") : "transparent",
      borderColor: colour("line"),
    },
  });
}

// Draws on bars what Chart.js does not: from the least to the most of a ratio,
// the figure behind it, and the target as a mark across the bar. Datasets carry
// `ratios`: {median, low, high, target} for each bar, or null.
const ratioMarks = {
  id: "ratioMarks",
  afterDatasetsDraw(chart) {
    const { ctx, scales: { x } } = chart;
    ctx.save();
    chart.data.datasets.forEach((dataset, number) => {
      chart.getDatasetMeta(number).data.forEach((bar, i) => {
        const ratio = (dataset.ratios || [])[i];
        if (ratio) drawRatio(ctx, x, bar, ratio);
      });
    });
    ctx.restore();
  },
};

function drawRatio(ctx, x, bar, ratio) {
  const half = bar.height / 2;
  const line = (from, to, y) => {
    ctx.beginPath();
    ctx.moveTo(from, y);
    ctx.lineTo(to, y);
    ctx.stroke();
  };
  ctx.strokeStyle = colour("ink");
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1;
  line(x.getPixelForValue(ratio.low), x.getPixelForValue(Math.min(ratio.high, x.max)), bar.y);
  ctx.globalAlpha = 1;
  const mark = ratio.target ? x.getPixelForValue(ratio.target) : -Infinity;
  ctx.fillStyle = colour(ratio.median < ratio.target ? "worse" : "target");
  ctx.fillRect(mark - 1.25, bar.y - half - 1.5, 2.5, bar.height + 3);
  ctx.fillStyle = ratio.median < 1 ? colour("worse") : colour("ink");
  ctx.font = (ratio.median < 1 ? "600 " : "") + "11px " + Chart.defaults.font.family;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  // Behind the bar and its line, and behind the mark if that would be in it.
  const text = ratioText(ratio);
  let at = x.getPixelForValue(Math.max(ratio.median, Math.min(ratio.high, x.max), 1)) + 5;
  if (mark > at - 6 && mark < at + ctx.measureText(text).width + 4) at = mark + 5;
  ctx.fillText(text, at, bar.y + 0.5);
}

function ratioText(ratio) {
  if (ratio.infinite) return "∞";
  const digits = ratio.median >= 100 ? 0 : ratio.median >= 10 ? 1 : 2;
  return fixed(ratio.median, digits) + "×" + (ratio.median < 1 ? " ▼" : "");
}
