"""Pictures of every template at 360 and 1280 px in both languages: `scripts/screenshots.py SITE TO`.

SITE is a built site (`make site`), TO the folder for the pictures.
"""

import argparse
import re
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from lagesbild.outside.host import serve

CHROMIUM = shutil.which("chromium", path=f"{Path(sys.executable).parent}:/usr/bin")
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
WIDTHS = (360, 1280)
TEMPLATES = {
    "start": "sv/",
    "places": "sv/kommuner/",
    "municipality-rich": "sv/kommun/2480-umea/",
    "municipality-none": "sv/kommun/2460-vannas/",
    "extent": "sv/kommun/2480-umea/omfattning/",
    "series": "sv/kommun/2480-umea/indikator/d01-anmalda-kop-av-sexuell-handling/",
    "extent-none": "sv/kommun/2460-vannas/omfattning/",
    "alike-none": "sv/kommun/2460-vannas/liknande/",
    "compare": "sv/jamfor/",
    "trend": "sv/kommun/2480-umea/utveckling/",
    "done": "sv/kommun/2480-umea/insatser/",
    "alike": "sv/kommun/2480-umea/liknande/",
    "effect": "sv/kommun/0180-stockholm/effekt/",
    "first-own": "sv/kommun/2460-vannas/forsta-bilden/",
    "card": "sv/kommun/2480-umea/kort/",
    "county": "sv/lan/24-vasterbotten/",
    "country": "sv/riket/",
    "indicators": "sv/indikatorer/",
    "indicator": "sv/indikator/d01-anmalda-kop-av-sexuell-handling/",
    "measures": "sv/insatser/",
    "learn": "sv/lar-av/",
    "umea": "sv/lar-av/umea/",
    "first": "sv/forsta-bilden/",
    "method": "sv/metod/",
    "protection": "sv/skydd/",
    "real": "sv/akta-och-exempel/",
    "published": "sv/publicerade-siffror/",
    "data": "sv/data/",
    "glossary": "sv/ordlista/",
    "accessibility": "sv/tillganglighet/",
    "releases": "sv/publiceringar/",
}


def twin(site: Path, path: str) -> str:
    """The English page of a Swedish one."""
    html = (site / path / "index.html").read_text(encoding="utf-8")
    found = re.search(r'hreflang="en" href="/([^"]+)"', html)
    return found[1] if found else path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("to", type=Path)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with serve(options.site, 0) as server, sync_playwright() as driver:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 800})
            for name, path in TEMPLATES.items():
                for language, address in (("sv", path), ("en", twin(options.site, path))):
                    page.goto(f"http://127.0.0.1:{server.server_address[1]}/{address}")
                    page.screenshot(path=options.to / f"{name}-{language}-{width}.png", full_page=True)
            page.close()
        browser.close()
        server.shutdown()
    print(f"{len(TEMPLATES) * len(WIDTHS) * 2} pictures in {options.to}")


if __name__ == "__main__":
    main()
