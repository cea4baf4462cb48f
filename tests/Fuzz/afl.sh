#!/usr/bin/env bash
# Feeds a harness inputs that afl++ chooses by coverage. Needs afl++ (a Debian package) and the tool sharpfuzz
# (dotnet tool install --global SharpFuzz.CommandLine). Findings lie in artifacts/fuzz/HARNESS.
set -euo pipefail
[ $# -ge 1 ] || { echo "Usage: tests/Fuzz/afl.sh HARNESS [options of afl-fuzz]" >&2; exit 2; }
harness=$1; shift
cd "$(dirname "$0")/../.."
for program in afl-fuzz sharpfuzz; do command -v $program >/dev/null || { echo "$program is not installed." >&2; exit 1; }; done

build=artifacts/fuzz/build
rm -rf "$build"
dotnet publish tests/Fuzz -c Release -o "$build" -v q
dotnet "$build/GradCamSharp.Fuzz.dll" corpus artifacts/fuzz/corpus
for library in OnnxGrad GradCamSharp GradCamSharp.Evaluation GradCamSharp.Evaluation.Parquet GradCamSharp.Web; do sharpfuzz "$build/$library.dll"; done
AFL_SKIP_BIN_CHECK=1 exec afl-fuzz -i "artifacts/fuzz/corpus/$harness" -o "artifacts/fuzz/$harness" -t 20000 -m none "$@" \
  dotnet "$build/GradCamSharp.Fuzz.dll" afl "$harness"
