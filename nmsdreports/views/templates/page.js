// A chart keeps its height and follows its box in width alone: left to itself Plotly takes also the
// height of what stands beside it, and covers on paper what is then below. On paper, and behind a
// closed heading, where nothing has a width, it takes the widest that fits a page.
const paper = matchMedia("print");
const widthOf = (drawing) => (paper.matches ? 0 : drawing.clientWidth) || 620;
const fit = (drawings) => {
  for (const drawing of drawings) Plotly.relayout(drawing, { width: widthOf(drawing) });
};
const all = () => document.querySelectorAll("[data-chart]");
for (const drawing of all()) {
  const figure = JSON.parse(document.getElementById(drawing.dataset.chart).textContent);
  drawing.textContent = "";
  Plotly.newPlot(drawing, figure.data, { ...figure.layout, width: widthOf(drawing) }, {
    staticPlot: true, displayModeBar: false, showSendToCloud: false,
  });
}
addEventListener("resize", () => fit(all()));
paper.addEventListener("change", () => fit(all()));
document.addEventListener("toggle", (event) => fit(event.target.querySelectorAll("[data-chart]")), true);
