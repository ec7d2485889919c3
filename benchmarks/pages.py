"""How heavy and how quick the pages are on a phone: `benchmarks/pages.py SITE` (`make bench-pages`).

Weight and requests are what the wire carries, packed; LCP and CLS are measured in Chromium on a connection of
1.6 Mbit/s with 150 ms to the server and a processor slowed four times. With `--lighthouse COMMAND`, for
instance `"npx lighthouse"`, the pages that are named in KINDS are judged by Lighthouse's mobile run too.
"""

import argparse
import gzip
import json
import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browsing import CHROMIUM, TEMPLATES, chromium, served, twin

WEIGHT, REQUESTS, PAINT = 35_000, 4, 1200
"""The bounds of a municipality's page: bytes, requests, and milliseconds to its largest paint."""
MUNICIPALITIES = ("municipality-rich", "municipality-none")
KINDS = ("start", "municipality-rich", "municipality-none", "indicator", "compare", "frozen-place")
SCREEN = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
WATCH = """
window.seen = { lcp: 0, cls: 0 };
new PerformanceObserver((list) => { for (const each of list.getEntries()) seen.lcp = each.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => { for (const each of list.getEntries()) seen.cls += each.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True)
class Visit:
    """One load of one page with an empty cache."""

    weight: int
    requests: int
    paint: float
    shift: float


def visit(browser: Browser, address: str) -> Visit:
    context = browser.new_context(**SCREEN)
    page = context.new_page()
    session = context.new_cdp_session(page)
    weights: list[int] = []
    session.on("Network.loadingFinished", lambda event: weights.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_function("window.seen.lcp > 0")
    seen = page.evaluate("window.seen")
    context.close()
    return Visit(sum(weights), len(weights), seen["lcp"], seen["cls"])


def heaviest_municipality(site: Path) -> tuple[int, str]:
    """Packed bytes of the heaviest municipality page alone, and which it is."""
    pages = [*site.glob("sv/kommun/*/index.html"), *site.glob("en/municipality/*/index.html")]
    return max((len(gzip.compress(page.read_bytes(), 6)), page.parent.name) for page in pages)


def lighthouse(command: str, address: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "report.json"
        flags = "--headless=new --no-sandbox --disable-gpu"
        subprocess.run(
            [*shlex.split(command), address, "--quiet", "--output=json", f"--output-path={to}",
             f"--chrome-flags={flags}"],
            check=True, env={**os.environ, "CHROME_PATH": str(CHROMIUM)},
        )  # fmt: skip
        return json.loads(to.read_bytes())


def judged(command: str, address: str) -> str:
    found = lighthouse(command, address)
    scores = " ".join(f"{name} {each['score']:.2f}" for name, each in found["categories"].items())
    audits = found["audits"]
    return (
        f"{scores}, LCP {audits['largest-contentful-paint']['numericValue']:.0f} ms, "
        f"CLS {audits['cumulative-layout-shift']['numericValue']:.3f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="loads of each page; the median is told")
    parser.add_argument("--lighthouse", metavar="COMMAND")
    options = parser.parse_args()
    site, over = options.site.resolve(), []
    scripts = sum(path.stat().st_size for path in (site / "static").glob("*.js"))
    weight, name = heaviest_municipality(site)
    print(
        f"scripts {scripts / 1000:.1f} kB in all; heaviest municipality page {weight / 1000:.1f} kB ({name})"
    )
    print(f"{'page':34}{'kB':>7}{'requests':>10}{'LCP ms':>8}{'CLS':>7}")
    with served(site) as address:
        with chromium() as browser:
            for kind, path in TEMPLATES.items():
                for language, where in (("sv", path), ("en", twin(site, path))):
                    visits = [visit(browser, address + where) for _ in range(options.runs)]
                    weight = max(each.weight for each in visits)
                    requests = max(each.requests for each in visits)
                    paint = median(each.paint for each in visits)
                    shift = max(each.shift for each in visits)
                    print(
                        f"{kind + ' ' + language:34}{weight / 1000:7.1f}{requests:10}{paint:8.0f}{shift:7.3f}"
                    )
                    if shift or (kind in MUNICIPALITIES and not within(weight, requests, paint)):
                        over.append(f"{kind} {language}")
        for kind in KINDS if options.lighthouse else ():
            print(f"{kind}: {judged(options.lighthouse, address + TEMPLATES[kind])}")
    if over:
        print("beyond the bounds: " + ", ".join(over))
    return 1 if over else 0


def within(weight: int, requests: int, paint: float) -> bool:
    return weight <= WEIGHT and requests <= REQUESTS and paint <= PAINT


if __name__ == "__main__":
    sys.exit(main())
