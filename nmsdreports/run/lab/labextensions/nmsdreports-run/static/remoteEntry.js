// Runs explore.ipynb once when JupyterLab has opened it, so that nobody needs to know how, and
// keeps what is typed in boxes and tables from JupyterLab, to which `d d` means: delete a cell.
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

  // Inside this class JupyterLab takes no key of its own; it sets and clears it by itself for boxes
  // of text, at each change of focus, before this listener further out hears of it.
  const keepKeys = (panel) => {
    panel.node.addEventListener("focusin", (event) => {
      if (event.target.closest(".jp-OutputArea")) panel.content.node.classList.add("jp-mod-readWrite");
    });
  };

  const toTop = (panel) => {
    panel.content.activeCellIndex = 0;
    panel.content.node.querySelector(".jp-WindowedPanel-outer")?.scrollTo(0, 0);
  };

  // Running all cells goes to the last one; the view stays at the top until someone moves it.
  const stayAtTop = async (panel, done) => {
    const moves = ["wheel", "pointerdown", "keydown"];
    let moved = false;
    const leave = () => (moved = true);
    for (const move of moves) panel.node.addEventListener(move, leave, { capture: true, once: true });
    let over = false;
    done.finally(() => (over = true));
    for (; !over && !moved; await pause()) toTop(panel);
    await done;
    if (!moved) toTop(panel);
    for (const move of moves) panel.node.removeEventListener(move, leave, { capture: true });
  };

  const runOnce = async (app) => {
    await app.restored;
    // the list of files takes a quarter of the room that tables need; its button brings it back
    app.shell.collapseLeft?.();
    for (let waits = 0; waits < MOST_WAITS && !opened(app); waits++) await pause();
    const panel = opened(app);
    if (!panel) return;
    await panel.context.ready;
    keepKeys(panel);
    await panel.sessionContext.ready;
    await panel.sessionContext.session?.kernel?.info;
    await stayAtTop(panel, app.commands.execute("notebook:run-all-cells"));
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
