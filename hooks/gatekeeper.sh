# shellcheck shell=sh
# What the hooks beside this file share: run the hooks that were there before, find gatekeeper, call it.
# Kept to POSIX sh, so that it runs wherever git does.

# Fails when the hook of the same name that this folder stands in for fails.
# Standard input is passed on. `gatekeeper hooks install` notes which folder was in use.
gatekeeper_run_earlier() {
    earlier=$(git config --type=path --get gatekeeper.earlierHooksPath) ||
        earlier=$(git rev-parse --git-common-dir)/hooks
    [ -x "$earlier/$name" ] || return 0
    earlier=$(CDPATH='' cd -- "$earlier" && pwd -P) || return 0
    [ "$earlier" != "$folder" ] || return 0
    GATEKEEPER_CALLED_BY=$folder "$earlier/$name" "$@"
}

# Sets `program` to a gatekeeper: the project's own, that on PATH, or the one that installed the hooks.
gatekeeper_find() {
    common=$(git rev-parse --git-common-dir)
    for environment in .venv venv "${VIRTUAL_ENV:-}" "$common/../.venv"; do
        program=$environment/bin/gatekeeper
        [ -n "$environment" ] && [ -x "$program" ] && return 0
    done
    program=$(command -v gatekeeper) && return 0
    program=$(git config --type=path --get gatekeeper.program) && [ -x "$program" ] && return 0
    # `uv run` would make an environment: only for a project that has gatekeeper in its lock.
    program=uv
    command -v uv >/dev/null && grep -q '^name = "gatekeeper-ci"' uv.lock 2>/dev/null
}

gatekeeper_hook() {
    name=$1
    shift
    folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
    # An earlier hook that calls this one again would never end.
    [ "${GATEKEEPER_CALLED_BY:-}" != "$folder" ] || exit 0

    input=
    if [ "$name" = pre-push ]; then
        # Both hooks want to read what is pushed. A line per ref; nothing at all when all is there.
        input=$(cat)
        [ -z "$input" ] || input="$input
"
    fi
    printf '%s' "$input" | gatekeeper_run_earlier "$@" || exit $?

    case ${GATEKEEPER_SKIP:-0} in
    0) ;;
    *)
        echo "gatekeeper: $name was skipped (GATEKEEPER_SKIP); nothing was checked" >&2
        exit 0
        ;;
    esac
    if ! gatekeeper_find; then
        echo "gatekeeper: the $name hook cannot find gatekeeper, so nothing was checked" >&2
        echo "  it looked in .venv, venv, VIRTUAL_ENV, PATH, git config gatekeeper.program and uv.lock" >&2
        echo "  install gatekeeper there, or skip this once with GATEKEEPER_SKIP=1" >&2
        exit 1
    fi
    if [ "$name" = pre-commit ] && [ "$(git config --type=bool --get gatekeeper.fix)" = true ]; then
        set -- --fix "$@"
    fi
    set -- hooks run "$name" "$@"
    [ "$program" != uv ] || set -- run --quiet gatekeeper "$@"
    printf '%s' "$input" | "$program" "$@"
    exit $?
}
