// Light and night. The link sets a cookie and comes back; here the same happens without leaving the page.

type Theme = "light" | "night";

/** What is shown now, the machine's preference included. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "night") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "light";
}

function describe(link: HTMLAnchorElement): void {
  const next: Theme = currentTheme() === "night" ? "light" : "night";
  const words = link.querySelector(".tool-words");
  const label = next === "night" ? link.dataset.labelNight : link.dataset.labelLight;
  if (words && label) words.textContent = label;
  link.dataset.next = next;
  link.href = link.href.replace(/\/theme\/(light|night|auto)/, `/theme/${next}`);
}

export function switchTheme(): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-theme-switch]");
  if (!link) return;
  describe(link);
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const next = link.dataset.next as Theme;
    document.documentElement.dataset.theme = next;
    document.cookie = `hutong_theme=${next}; Path=/; Max-Age=31536000; SameSite=Lax`;
    describe(link);
    document.dispatchEvent(new CustomEvent("hutong:theme"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    describe(link);
    document.dispatchEvent(new CustomEvent("hutong:theme"));
  });
}
