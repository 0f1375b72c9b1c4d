// Runs explore.ipynb once when JupyterLab has opened it, so that nobody needs to know how.
// JupyterLab loads such a file as a module container: an object with `init` and `get`.
(() => {
  const NAME = "nmsdreports-run";
  const WAIT = 250;
  const MOST_WAITS = 240;

  const pause = () => new Promise((done) => setTimeout(done, WAIT));

  const opened = (app) => {
    const panel = app.shell.currentWidget;
    return panel?.context?.path?.endsWith("explore.ipynb") ? panel : null;
  };

  const runOnce = async (app) => {
    await app.restored;
    for (let waits = 0; waits < MOST_WAITS && !opened(app); waits++) await pause();
    const panel = opened(app);
    if (!panel) return;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session?.kernel?.info;
    await app.commands.execute("notebook:run-all-cells");
    panel.content.activeCellIndex = 0;
    panel.content.node.querySelector(".jp-WindowedPanel-outer")?.scrollTo(0, 0);
  };

  const plugin = {
    id: `${NAME}:plugin`,
    autoStart: true,
    activate: (app) => {
      runOnce(app);
    },
  };

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB[NAME] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
