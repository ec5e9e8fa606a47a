// Leaving a form with changes asks first. Forms opt in with data-guard.

const changed = new WeakSet<HTMLFormElement>();
let sending = false;

function dirtyForm(): HTMLFormElement | undefined {
  return [...document.querySelectorAll<HTMLFormElement>("form[data-guard]")].find((form) => changed.has(form));
}

export function guardUnsavedChanges(): void {
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-guard]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    changed.delete(event.target as HTMLFormElement);
    sending = true;
    setTimeout(() => (sending = false), 2000);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && dirtyForm()) event.preventDefault();
  });
  document.addEventListener("htmx:confirm", (event) => {
    const form = dirtyForm();
    if (!form || form === (event.target as Element)) return;
    const text = document.querySelector<HTMLMetaElement>('meta[name="hutong-leave-warning"]')?.content ?? "";
    if (!window.confirm(text)) event.preventDefault();
    else changed.delete(form);
  });
}
