/* A deal's score over time, drawn by Plotly from the JSON beside it. Colours come from the page, so both schemes fit. */
const holder = document.getElementById("score-chart");
const data = JSON.parse(document.getElementById(holder.dataset.source).textContent);
const resolve = (name) => {
  // light-dark() and the like are resolved by giving the value to a real property.
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  holder.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

function draw() {
  const ink = resolve("--ink-2");
  const line = resolve("--line");
  const accent = resolve("--accent");
  const soft = resolve("--accent-soft");
  const at = [...data.points.map((point) => point.at), data.until];
  const last = data.points.at(-1);
  const text = [...data.points, last].map((point) => point.text.join("<br>"));
  const end = (key) => [...data.points.map((point) => point[key]), last[key]];
  const shape = { mode: "lines+markers", line: { shape: "hv", color: accent, width: 2 }, marker: { size: 6, color: accent }, x: at };
  const traces = [
    { ...shape, y: end("low"), hoverinfo: "skip", name: "Lowest" },
    { ...shape, y: end("high"), fill: "tonexty", fillcolor: soft, text, hovertemplate: "%{text}<extra></extra>", name: "Highest" },
  ];
  const floors = data.classes.filter((one) => one.floor > data.scale[0]);
  const layout = {
    margin: { l: 28, r: 22, t: 8, b: 28 },
    height: holder.clientHeight,
    showlegend: false,
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: getComputedStyle(document.body).fontFamily, size: 11.5, color: ink },
    hoverlabel: { bgcolor: resolve("--sheet"), bordercolor: line, font: { color: resolve("--ink") }, align: "left" },
    xaxis: { type: "date", showgrid: false, linecolor: line, fixedrange: true, tickangle: 0, nticks: Math.max(2, Math.floor(holder.clientWidth / 110)) },
    yaxis: { range: [data.scale[0] - 0.1, data.scale[1] + 0.1], dtick: 1, gridcolor: line, zeroline: false, fixedrange: true },
    shapes: floors.map((one) => ({ type: "line", xref: "paper", x0: 0, x1: 1, y0: one.floor, y1: one.floor, line: { color: ink, width: 1, dash: "dot" } })),
    annotations: floors.map((one) => ({ xref: "paper", x: 1.02, y: one.floor, yanchor: "bottom", xanchor: "left", text: one.key, showarrow: false })),
  };
  window.Plotly.react(holder, traces, layout, { displayModeBar: false, responsive: true });
}

draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
new MutationObserver(draw).observe(document.documentElement, { attributes: true });
