for (const drawing of document.querySelectorAll("[data-chart]")) {
  const figure = JSON.parse(document.getElementById(drawing.dataset.chart).textContent);
  drawing.textContent = "";
  Plotly.newPlot(drawing, figure.data, figure.layout, {
    staticPlot: true, displayModeBar: false, showSendToCloud: false, responsive: true,
  });
}
// A chart behind a closed heading was drawn without knowing its width.
document.addEventListener("toggle", (event) => {
  for (const drawing of event.target.querySelectorAll("[data-chart]")) Plotly.Plots.resize(drawing);
}, true);
