#!/usr/bin/env bash
# Builds the images of the store from this checkout, each with the release as its tag.
#
#   docker/build.sh              prints their names; TAG is another tag, REGISTRY stands before the names
#   docker/build.sh --push       and pushes them to REGISTRY
#   docker/build.sh --print-tag  only tells the tag: the version, the commit, and what was changed since
#
# BUILD_OPTIONS are further options of docker build, such as --network host.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
revision=unknown
tag=$version
if commit=$(git rev-parse HEAD 2>/dev/null); then
  revision=$commit tag=$version-${commit:0:12}
  if [ -n "$(git status --porcelain)" ]; then
    changes=$({ git diff HEAD; git ls-files --others --exclude-standard -z | xargs -0r sha256sum; } | sha256sum)
    revision=$commit-changed tag=$tag-${changes:0:8}
  fi
fi
tag=${TAG:-$tag}
case ${1:-} in
  '' | --push) ;;
  --print-tag)
    printf '%s\n' "$tag"
    exit ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "$0"
    exit 2 ;;
esac

read -ra options <<<"${BUILD_OPTIONS:-}"
for program in album-graph storefront logs; do
  name=${REGISTRY:+${REGISTRY%/}/}music-store/$program:$tag
  docker build "${options[@]}" --file docker/Dockerfile --target "$program" --tag "$name" \
    --build-arg "VERSION=$version" --build-arg "REVISION=$revision" . >&2
  if [ "${1:-}" = --push ]; then docker push "$name" >&2; fi
  printf '%s\n' "$name"
done
