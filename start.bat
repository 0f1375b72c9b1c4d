@echo off
rem A double click on Windows: sets up what is missing, then opens the notebook to explore in.
cd /d "%~dp0"
py start.py explore
if errorlevel 1 pause
