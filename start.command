#!/bin/sh
# A double click on a Mac: sets up what is missing, then opens the notebook to explore in.
cd "$(dirname "$0")" || exit 1
exec python3 start.py explore
