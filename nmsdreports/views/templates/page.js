for (const drawing of document.querySelectorAll("[data-chart]")) {
  const figure = JSON.parse(document.getElementById(drawing.dataset.chart).textContent);
  drawing.textContent = "";
  Plotly.newPlot(drawing, figure.data, figure.layout, {
    staticPlot: true, displayModeBar: false, showSendToCloud: false, responsive: true,
  });
}
