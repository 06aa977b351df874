/* Charts of reports, drawn by Plotly from the JSON beside them. Until it is there, and where it fails, our own SVG stands in
   its place. Colours are names of the page's custom properties, so both schemes fit; arrow keys walk the points and say each. */
const COLOURS = new Set(["accent", "accent-soft", "series-2", "series-3", "series-4", "good", "warn", "bad", "ink", "ink-2", "ink-3", "line", "line-2"]);

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

/* Names of colours stand under keys that say so, alone or in a list. Every other text is somebody's own: a stage may be called "line". */
function coloured(value, colour, isColour = false) {
  if (typeof value === "string") return isColour && COLOURS.has(value) ? colour(value) : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, colour, isColour));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, colour, /color/.test(key))]));
  return value;
}

/* A name for a phone. Texts are escaped for Plotly already, and none is cut within an escape. */
function cut(text) {
  const letters = text.match(/&(?:lt|gt|amp);|[^]/gu) ?? [];
  return letters.length > 16 ? `${letters.slice(0, 15).join("")}…` : text;
}

/* Names of lines stand right of their ends, figures right of lying bars, and need room there; a ninth of the drawing is left free
   already. */
function roomFor({ data, layout }, width) {
  const names = layout.annotations.filter((one) => one.xanchor === "left").map((one) => one.text.length * 6.6 + 14);
  const bars = data.filter((one) => one.orientation === "h" && one.textposition === "outside").flatMap((one) => one.text);
  return Math.max(0, ...names, ...bars.map((text) => text.length * 6.6 + 10 - width * 0.06));
}

function draw(holder, figure) {
  const { colour, done } = resolver(document.body);
  const data = coloured(figure.data, colour);
  const given = coloured(figure.layout, colour);
  const narrow = holder.clientWidth < 520;
  // On a phone a stack has no room for the names in it.
  const showlegend = given.showlegend || (narrow && given.barmode === "overlay" && data.length > 1);
  const named = given.annotations.some((one) => one.yshift && one.xanchor !== "left");
  const layout = {
    ...given,
    showlegend,
    margin: { l: narrow ? 44 : 56, r: Math.max(narrow ? 30 : 54, roomFor(figure, holder.clientWidth)), t: showlegend ? 36 : named ? 24 : 12, b: 34 },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: getComputedStyle(document.body).fontFamily, size: 11.5, color: colour("ink-2") },
    hoverlabel: { bgcolor: colour("line"), bordercolor: colour("line-2"), font: { color: colour("ink") }, align: "left" },
    dragmode: false,
    bargap: 0.28,
  };
  done();
  if (narrow) for (const axis of [layout.xaxis, layout.yaxis]) if (axis.ticktext) axis.ticktext = axis.ticktext.map(cut);
  // Bars that stand keep all their names; of days and figures a few are enough.
  const isStanding = data[0].type === "bar" && data[0].orientation === "v";
  if (narrow && layout.xaxis.ticktext && !isStanding) {
    const every = Math.ceil(layout.xaxis.tickvals.length / Math.max(2, (holder.clientWidth - layout.margin.l - layout.margin.r) / 90));
    for (const key of ["tickvals", "ticktext"]) layout.xaxis[key] = layout.xaxis[key].filter((_, place) => place % every === 0);
  }
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
  const say = () => {
    live.textContent = figure.says[trace][point] || "Not known";
    window.Plotly.Fx.hover(holder, [{ curveNumber: trace, pointNumber: point }]);
  };
  holder.addEventListener("keydown", (event) => {
    if ((event.key === "Home" || event.key === "End") && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      point = event.key === "Home" ? 0 : figure.says[trace].length - 1;
      return say();
    }
    const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    if (!(event.key in moves) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [across, along] = moves[event.key];
    // In one series every arrow goes along it; lying bars are read from the top.
    const step = figure.says.length === 1 ? across + along : along;
    if (figure.says.length > 1 && across) trace = Math.min(Math.max(trace + across, 0), figure.says.length - 1);
    point = Math.min(Math.max(point + (step || (point < 0 ? 1 : 0)), 0), figure.says[trace].length - 1);
    say();
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
  for (const [plot, figure] of charts) if (plot.isConnected && plot.checkVisibility()) draw(plot, figure);
}

/* A chart or its table: the style sheet shows the one that is chosen, here the address remembers it. What was hidden has no width,
   so it is drawn once it is seen. */
function shapes({ target }) {
  if (!target.matches(".report-chart input[type=radio]")) return;
  const url = new URL(location.href);
  const key = target.name.replace("shape-", "");
  const others = url.searchParams.getAll("as_table").filter((one) => one !== key);
  url.searchParams.delete("as_table");
  for (const one of target.value === "table" ? [...others, key] : others) url.searchParams.append("as_table", one);
  history.replaceState(history.state, "", url);
  if (!window.Plotly) return;
  again(); // the window may have another width by now
  seen();
}
document.addEventListener("change", shapes);

const started = new WeakSet();
function seen() {
  for (const holder of document.querySelectorAll("[data-chart]"))
    if (holder.checkVisibility() && !started.has(holder)) {
      started.add(holder);
      start(holder);
    }
}

if (window.Plotly) {
  seen();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}
