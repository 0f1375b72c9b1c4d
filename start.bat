@echo off
rem Double click on Windows: makes the reports of the made-up district and waits.
cd /d "%~dp0"
py -3 start.py report
if errorlevel 9009 echo Python is not installed yet: get it from python.org, then double click again.
pause
