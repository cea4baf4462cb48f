@echo off
rem Builds the tool on first use, and whenever a source file is newer, then runs it. As gradcam, for Windows.
setlocal
set "ROOT=%~dp0"
set "TOOL=%ROOT%artifacts\gradcam\gradcam.dll"
powershell -NoProfile -Command "$tool = Get-Item $env:TOOL -ErrorAction SilentlyContinue; $sources = Get-ChildItem (Join-Path $env:ROOT 'src') -Recurse -File; $sources += Get-Item (Join-Path $env:ROOT 'Directory.*.props'); if (-not $tool -or ($sources | Where-Object { $_.LastWriteTimeUtc -gt $tool.LastWriteTimeUtc } | Select-Object -First 1)) { exit 1 }"
if errorlevel 1 (
  echo Building gradcam ... 1>&2
  dotnet publish "%ROOT%src\GradCamSharp.Cli" --configuration Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true --output "%ROOT%artifacts\gradcam" --verbosity quiet --nologo 1>&2 || exit /b 1
  powershell -NoProfile -Command "(Get-Item $env:TOOL).LastWriteTimeUtc = [DateTime]::UtcNow"
)
set "GRADCAM_COMMAND=%~0"
dotnet "%TOOL%" %*
exit /b %ERRORLEVEL%
