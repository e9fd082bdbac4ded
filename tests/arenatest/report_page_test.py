# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Makes a report and looks at it in headless Chromium, as a reader would.

What a picture shows is for people to judge; this holds what can be told by
machine: nothing goes wrong in the page, every chart has something drawn in it,
nothing is asked of a network, nothing is wider than the screen, and the block
map says what is pointed at.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ARENATEST, SCRIPTS = sys.argv[1:3]
del sys.argv[1:3]
sys.path.insert(0, SCRIPTS)
import browser  # noqa: E402

SKIPPED = 77


def ratio(median):
    return {"median": median, "low": median * 0.9, "high": median * 1.2}


def bench_row(row, figure, judged, peers, **more):
    """A row as `arenatest bench --json` writes it; the figures are made up."""
    return {"row": row, "size": "1", "subject": "ours", "figure": figure,
            "ours": 2.5, "judged": judged, "leveldb_target": 1.6,
            "best_other": "pmr", "other_target": 1.2, "raw_target": 0,
            "peers": peers, "over_floors": {}, "has_target": True,
            "reached": not more.get("winners"), "winners": [], **more}


BENCH = {
    "command": "bench", "repetitions": 3, "smoke": False,
    "context": {"cpu": "</script><img src=x onerror=alert(1)>",
                "host_name": "not to be shown"},
    "rows": [
        bench_row("warm", "ns", "faster",
                  {"leveldb": ratio(2.5), "pmr": ratio(1.9)},
                  over_floors={"raw": ratio(1.25)}, raw_target=2.0),
        bench_row("lost", "ns", "faster",
                  {"leveldb": ratio(1.2), "pmr": ratio(0.5)},
                  winners=["pmr"]),
        bench_row("footprint", "resident_bytes", "smaller",
                  {"leveldb": ratio(0.98), "pmr": ratio(1.01)}),
        bench_row("faults", "faults", "at most",
                  {"leveldb": {"median": None, "low": None, "high": None}}),
    ],
    "runs": {},
}
# One chart over all rows that have ratios, one for each of these, the memory
# over time, and the sizes of three arenas.
CHARTS = 1 + 3 + 1 + 3

# How many canvases show something.
DRAWN = """[...document.querySelectorAll('canvas')].filter((canvas) =>
  canvas.width && canvas.height && canvas.getContext('2d')
    .getImageData(0, 0, canvas.width, canvas.height).data
    .some((value) => value !== 0)).length"""


