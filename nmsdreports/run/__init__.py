"""run: one month, unattended, from a folder of spreadsheets to a folder of reports.

In: what a person asked for (a source, a month, perhaps some schools). Out: an edition, that is a
new folder under `reports` with an index, the schools' reports, the office's, the data, a manifest.
`plan` checks everything that can be checked before the first notebook; `lock` lets in one run at a
time; `month` is the list of the steps; `reports` makes those that `resume` does not find finished;
`workers` are the processes that make them, in which `execute` runs one notebook after the other and
takes machine, user and time out of what it leaves; `snapshots` writes the data; `publish` keeps
whole what readers see; `verify` proves it.

Traps: readers must never meet half an edition, so all is written into a staging folder beside the
final one and renamed; Papermill accepts a misspelt parameter without a word and formats braces in
paths; every worker is a process that must be gone at the end.
"""
