#!/usr/bin/env bash
# Makes archives of the command line tool that need no .NET: artifacts/archives/gradcam-VERSION-PLATFORM.tar.gz.
#
#   deploy/archives/make.sh                        for every platform
#   deploy/archives/make.sh linux-x64 win-x64      for these
#
# The same sources make the same bytes: times in the archive are that of the last commit, or SOURCE_DATE_EPOCH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
platforms=("$@")
[ ${#platforms[@]} -gt 0 ] || platforms=(linux-x64 linux-arm64 win-x64 win-arm64 osx-arm64)
version="$(sed -nE 's/.*<VersionPrefix>(.*)<.*/\1/p' Directory.Build.props)"
epoch="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
archives="$PWD/artifacts/archives"
mkdir -p "$archives"
for platform in "${platforms[@]}"; do
  name="gradcam-$version-$platform"
  rm -rf "${archives:?}/$name"
  dotnet publish src/GradCamSharp.Cli --configuration Release --runtime "$platform" --self-contained -p:PublishReadyToRun=true \
    -p:GenerateDocumentationFile=false -p:EnforceCodeStyleInBuild=false -p:CI=true --nologo --verbosity quiet --output "$archives/$name"
  cp LICENSE NOTICE "$archives/$name"
  tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --directory "$archives" --create "$name" \
    | gzip --no-name --best > "$archives/$name.tar.gz.part"
  mv "$archives/$name.tar.gz.part" "$archives/$name.tar.gz"
  rm -rf "${archives:?}/$name"
  echo "$archives/$name.tar.gz"
done
