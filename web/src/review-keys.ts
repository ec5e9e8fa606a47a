// Keys for reviewing: j next, k previous, a accept, x reject, e correct, d to the words in the document.

function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-card]")].filter((card) => card.offsetParent !== null);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function move(step: number): void {
  const all = cards();
  if (all.length === 0) return;
  const active = document.activeElement?.closest<HTMLElement>("[data-card]") ?? null;
  const chosen = active ?? document.querySelector<HTMLElement>("[data-card].chosen");
  const from = chosen ? all.indexOf(chosen) : -1;
  const next = all[Math.min(all.length - 1, Math.max(0, from + step))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function press(selector: string): void {
  const card = document.activeElement?.closest<HTMLElement>("[data-card]");
  card?.querySelector<HTMLElement>(selector)?.click();
}

export function registerReviewKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
    if (!document.querySelector("hutong-source")) return;
    switch (event.key) {
      case "j":
        move(1);
        break;
      case "k":
        move(-1);
        break;
      case "a":
        press("[data-key=accept]");
        break;
      case "x":
        press("[data-key=reject]");
        break;
      case "e":
        press("[data-key=correct]");
        break;
      case "d":
        press("[data-key=words]");
        break;
      default:
        return;
    }
    event.preventDefault();
  });
}

// A decision replaces its card; the keyboard then stands on the next one that is open.
document.addEventListener("htmx:afterSwap", (event) => {
  const swapped = (event as CustomEvent).detail?.elt as HTMLElement | undefined;
  const id = swapped?.id ?? "";
  if (!id.startsWith("finding-")) return;
  const card = document.getElementById(id);
  if (!card || card.querySelector("[role=alert]")) {
    card?.focus({ preventScroll: true });
    return;
  }
  const all = cards();
  const next = all.slice(all.indexOf(card) + 1).find((it) => it.dataset.state === "open") ?? card;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
});
