// <hutong-source>: the document's words and what was found in them, side by side.
//
// The words of a finding are <mark id="words-F" data-finding="F"> (several when the finding has several
// places), its card is id="finding-F". Each links to the other by an ordinary anchor; here the two are shown
// together: hovering lights the other up, choosing scrolls it into view inside its own pane.

function marksOf(root: ParentNode, finding: string): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(`mark[data-finding~="${CSS.escape(finding)}"]`)];
}

function calm(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

/** Scrolls inside the nearest pane only, so that the page itself does not jump. */
function scrollInPane(element: HTMLElement): void {
  const pane = element.closest<HTMLElement>("[data-pane]");
  if (!pane || pane.scrollHeight <= pane.clientHeight) {
    element.scrollIntoView({ block: "center", behavior: calm() });
    return;
  }
  const top = element.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
  const target = Math.max(0, top - pane.clientHeight / 3);
  // Far away is jumped to: watching pages fly past helps nobody.
  const far = Math.abs(target - pane.scrollTop) > 2 * pane.clientHeight;
  pane.scrollTo({ top: target, behavior: far ? "instant" : calm() });
}

class Source extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("mouseover", (event) => this.light(event.target as Element, true));
    this.addEventListener("mouseout", (event) => this.light(event.target as Element, false));
    this.addEventListener("click", (event) => this.choose(event));
    this.addEventListener("focusin", (event) => {
      const card = (event.target as Element).closest<HTMLElement>("[data-card]");
      if (card) this.mark(card.dataset.card ?? "", false);
    });
    if (location.hash.startsWith("#finding-")) this.mark(location.hash.slice("#finding-".length), true);
    // Another tab is about other words: begin where its first ones stand.
    const first = this.querySelector<HTMLElement>("mark.shown");
    const pane = first?.closest<HTMLElement>("[data-pane]");
    if (!location.hash && first && pane && pane.clientHeight < pane.scrollHeight) {
      pane.style.scrollBehavior = "auto";
      pane.scrollTop = first.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 4;
      pane.style.scrollBehavior = "";
    }
    if (location.hash.startsWith("#words-")) this.mark(location.hash.slice("#words-".length), true);
  }

  private findingsAt(target: Element): string[] {
    const mark = target.closest<HTMLElement>("mark[data-finding]");
    if (mark) return (mark.dataset.finding ?? "").split(" ").filter(Boolean);
    const card = target.closest<HTMLElement>("[data-card]");
    return card?.dataset.card ? [card.dataset.card] : [];
  }

  private light(target: Element, on: boolean): void {
    for (const finding of this.findingsAt(target)) {
      for (const mark of marksOf(this, finding)) mark.classList.toggle("lit", on);
      this.querySelector(`[data-card="${CSS.escape(finding)}"]`)?.classList.toggle("lit", on);
    }
  }

  private choose(event: Event): void {
    const target = event.target as Element;
    const words = target.closest<HTMLAnchorElement>('a[href*="#words-"]');
    if (words && this.contains(words)) {
      const finding = words.hash.slice("#words-".length);
      if (marksOf(this, finding).length > 0) {
        event.preventDefault();
        this.showPane("document");
        this.mark(finding, true);
        history.replaceState(history.state, "", words.hash);
      }
      return;
    }
    const show = target.closest<HTMLAnchorElement>("a[data-show]");
    if (show) {
      event.preventDefault();
      this.showPane(show.dataset.show ?? "findings");
      return;
    }
    const line = target.closest<HTMLAnchorElement>('.pane-findings a[href^="#line-"]');
    if (line) {
      const there = this.querySelector<HTMLElement>(line.hash);
      if (!there) return;
      // The address moves on too, so that the line is marked by :target.
      this.showPane("document");
      requestAnimationFrame(() => scrollInPane(there));
      return;
    }
    const link = target.closest<HTMLAnchorElement>('mark[data-finding] a[href*="#finding-"]');
    if (!link) return;
    const finding = link.hash.slice("#finding-".length);
    const card = this.querySelector<HTMLElement>(`[data-card="${CSS.escape(finding)}"]`);
    // The card may be on another page of the list: then the link leads there.
    if (!card) return;
    event.preventDefault();
    this.showPane("findings");
    this.mark(finding, false);
    scrollInPane(card);
    card.focus({ preventScroll: true });
    history.replaceState(history.state, "", link.hash);
  }

  private mark(finding: string, scroll: boolean): void {
    for (const old of this.querySelectorAll(".chosen")) old.classList.remove("chosen");
    const marks = marksOf(this, finding);
    for (const mark of marks) mark.classList.add("chosen");
    this.querySelector(`[data-card="${CSS.escape(finding)}"]`)?.classList.add("chosen");
    const first = marks[0];
    if (first) {
      first.closest<HTMLDetailsElement>("details")?.setAttribute("open", "");
      const pane = first.closest<HTMLElement>("[data-pane]");
      // Beside each other both are visible; on a phone only the chosen pane is.
      if (scroll || (pane && pane.clientHeight > 0)) scrollInPane(first);
    }
  }

  /** On a phone only one pane is shown; the style sheet reads which. */
  private showPane(name: string): void {
    this.dataset.now = name;
  }
}

export function registerSource(): void {
  if (!customElements.get("hutong-source")) customElements.define("hutong-source", Source);
}
