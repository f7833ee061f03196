#!/usr/bin/env bash
# Goes back to the release that ran before the last deployment, without a failed request; run again, it goes forward again.
#
#   deploy/rollback.sh [TAG]
#
# Only the programs go back: settings and secrets stay, and so does the schema of the database, on which the release before works,
# too. An update that fails takes itself back; this is for one that seemed well. Back further than one release, or past a changed
# stack file, goes by deploying an older checkout: deploy/deploy.sh there.
set -euo pipefail
# shellcheck source=deploy/swarm.sh
. "$(dirname "$0")/swarm.sh"

case ${1:-} in -*) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;; esac
read_settings
check_swarm
image=$(described storefront '{{.Spec.TaskTemplate.ContainerSpec.Image}}' | sed 's/@.*//')
[ -n "$image" ] || die "the stack $STACK does not run" "Deploy it: deploy/deploy.sh"
now=${image##*:}
to=${1:-$(described storefront '{{index .Spec.Labels "music-store.previous"}}')}
[ -n "$to" ] || die "no release ran before $now, as far as is known" "Name one: deploy/rollback.sh TAG"
[ "$to" != "$now" ] || die "$to is what runs"

# The pages first: they ask for no more than the older data service gives, while older pages ask the newer one for nothing new.
for service in storefront album-graph; do
  before=$(last_update "$service")
  image=$(described "$service" '{{.Spec.TaskTemplate.ContainerSpec.Image}}' | sed 's/@.*//')
  say "$service goes back from $now to $to"
  options=()
  if [ "${image%%/*}" = music-store ]; then options=(--no-resolve-image); else options=(--with-registry-auth); fi
  answer=$(docker service update --detach --quiet "${options[@]}" --image "${image%:*}:$to" --label-add "music-store.previous=$now" \
    "${STACK}_$service" 2>&1) || die "the swarm does not take the image ${image%:*}:$to" "$answer"
  wait_for "$service" "$before"
done
smoke_test
say "the release     $to (deploy/rollback.sh goes forward to $now)"
