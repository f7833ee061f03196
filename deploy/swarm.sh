# shellcheck shell=bash
# What the scripts of this folder share: settings, secrets with versions, and waiting for a service to be what it should be.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf '%s\n' "$*" >&2; }

# Ends with what is wrong, and what to do about it on further lines.
die() {
  say "" "error: $1"
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# Settings are environment variables, or lines NAME=VALUE of the file that SETTINGS names; the environment counts first.
read_settings() {
  local file=${SETTINGS:-$here/settings} name value
  if [ -e "$file" ]; then
    while IFS='=' read -r name value || [ -n "$name" ]; do
      case $name in
        '' | '#'*) ;;
        *[!A-Z_]*) die "$file: \"$name\" is no setting" "A line is NAME=VALUE, without quotes or blanks around the name." ;;
        *) [ -n "${!name+set}" ] || export "$name=$value" ;;
      esac
    done <"$file"
  elif [ -n "${SETTINGS:-}" ]; then
    die "the file of settings $file is not there"
  fi
  export STACK=${STACK:-music-store} SHOP_URL=${SHOP_URL:-http://localhost}
}

check_swarm() {
  command -v docker >/dev/null || die "docker is not installed" "See https://docs.docker.com/engine/install/."
  docker stack config --help >/dev/null 2>&1 || die "this docker command is too old" "It must be 23.0 or newer."
  local state
  state=$(docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}' 2>&1) ||
    die "no Docker Engine answers" "$state" "Is it running, and may you use it?"
  case $state in
    'active true') ;;
    active*) die "this node is no manager of its swarm" "Run this on a manager, or name one in DOCKER_HOST=ssh://USER@NODE." ;;
    *) die "there is no swarm" "Make one: docker swarm init --advertise-addr ADDRESS-OF-THIS-NODE" ;;
  esac
}

# A field of a service's description, by a template; nothing where there is no such service.
described() { docker service inspect "${STACK}_$1" --format "$2" 2>/dev/null || true; }

# The secret that a service has at a place below /run/secrets.
secret_at() {
  described "$1" '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.File.Name}} {{.SecretName}}{{"\n"}}{{end}}' |
    awk -v place="$2" '$1 == place { print $2 }'
}

# Makes a secret of what a file holds, or standard input where that is -, and prints its name. The name has a hash of the content:
# the same content is the same secret, and another content is another one.
make_secret() {
  local kind=$1 file=$2 content name made
  if [ "$file" = - ]; then content=$(cat); else content=$(cat -- "$file") || die "cannot read $file"; fi
  [ -n "${content//[[:space:]]/}" ] || die "the secret in $file is empty"
  name=${kind}_$(printf %s "$content" | sha256sum | cut -c1-12)
  if ! docker secret inspect "$name" >/dev/null 2>&1; then
    # With this label `docker stack rm` removes it, too.
    made=$(printf %s "$content" | docker secret create --label "com.docker.stack.namespace=$STACK" "$name" - 2>&1) ||
      die "the swarm does not take the secret $name" "$made"
    say "made the secret $name"
  fi
  printf '%s\n' "$name"
}

# When the update of a service began that is its last one so far.
last_update() { described "$1" '{{with .UpdateStatus}}{{.StartedAt}}{{end}}'; }

# Waits until every task of a service is as the service says, and a rolling update has come to its end. The second argument is
# last_update from before the change.
wait_for() {
  local service=$1 before=$2 limit=$((SECONDS + ${WAIT:-600})) update state wanted now right failed
  while [ $SECONDS -lt "$limit" ]; do
    update=$(last_update "$service")
    state=$(described "$service" '{{with .UpdateStatus}}{{.State}}{{end}}')
    case $state in
      rollback_completed | rollback_paused | paused)
        [ "$update" = "$before" ] || unwell "$service" "the update of $service failed, and was taken back ($state)" ;;
    esac
    read -r right now failed < <(count_tasks "$service")
    wanted=$(docker service ls --format '{{.Name}} {{.Replicas}}' |
      awk -v name="${STACK}_$service" '$1 == name { split($2, of, "/"); print of[2] }')
    case $state in
      updating | rollback_started) ;;
      *)
        if [ "$right" = "$wanted" ] && [ "$now" = "$wanted" ]; then return; fi
        [ "$failed" -lt 3 ] || unwell "$service" "$service does not start" ;;
    esac
    sleep 1
  done
  unwell "$service" "$service is not what it should be after ${WAIT:-600} seconds"
}

