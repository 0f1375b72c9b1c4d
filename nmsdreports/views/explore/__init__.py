"""What a person explores with in JupyterLab: choosers, and panels that follow them.

Comes in: a Choice (month, school, guideline, status), the rows that it chooses, and an Edition of
the accounts that are shown. Goes out: the outputs of widgets, and a workbook to take away.
Data flows choice -> chosen -> panels; `widgets` holds the boxes and buttons, `blocks` turns what
page and report show into outputs.

Traps: what a widget shows is not saved with the notebook, what a cell prints is: so everything
from the registry is shown in widgets, and free words of the log only after a click. A large
district has more rows than a browser can hold: a panel shows the first ones and says how many.
"""
