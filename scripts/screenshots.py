"""Pictures of every template at 360 and 1280 px in both languages: `scripts/screenshots.py SITE TO`.

SITE is a built site (`make site`), TO the folder for the pictures.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browsing import TEMPLATES, WHOLE, chromium, served, twin

WIDTHS = (360, 1280)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("to", type=Path)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with served(options.site) as address, chromium() as browser:
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 800})
            for name, path in TEMPLATES.items():
                for language, where in (("sv", path), ("en", twin(options.site, path))):
                    page.goto(address + where)
                    page.wait_for_load_state("networkidle")
                    page.evaluate(WHOLE)
                    page.screenshot(path=options.to / f"{name}-{language}-{width}.png", full_page=True)
            page.close()
    print(f"{len(TEMPLATES) * len(WIDTHS) * 2} pictures in {options.to}")


if __name__ == "__main__":
    main()
