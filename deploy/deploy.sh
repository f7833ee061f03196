#!/usr/bin/env bash
# Deploys the store on a swarm, for the first time or again: secrets, the schema of the database, the services one after the other,
# each only when the one before is well; then it asks for a page. Run again, it changes only what has changed.
#
#   deploy/deploy.sh [--database FILE [--database-ca FILE]] [--migrate FILE] [--mail FILE] [--logs FILE [--logs-ca FILE]]
#
#   --database FILE     the connection string of the SQL Server; not needed with DATABASE=sqlite
#   --database-ca FILE  the certificate (PEM) of the authority that vouches for that, where it is none of the public ones
#   --migrate FILE      the connection string that may change the schema, where it is another
#   --mail FILE         the mail server, smtps://USER:PASSWORD@HOST:PORT
#   --logs FILE         where logs go, syslog+tls://HOST:PORT
#   --logs-ca FILE      the authority of that, likewise
#
# A FILE of - is standard input. What was given once need not be given again; deploy/rotate-secret changes it.
# Settings are in deploy/settings, or the environment: see deploy/settings.example.
set -euo pipefail
# shellcheck source=deploy/swarm.sh
. "$(dirname "$0")/swarm.sh"

read_settings
declare -A given=()
while [ $# -gt 0 ]; do
  case $1 in
    --database | --database-ca | --migrate | --mail | --logs | --logs-ca)
      given[${1#--}]=${2:?"$1 needs a FILE"}
      shift 2 ;;
    *)
      sed -n '2,15s/^# \{0,1\}//p' "$0"
      [ "$1" = --help ] && exit 0 || exit 2 ;;
  esac
done

# --- what must be so before anything is changed

check_swarm
command -v curl >/dev/null || die "curl is not installed, which asks for a page in the end"
TAG=${TAG:-$("$here/../docker/build.sh" --print-tag)}
case ${DATABASE:=sqlserver} in sqlserver | sqlite) ;; *) die "DATABASE=$DATABASE" "It must be sqlserver or sqlite." ;; esac

