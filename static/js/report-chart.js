/* Charts of reports, drawn by Plotly from the JSON beside them. Until it is there, and where it fails, our own SVG stands in
   its place. Colours are names of the page's custom properties, so both schemes fit; arrow keys walk the points and say each. */
const COLOURS = new Set(["accent", "accent-2", "accent-soft", "good", "warn", "bad", "ink", "ink-2", "ink-3", "line", "line-2"]);

function resolver(holder) {
  const probe = holder.appendChild(document.createElement("i"));
  probe.hidden = true;
  const known = new Map();
  return {
    colour(name) {
      if (!known.has(name)) {
        probe.style.color = `var(--${name})`;
        known.set(name, getComputedStyle(probe).color);
      }
      return known.get(name);
    },
    done: () => probe.remove(),
  };
}

function coloured(value, colour) {
  if (typeof value === "string") return COLOURS.has(value) ? colour(value) : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, colour));
  if (value && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, /color/.test(key) || typeof one === "object" ? coloured(one, colour) : one]),
    );
  return value;
}

function draw(holder, figure) {
  const { colour, done } = resolver(document.body);
  const data = coloured(figure.data, colour);
  const given = coloured(figure.layout, colour);
  const narrow = holder.clientWidth < 520;
  const layout = {
    ...given,
    margin: { l: narrow ? 44 : 56, r: narrow ? 30 : 54, t: given.showlegend ? 36 : 12, b: 34 },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: getComputedStyle(document.body).fontFamily, size: 11.5, color: colour("ink-2") },
    hoverlabel: { bgcolor: colour("line"), bordercolor: colour("line-2"), font: { color: colour("ink") }, align: "left" },
    dragmode: false,
    bargap: 0.28,
  };
  done();
  for (const axis of ["xaxis", "yaxis"])
    if (narrow && layout[axis].ticktext)
      layout[axis].ticktext = layout[axis].ticktext.map((text) => (text.length > 16 ? `${text.slice(0, 15)}…` : text));
  return window.Plotly.react(holder, data, layout, { displayModeBar: false, responsive: true });
}

function walk(holder, figure) {
  const live = document.createElement("p");
  live.className = "sr";
  live.setAttribute("aria-live", "polite");
  holder.after(live);
  holder.tabIndex = 0;
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-roledescription", "chart; arrow keys go from point to point");
  holder.setAttribute("aria-label", holder.closest("section").querySelector("h2").textContent);
  let trace = 0;
  let point = -1;
  holder.addEventListener("keydown", (event) => {
    const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    if (!(event.key in moves) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [across, along] = moves[event.key];
    // In one series every arrow goes along it; lying bars are read from the top.
    const step = figure.says.length === 1 ? across + along : along;
    if (figure.says.length > 1 && across) trace = Math.min(Math.max(trace + across, 0), figure.says.length - 1);
    point = Math.min(Math.max(point + (step || (point < 0 ? 1 : 0)), 0), figure.says[trace].length - 1);
    live.textContent = figure.says[trace][point] || "Not known";
    window.Plotly.Fx.hover(holder, [{ curveNumber: trace, pointNumber: point }]);
  });
  holder.addEventListener("blur", () => window.Plotly.Fx.unhover(holder));
}

const charts = [];
function start(holder) {
  const figure = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  const before = [...holder.childNodes];
  const plot = document.createElement("div");
  plot.className = "plot";
  holder.append(plot);
  try {
    draw(plot, figure);
  } catch (error) {
    plot.remove(); // the SVG stays
    console.error(error);
    return;
  }
  for (const node of before) node.remove();
  walk(plot, figure);
  charts.push([plot, figure]);
}

function again() {
  for (const [plot, figure] of charts) if (plot.isConnected) draw(plot, figure);
}

if (window.Plotly) {
  for (const holder of document.querySelectorAll("[data-chart]")) start(holder);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}
