// <hutong-chart>: draws the table inside it. Only the kinds that the product uses are bundled.
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

type Role = "value" | "path" | "target" | "forecast" | "band-low" | "band-high";
interface Series {
  label: string;
  role: Role;
  values: (number | null)[];
}

/** Order of colours; forecasts are dashed, targets are thin ink, bands are sky. */
const ORDER = ["--sky", "--door", "--jade", "--amber", "--plum", "--ash"];

function read(element: HTMLElement): { places: string[]; series: Series[] } {
  const heads = [...element.querySelectorAll<HTMLElement>("thead th")].slice(1);
  const rows = [...element.querySelectorAll<HTMLTableRowElement>("tbody tr")];
  const number = (text: string | null | undefined): number | null => {
    const plain = (text ?? "").replace(/[,\s%]/g, "");
    return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
  };
  return {
    places: rows.map((row) => row.cells[0]?.textContent?.trim() ?? ""),
    series: heads.map((head, index) => ({
      label: head.textContent?.trim() ?? "",
      role: (head.dataset.role ?? "value") as Role,
      values: rows.map((row) => number(row.cells[index + 1]?.textContent)),
    })),
  };
}

class Chart extends HTMLElement {
  private drawing: echarts.ECharts | undefined;
  private canvas: HTMLDivElement | undefined;
  private readonly redraw = (): void => this.draw();
  private readonly watch = new ResizeObserver(() => this.drawing?.resize());

  connectedCallback(): void {
    if (!this.canvas) {
      this.canvas = document.createElement("div");
      this.canvas.className = "chart-canvas";
      this.canvas.setAttribute("role", "img");
      this.canvas.setAttribute("aria-label", this.getAttribute("aria-label") ?? "");
      this.prepend(this.canvas);
      const details = this.querySelector("details");
      if (details) details.open = false;
    }
    this.watch.observe(this.canvas);
    document.addEventListener("hutong:theme", this.redraw);
    this.draw();
  }

  disconnectedCallback(): void {
    this.watch.disconnect();
    document.removeEventListener("hutong:theme", this.redraw);
    this.drawing?.dispose();
    this.drawing = undefined;
  }

  private draw(): void {
    if (!this.canvas) return;
    const style = getComputedStyle(this);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    const { places, series } = read(this);
    const bars = this.getAttribute("kind") === "bar";
    const time = !bars && places.every((place) => /^\d{4}-\d{2}-\d{2}$/.test(place));
    const point = (index: number, value: number | null) => (time ? [places[index], value] : value);
    const text = { color: token("--ash"), fontFamily: style.fontFamily, fontSize: 12 };
    const quiet = { lineStyle: { color: token("--brick") } };
    const low = series.find((it) => it.role === "band-low");
    let colour = 0;

    const drawn: object[] = series.flatMap((it): object[] => {
      const data = it.values.map((value, index) => point(index, value));
      const base = { name: it.label, type: bars ? "bar" : "line", data, connectNulls: true };
      switch (it.role) {
        case "band-low":
          return [{ ...base, stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } }];
        case "band-high": {
          const height = it.values.map((value, index) => {
            const from = low?.values[index];
            return point(index, value === null || from === null || from === undefined ? null : value - from);
          });
          const area = { color: token("--sky"), opacity: 0.16 };
          return [{ ...base, data: height, stack: "band", symbol: "none", lineStyle: { opacity: 0 }, areaStyle: area, silent: true }];
        }
        case "target":
          return [{
            ...base, type: "line", symbol: "none", lineStyle: { color: token("--ink"), width: 1 },
            itemStyle: { color: token("--ink") },
            endLabel: { show: true, formatter: (it: { value: unknown }) => String(Array.isArray(it.value) ? it.value[1] : it.value), color: token("--ink") },
          }];
        case "path":
          return [{
            ...base, type: "line", symbol: "none", lineStyle: { color: token("--ash"), width: 1.25 },
            itemStyle: { color: token("--ash") },
          }];
        default: {
          const ink = token(ORDER[colour++ % ORDER.length] ?? "--sky");
          const dashed = it.role === "forecast" ? "dashed" : "solid";
          return [{
            ...base, symbolSize: 7, symbol: it.role === "forecast" ? "emptyCircle" : "circle", barMaxWidth: 22,
            itemStyle: { color: ink, borderRadius: bars ? [0, 3, 3, 0] : 0 }, lineStyle: { color: ink, width: 2, type: dashed },
          }];
        }
      }
    });

    const values = { type: "value", axisLabel: text, splitLine: quiet, axisLine: { show: false }, scale: !bars };
    const axis = time
      ? { type: "time", axisLabel: { ...text, hideOverlap: true, formatter: "{yyyy}-{MM}" }, axisLine: quiet, axisTick: quiet }
      : { type: "category", data: places, axisLabel: { ...text, width: 120, overflow: "truncate" }, axisLine: quiet, axisTick: { show: false }, inverse: bars };
    const height = bars ? Math.max(140, places.length * 30 + 60) : 280;
    this.canvas.style.height = `${height}px`;

    this.drawing ??= echarts.init(this.canvas);
    this.drawing.setOption(
      {
        animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
        animationDuration: 300,
        grid: { left: 8, right: 48, top: 36, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 8, textStyle: text, data: series.filter((it) => !it.role.startsWith("band")).map((it) => it.label) },
        // Drawn on the canvas: a tooltip of HTML would need inline styles, which the site forbids.
        tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--sheet"), borderColor: token("--brick"), textStyle: { ...text, color: token("--ink") } },
        xAxis: bars ? values : axis,
        yAxis: bars ? axis : values,
        series: drawn,
      },
      { notMerge: true },
    );
    this.drawing.resize();
  }
}

export function register(): void {
  if (!customElements.get("hutong-chart")) customElements.define("hutong-chart", Chart);
}
