for (const drawing of document.querySelectorAll("[data-chart]")) {
  const figure = JSON.parse(document.getElementById(drawing.dataset.chart).textContent);
  drawing.textContent = "";
  Plotly.newPlot(drawing, figure.data, figure.layout, {
    staticPlot: true, displayModeBar: false, showSendToCloud: false, responsive: true,
  });
}
const closed = () => document.querySelectorAll("details:not([open])");
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...closed()];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