# What makes a task another one; of the rest, the swarm's own defaults are in the service's description but not in the task's.
template='{{with .ContainerSpec}}{{json .Image}}{{json .Args}}{{json .Env}}{{json .Labels}}{{json .User}}{{json .Mounts}}{{json .Secrets}}
{{- json .Configs}}{{json .Healthcheck}}{{end}}{{json .Resources}}{{json .Networks}}{{json .Placement}}
{{- json .LogDriver}}{{.ForceUpdate}}'

# How many tasks of a service run as it says now, how many should run, and how many of the kind it says now have failed.
count_tasks() {
  local wanted tasks desired state spec right=0 now=0 failed=0
  wanted=$(described "$1" "{{with .Spec.TaskTemplate}}$template{{end}}")
  tasks=$(docker service ps --quiet --no-trunc "${STACK}_$1" 2>/dev/null) || tasks=
  if [ -n "$tasks" ]; then
    while read -r desired state spec; do
      if [ "$desired" = running ]; then
        now=$((now + 1))
        if [ "$state" = running ] && [ "$spec" = "$wanted" ]; then right=$((right + 1)); fi
      elif [ "$spec" = "$wanted" ] && { [ "$state" = failed ] || [ "$state" = rejected ]; }; then
        failed=$((failed + 1))
      fi
    done < <(xargs docker inspect --type task \
      --format "{{.DesiredState}} {{.Status.State}} {{with .Spec}}$template{{end}}" <<<"$tasks" 2>/dev/null)
  fi
  echo "$right $now $failed"
}

# Tells what a service's tasks say of themselves, above all the last one that failed, and ends.
unwell() {
  local service=$1 message=$2 failed
  say "" "the last tasks of $service:"
  docker service ps --no-trunc --format '{{.Name}}  {{.CurrentState}}  {{.Error}}' "${STACK}_$service" 2>/dev/null |
    head -4 | sed 's/^/  /' >&2
  failed=$(docker service ps --no-trunc --format '{{.ID}} {{.CurrentState}}' "${STACK}_$service" 2>/dev/null |
    awk '$2 == "Failed" || $2 == "Rejected" { print $1; exit }')
  say "what it wrote last:"
  timeout 5 docker service logs --raw --tail 8 "${failed:-${STACK}_$service}" 2>&1 | tail -n 8 | sed 's/^/  /' >&2
  die "$message" \
    "Mend what it complains of, and run this again. Whatever was deployed before goes on as it was." \
    "More of its log: docker service logs ${STACK}_$service"
}

# Asks for the home page, and the API where it is published, as a visitor would.
smoke_test() {
  local limit=$((SECONDS + 60)) page
  say "asking for $SHOP_URL/"
  until page=$(curl --silent --show-error --fail --max-time 10 "$SHOP_URL/" 2>&1) && [[ $page == *'</html>'* ]]; do
    [ $SECONDS -lt $limit ] || die "the services run, but $SHOP_URL/ does not answer with a page" "${page:0:200}" \
      "Does its name lead to the node of the edge, and is a firewall in between?" \
      "What the edge says: docker service logs ${STACK}_edge"
    sleep 1
  done
  [ -n "${API_URL:-}" ] || return 0
  page=$(curl --silent --show-error --fail --max-time 10 "$API_URL/graphql?query=%7B__typename%7D" 2>&1) ||
    die "the shop answers, but $API_URL/graphql does not" "${page:0:200}" "Does its name lead to the node of the edge?"
}