# What Caddy calls a site: an address without the port, which only the node has.
site() {
  [[ $2 =~ ^(https?://[^/:]+)(:[0-9]+)?$ ]] || die "$1=$2" "It must be http:// or https:// and a host, without a slash at the end."
  printf '%s\n' "${BASH_REMATCH[1]}"
}
SHOP_SITE=$(site SHOP_URL "$SHOP_URL")
# A trial may be called by any name that leads here.
if [ -z "${API_URL:-}" ] && [[ $SHOP_SITE = http://* ]]; then SHOP_SITE=http://; fi
files=("$here/stack.yaml")
if [ "$DATABASE" = sqlite ]; then files+=("$here/sqlite.yaml"); fi
if [ -n "${API_URL:-}" ]; then
  API_SITE=$(site API_URL "$API_URL")
  [ "$SHOP_SITE" != "$API_SITE" ] || die "API_URL and SHOP_URL are the same" "The API needs a host of its own, such as api.shop.example."
  files+=("$here/api.yaml")
  export API_SITE
fi

if [ -z "$(docker node ls --quiet --filter node.label=music-store.edge=true)" ]; then
  nodes=$(docker node ls --format '{{.Hostname}}')
  [ "$(wc -l <<<"$nodes")" = 1 ] || die "no node is said to have the edge" \
    "Choose the one that the shop's name leads to: docker node update --label-add music-store.edge=true NODE"
  docker node update --label-add music-store.edge=true "$(docker info --format "{{.Swarm.NodeID}}")" >/dev/null
fi

options=(--resolve-image never)
if [ -n "${REGISTRY:-}" ]; then
  REGISTRY=${REGISTRY%/}/
  options=(--resolve-image changed --with-registry-auth)
else
  images=(storefront album-graph)
  [ -z "${given[logs]:-}$(secret_at logs logs_destination)" ] || images+=(logs)
  for image in "${images[@]}"; do
    docker image inspect "music-store/$image:$TAG" >/dev/null 2>&1 ||
      die "there is no image music-store/$image:$TAG" "Build it: docker/build.sh, or name in TAG one of: docker image ls music-store/$image"
  done
fi

[ -z "$(secret_at album-graph album_graph_database_newer)" ] ||
  die "the password of the database is being changed" "Finish that: deploy/rotate-secret database FILE, with the new one."

# --- secrets

# A secret as it is given now, or else as the service has it.
secret() {
  local kind=$1 service=$2 place=$3
  if [ -n "${given[$kind]:-}" ]; then make_secret "$4" "${given[$kind]}"; else secret_at "$service" "$place"; fi
}
if [ "$DATABASE" = sqlite ] && [ -z "${given[database]:-}$(secret_at album-graph album_graph_database)" ]; then
  ALBUM_GRAPH_DATABASE_SECRET=$(make_secret album_graph_database - <<<"the database is a file")
else
  ALBUM_GRAPH_DATABASE_SECRET=$(secret database album-graph album_graph_database album_graph_database)
fi
[ -n "$ALBUM_GRAPH_DATABASE_SECRET" ] || die "which database?" \
  "Give the connection string: deploy/deploy.sh --database FILE" "For a trial without a server: DATABASE=sqlite deploy/deploy.sh"
ALBUM_GRAPH_MIGRATE_SECRET=$(secret migrate migrate album_graph_database album_graph_migrate)
: "${ALBUM_GRAPH_MIGRATE_SECRET:=$ALBUM_GRAPH_DATABASE_SECRET}"
ALBUM_GRAPH_CA_SECRET=$(secret database-ca album-graph album_graph_ca album_graph_ca)
if [ -n "$ALBUM_GRAPH_CA_SECRET" ]; then files+=("$here/database-ca.yaml"); fi
ALBUM_GRAPH_MAIL_SECRET=$(secret mail album-graph album_graph_mail album_graph_mail)
if [ -n "$ALBUM_GRAPH_MAIL_SECRET" ]; then
  [ -n "${MAIL_FROM:-}" ] || die "who writes the shop's mails?" "Set MAIL_FROM, such as: Music Store <shop@shop.example>"
  files+=("$here/mail.yaml")
else
  say "note: no mail server is named, so mails stay queued and nobody can sign up (--mail FILE)"
fi
LOGS_DESTINATION_SECRET=$(secret logs logs logs_destination logs_destination)
LOGS_CA_SECRET=$(secret logs-ca logs logs_ca logs_ca)
if [ -n "$LOGS_CA_SECRET" ]; then files+=("$here/logs-ca.yaml"); fi

# --- the services

running_tag() { described "$1" '{{.Spec.TaskTemplate.ContainerSpec.Image}}' | sed 's/@.*//; s/.*://'; }
PREVIOUS_TAG=$(running_tag storefront)
if [ "$PREVIOUS_TAG" = "$TAG" ]; then PREVIOUS_TAG=$(described storefront '{{index .Spec.Labels "music-store.previous"}}'); fi
EDGE_HASH=$(sha256sum "$here/Caddyfile" | cut -c1-12)
RUN=$(date -u +%Y-%m-%dT%H:%M:%SZ)
export TAG REGISTRY PREVIOUS_TAG RUN EDGE_HASH SHOP_SITE MAIL_FROM ALBUM_GRAPH_DATABASE_SECRET ALBUM_GRAPH_CA_SECRET \
  ALBUM_GRAPH_MIGRATE_SECRET ALBUM_GRAPH_MAIL_SECRET LOGS_DESTINATION_SECRET LOGS_CA_SECRET

arguments=()
for file in "${files[@]}"; do arguments+=(--compose-file "$file"); done
stack=$(docker stack config "${arguments[@]}") || die "the stack cannot be put together" "Is each setting of a form that its example has?"

# The stack with one service alone; a $ that a setting brought along is not to be filled in again.
only() {
  awk -v name="  $1:" '/^[^ ]/ { inside = $0 == "services:" } /^  [^ ]/ { taken = $0 == name } !inside || taken || /^[^ ]/' <<<"$stack" |
    sed 's/\$/$$/g'
}

deploy() {
  local answer
  answer=$(only "$1" | docker stack deploy "${options[@]}" --compose-file - "$STACK" 2>&1) ||
    die "the swarm does not take the service $1" "$answer" \
      "Where a network overlaps with another one, set FRONT_SUBNET or GRAPH_SUBNET."
}

deploy_and_wait() {
  local before
  before=$(last_update "$1")
  say "deploying $1"
  deploy "$1"
  wait_for "$1" "$before"
}

# Runs the job, and says what its exit code means.
migrate() {
  local limit=$((SECONDS + ${MIGRATE_WAIT:-3600})) task state code tries
  say "bringing the schema of the database up to date"
  deploy migrate
  while [ $SECONDS -lt "$limit" ]; do
    tries=0
    while read -r task; do
      [ "$(docker inspect --type task --format '{{index .Spec.ContainerSpec.Labels "music-store.run"}}' "$task")" = "$RUN" ] || continue
      tries=$((tries + 1))
      [ $tries -gt 1 ] || read -r state code < <(docker inspect --type task \
        --format '{{.Status.State}} {{with .Status.ContainerStatus}}{{.ExitCode}}{{end}}' "$task")
    done < <(docker service ps --quiet --no-trunc "${STACK}_migrate" 2>/dev/null)
    case $tries:${state:-} in
      *:complete) return ;;
      *:rejected) break ;;
      *:failed)
        # Only a connection that broke is worth trying again, which the swarm does.
        if [ "$code" != 5 ] || [ $tries -gt 2 ]; then break; fi ;;
    esac
    sleep 1
  done
  case ${code:-} in
    3) unwell migrate "the database is newer than the release $TAG" ;;
    4) unwell migrate "a migration that the database has had was changed since in the release $TAG" ;;
    5) unwell migrate "the database cannot be reached" ;;
    *) unwell migrate "the schema could not be brought up to date" ;;
  esac
}

migrate
deploy_and_wait album-graph
deploy_and_wait storefront
deploy_and_wait edge
if [ -n "$LOGS_DESTINATION_SECRET" ]; then deploy_and_wait logs; fi
smoke_test

say ""
say "the shop        $SHOP_URL"
if [ -n "${API_URL:-}" ]; then say "the playground  $API_URL/graphql"; fi
say "the release     $TAG${PREVIOUS_TAG:+ (deploy/rollback.sh goes back to $PREVIOUS_TAG)}"