class ReportPage(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        folder = pathlib.Path(cls.folder.name)
        bench = folder / "bench.json"
        bench.write_text(json.dumps(BENCH))
        cls.report = folder / "report.html"
        subprocess.run(
            [ARENATEST, "report", "-o", str(cls.report), "--bench",
             str(bench), "--operations", "20000", "--records", "20000"],
            check=True, timeout=300, stdout=subprocess.DEVNULL)
        cls.page = browser.Browser(browser.find_chromium())
        cls.page.__enter__()
        cls.addClassCleanup(cls.page.__exit__)
        cls.page.set_view(1280, 900)
        cls.page.open(cls.report)
        cls.has_charts = cls.page.evaluate("typeof Chart") != "undefined"

    def open(self, width, height, dark=False):
        self.page.set_view(width, height, dark)
        self.page.open(self.report)

    def state(self, name):
        return self.page.evaluate(f"document.documentElement.dataset.{name}")

    def assert_drawn(self):
        self.assertEqual(self.page.complaints(), [])
        self.assertEqual(self.state("errors"), "0")
        self.assertEqual(self.state("charts"),
                         str(CHARTS) if self.has_charts else "0")
        # The block map is a canvas too.
        self.assertEqual(self.page.evaluate(DRAWN),
                         CHARTS + 1 if self.has_charts else 1)
        asked = [url for url in self.page.requests()
                 if not url.startswith(("file:", "data:"))]
        self.assertEqual(asked, [])

    def assert_no_wider_than_the_screen(self):
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - innerWidth")
        self.assertLessEqual(wide, 0)

    def brightness(self):
        """The mean of the three colours of the page behind everything."""
        return self.page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g)"
            ".slice(0, 3).reduce((sum, one) => sum + Number(one) / 3, 0)")

    def test_wide_and_light(self):
        self.open(1280, 900)
        self.assert_drawn()
        self.assert_no_wider_than_the_screen()
        self.assertGreater(self.brightness(), 200)

    def test_wide_and_dark(self):
        self.open(1280, 900, dark=True)
        self.assert_drawn()
        self.assertLess(self.brightness(), 60)

    def test_narrow(self):
        for width in (390, 360):
            self.open(width, 800)
            self.assert_drawn()
            self.assert_no_wider_than_the_screen()

    def test_change_of_scheme_draws_the_charts_again(self):
        self.open(1280, 900)
        if not self.has_charts:
            self.skipTest("this report has no charts")
        bar = "drawnCharts[0].chart.data.datasets[0].backgroundColor[0]"
        before = self.page.evaluate(bar)
        self.page.set_view(1280, 900, dark=True)
        # The page hears of it with its next frame.
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() =>"
                           " requestAnimationFrame(() => done(0))))")
        self.assertNotEqual(self.page.evaluate(bar), before)
        self.assert_drawn()

    def test_text_has_contrast_in_both_schemes(self):
        ratio_of = """(() => {
          const light = (name) => {
            const hex = colour(name).slice(1);
            const parts = [0, 2, 4].map((at) => {
              const one = parseInt(hex.slice(at, at + 2), 16) / 255;
              return one <= 0.03928 ? one / 12.92
                : Math.pow((one + 0.055) / 1.055, 2.4);
            });
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
          };
          return (a, b) => {
            const [most, least] = [light(a), light(b)].sort((x, y) => y - x);
            return (most + 0.05) / (least + 0.05);
          };
        })()"""
        for dark in (False, True):
            self.open(1280, 900, dark)
            for name in ("ink", "muted", "ours", "worse", "good"):
                for behind in ("paper", "panel"):
                    found = self.page.evaluate(
                        f"({ratio_of})('{name}', '{behind}')")
                    self.assertGreaterEqual(found, 4.5, (name, behind, dark))

    def test_figures_are_in_tables_and_losses_stand_out(self):
        self.open(1280, 900)
        text = self.page.evaluate("document.body.innerText")
        self.assertIn("20,000 calls", text)
        self.assertIn("A peer does better in 2 of 3 rows", text)
        worse = self.page.evaluate(
            "[...document.querySelectorAll('#speed tr.worse td:first-child')]"
            ".map((cell) => cell.textContent)")
        self.assertEqual(worse, ["lost 1"])
        self.assertIn("1.25", self.page.evaluate(
            "[...document.querySelectorAll('#speed details')].find((one) =>"
            " one.textContent.includes('over the floors')).textContent"))
        self.assertGreaterEqual(self.page.evaluate(
            "document.querySelectorAll('table').length"), 8)

    def test_text_of_the_data_is_never_html(self):
        self.open(1280, 900)
        self.assertEqual(self.page.evaluate(
            "document.querySelectorAll('img').length"), 0)
        text = self.page.evaluate("section('machine').innerText")
        self.assertIn("onerror=alert(1)>", text)
        self.assertNotIn("not to be shown", self.report.read_text())

    def test_block_map_says_what_is_pointed_at(self):
        self.open(1280, 900)
        place = self.page.evaluate(
            "(() => { blockMap.view.scrollIntoView();"
            " const box = blockMap.view.getBoundingClientRect();"
            " return [box.left, box.top]; })()")
        # The first pixels behind the number of the first row.
        self.page.move_to(place[0] + 50, place[1] + 10)
        self.assertEqual(self.page.evaluate("blockMap.view.dataset.row"), "0")
        tip = self.page.evaluate("blockMap.tip.textContent")
        self.assertRegex(tip, r"^Block 0: standard, 4,096 bytes\n"
                         r"Allocation 1 of \d+: \d+ bytes at offset 0")
        self.assertFalse(self.page.evaluate("blockMap.tip.hidden"))

    def test_block_map_is_reached_by_the_keyboard(self):
        self.open(1280, 900)
        self.page.evaluate("blockMap.view.focus()")
        told = set()
        kinds = set()
        for _ in range(60):
            self.page.press("ArrowRight")
            told.add(self.page.evaluate("blockMap.pointed.textContent"))
            kinds.add(self.page.evaluate("blockMap.view.dataset.kind"))
        self.assertEqual(len(told), 60)
        self.assertLessEqual({"allocation", "slop"}, kinds)
        self.page.press("End")
        last = self.page.evaluate("blockMap.blocks.length - 1")
        self.assertEqual(self.page.evaluate("blockMap.view.dataset.row"),
                         str(last))
        self.assertGreater(self.page.evaluate("blockMap.view.scrollTop"), 0)

    def test_block_map_says_how_many_blocks_it_shows(self):
        self.open(1280, 900)
        self.assertRegex(
            self.page.evaluate("section('map').innerText"),
            r"the first 300 of 1,0\d\d blocks are shown")

    def test_parts_of_blocks_fill_them(self):
        self.open(1280, 900)
        wrong = self.page.evaluate(
            "JSON.parse(document.getElementById('data').textContent).maps"
            ".flatMap((map) => map.blocks).filter((block) => {"
            " const last = partsOf(block).at(-1);"
            " return last.offset + last.bytes !== block.bytes; }).length")
        self.assertEqual(wrong, 0)


if __name__ == "__main__":
    if browser.find_chromium() is None:
        print("skipped: there is no Chromium here; scripts/setup all "
              "installs it")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
