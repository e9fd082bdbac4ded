// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

"use strict";

function tile(done, label, wrong, wrongLabel) {
  return make("li", null,
    make("span", { class: "figure" }, grouped(done)),
    make("span", { class: "label" }, label),
    make("span", { class: "wrong " + (wrong === 0 ? "good" : "bad") },
      (wrong === 0 ? "✓ " : "✗ ") + grouped(wrong) + " " + wrongLabel));
}

function statementOf({ parity, leveldb, passed }) {
  const seeds = new Set(parity.runs.map((run) => run.seed).filter((seed) => seed !== "-"));
  const sentence = `In this very run ${grouped(parity.operations)} calls on ` +
    `${grouped(parity.arenas)} arenas were made on this arena and on the real LevelDB arena ` +
    `(seeds ${[...seeds].join(", ")}); placement, alignment and memory usage were compared ` +
    `after every call, with ${grouped(parity.mismatches)} mismatches. A real LevelDB wrote ` +
    `${grouped(leveldb.records)} records on its own arena and on this one, and read them ` +
    `back: ${grouped(leveldb.differences)} differences; ` +
    `${grouped(leveldb.usage_compared)} memory-usage figures were compared on the way, ` +
    `${grouped(leveldb.usage_differences)} differed.`;
  return make("p", { class: "statement" },
    make("span", { class: passed ? "good" : "bad" },
      passed ? "✓ All of it holds. " : "✗ Not all of it holds. "), sentence);
}

function showProofs(proofs) {
  const { stress, parity, leveldb } = proofs;
  const place = section("proofs");
  place.append(
    statementOf(proofs),
    make("ul", { class: "tiles" },
      tile(parity.operations, "calls compared with LevelDB's arena", parity.mismatches,
        "mismatches"),
      tile(leveldb.records, "records written through LevelDB and read back",
        leveldb.differences, "differences"),
      tile(leveldb.usage_compared, "memory-usage figures beside stock LevelDB's",
        leveldb.usage_differences, "differences"),
      tile(stress.allocations, "allocations of the randomized test", stress.faults_total,
        "faults")));
  const rows = parity.runs.map((run) => ({
    worse: run.mismatches !== 0,
    cells: [run.workload, run.seed, grouped(run.operations), grouped(run.arenas),
      grouped(run.mismatches), run.message || ""],
  }));
  place.append(makeDetails("Workload by workload",
    makeTable([{ head: "workload", kind: "text" }, { head: "seed" }, { head: "calls" },
      { head: "arenas" }, { head: "mismatches" }, { head: "first mismatch", kind: "wrap" }],
    rows, "Calls compared, by workload and seed")));
}

function showMachine(report) {
  const context = report.speed ? report.speed.context : {};
  const names = { cpu: "CPU", num_cpus: "processors", kernel: "kernel", compiler: "compiler",
    transparent_hugepage: "transparent huge pages", left_out: "peers left out",
    date: "measured" };
  const rows = [{ cells: ["version", report.version] }, { cells: ["report made", report.made] }];
  for (const [key, name] of Object.entries(names)) {
    if (context[key] !== undefined) {
      rows.push({ cells: [name, String(context[key]) || "none"] });
    }
  }
  section("machine").append(
    makeTable([{ head: "what", kind: "text" }, { head: "of this run", kind: "wrap" }], rows,
      "Machine and build"),
    make("p", { class: "muted" },
      "Everything on this page was measured on this machine or seen by observers on real " +
      "arenas; nothing is loaded from a network, and nothing leaves the page. How each figure " +
      "is measured stands in docs/benchmarks.md, what parity means in docs/parity.md, and how " +
      "to make this page in docs/report.md."));
}
