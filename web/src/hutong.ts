// What makes the pages smoother where JavaScript runs. Every page works without it.
import htmx from "htmx.org";
import { switchTheme } from "./theme";
import { guardUnsavedChanges } from "./unsaved";
import { showUploadProgress } from "./upload";
import { registerSource } from "./source";
import { registerReviewKeys } from "./review-keys";
import { closeMenus } from "./menus";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

switchTheme();
guardUnsavedChanges();
showUploadProgress();
registerSource();
registerReviewKeys();
closeMenus();

// A refused form is answered with its problems and a 4xx status; htmx must show it, not drop it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent).detail as { xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean };
  if (detail.xhr.status >= 400 && detail.xhr.getResponseHeader("content-type")?.startsWith("text/html")) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

// The summary of problems takes the focus, so that it is read out and the keyboard starts there.
function focusProblems(): void {
  document.querySelector<HTMLElement>(".error-summary")?.focus();
}
focusProblems();
document.addEventListener("htmx:afterSettle", focusProblems);

// Charts are loaded only where there is one.
function loadCharts(): void {
  if (document.querySelector("hutong-chart")) void import("./chart").then((chart) => chart.register());
}
loadCharts();
document.addEventListener("htmx:afterSettle", loadCharts);
