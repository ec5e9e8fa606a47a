// Uploads: drag and drop, progress, a way to stop. Without JavaScript the form is an ordinary one.

function size(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function prepare(form: HTMLFormElement): void {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const drop = form.querySelector<HTMLElement>(".drop");
  const chosen = form.querySelector<HTMLElement>(".drop-chosen");
  const progress = form.querySelector<HTMLProgressElement>("progress");
  const status = form.querySelector<HTMLElement>(".upload-status");
  const stop = form.querySelector<HTMLButtonElement>("button[data-stop]");
  const send = form.querySelector<HTMLButtonElement>('button[type="submit"]');
  if (!input || !drop || !progress || !status || !send) return;

  const show = () => {
    const file = input.files?.[0];
    if (chosen) chosen.textContent = file ? `${file.name} · ${size(file.size)}` : "";
    drop.classList.toggle("has-file", Boolean(file));
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (files?.length) {
      input.files = files;
      show();
    }
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    progress.hidden = false;
    progress.removeAttribute("value");
    send.disabled = true;
    if (stop) stop.hidden = false;
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      progress.max = step.total;
      progress.value = step.loaded;
      status.textContent = `${size(step.loaded)} / ${size(step.total)}`;
    });
    request.upload.addEventListener("load", () => {
      progress.removeAttribute("value");
      status.textContent = form.dataset.reading ?? "";
    });
    const finish = () => {
      progress.hidden = true;
      send.disabled = false;
      if (stop) stop.hidden = true;
    };
    request.addEventListener("error", () => {
      finish();
      status.textContent = form.dataset.failed ?? "";
    });
    request.addEventListener("abort", () => {
      finish();
      status.textContent = "";
    });
    request.addEventListener("load", () => {
      // The answer was redirected to the page of the reading, or is this page with its problems.
      if (request.status < 400) {
        window.location.assign(request.responseURL);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const content = page.querySelector("#content");
      if (content) document.querySelector("#content")?.replaceWith(content);
      document.querySelector<HTMLElement>(".error-summary")?.focus();
      showUploadProgress();
    });
    stop?.addEventListener("click", () => request.abort(), { once: true });
    request.send(new FormData(form));
  });
}

export function showUploadProgress(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-upload]").forEach(prepare);
}
document.addEventListener("htmx:afterSettle", showUploadProgress);
