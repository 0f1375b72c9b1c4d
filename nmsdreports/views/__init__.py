"""What people look at: pages, workbooks, charts and the tables that leave the program.

Comes in: an Edition, which `audience.edition` cuts out of a Standing for one audience; for views of
the input (problems, repair) the Records. Goes out: files, and Plotly figures for a notebook.
Data flows audience -> sentences, charts -> page and workbook; every sentence a person reads is made
in `sentences`, every colour, mark and format stands in `theme.toml`.

Traps: no view computes a verdict, and only `audience` knows the policy floor. An Edition already
holds only what its reader may see, so a view never filters for secrecy. A percentage is the whole
number rounded down from its counts. Nothing that depends on the clock, the machine or the order of
a set may reach a file: the same input gives the same bytes.
"""
