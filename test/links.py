#!/usr/bin/env python3
"""links.py: what links of the manual lead to, pages and headings, is there; prints those of which it is not."""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
# no address of elsewhere
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


def anchors(page):
    """What headings of a page are called in a link, as those who show Markdown make it of them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    for heading in re.findall(r"^#+ (.*)$", text, flags=re.M):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        yield re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def main():
    lost = []
    for page in [HERE / "README.md", HERE / "CHANGELOG.md", HERE / "test/README.md", *sorted(HERE.glob("doc/*.md"))]:
        for path, anchor in LINK.findall(page.read_text()):
            to = (page.parent / path).resolve() if path else page
            if not to.exists():
                lost.append(f"{page.relative_to(HERE)}: {path}")
            elif anchor and anchor not in anchors(to):
                lost.append(f"{page.relative_to(HERE)}: {path}#{anchor}")
    print("\n".join(lost))
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
