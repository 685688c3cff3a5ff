#!/bin/bash
# Builds and tests this repository as contrib/distributed-learning of an ns-3 source tree.
# The tree is ns-3.37 as Debian packages it, kept in the user's cache, or NS3_TREE=<another tree>,
# whose configuration is replaced. MPI=1 builds ns-3 with its MPI engine.
set -euo pipefail

fail()
{
    echo "in-tree: $1" >&2
    exit 1
}

repository=$(realpath "$(dirname "$0")/..")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/distributed-learning
tree=${NS3_TREE:-$cache/ns-3.37}
module=distributed-learning
modules="$module;applications;csma;flow-monitor"
mpi=disable
if [ -n "${MPI:-}" ]; then
    modules="$modules;mpi"
    mpi=enable
    export REQUIRE_MPI=1 # the suite of ranks fails instead of skipping what it does by mpirun
fi
companion=serverless-learning
tested="$module;$companion"

# Lets apt fetch the source of ns-3 from where its binary package comes: the same address, suite
# and component, and the same Signed-By, without which apt refuses the pair.
add_source_entry()
{
    local as_root=() address suite component entry file number key
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo)
    fi
    # e.g. "500 <address> <suite>/<component> amd64 Packages"
    read -r address suite component < <(apt-cache policy libns3-dev |
        sed -n 's|^ *[0-9]* \([a-z+]*://[^ ]*\) \([^ ]*\)/\([^ /]*\) [^ ]* Packages$|\1 \2 \3|p' | head -n 1) ||
        fail "apt knows no source of libns3-dev; NS3_TREE=<an ns-3 source tree> uses another"
    # <file>:<number of the stanza, or of the line in a one-line file>
    entry=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(SOURCESENTRY)' \
        'Identifier: Packages' | awk -v uri="${address%/}" -v suite="$suite" -v component="$component" \
        '{ sub("/$", "", $1) } $1 == uri && $2 == suite && $3 == component { print $4; exit }')
    file=${entry%:*}
    number=${entry##*:}
    if [[ $file == *.sources ]]; then
        key=$(awk -v RS= -v n="$number" 'NR == n' <(grep -v '^#' "$file") |
            sed -n '/^Signed-By:/,/^[^ ]*:/ { /^Signed-By:/p; /^ /p }')
    else
        key=$(sed -n "${number}s/.*\[.*signed-by=\([^] ]*\).*/Signed-By: \1/p" "$file")
    fi
    echo "in-tree: adding the source entry $address $suite $component"
    "${as_root[@]}" tee /etc/apt/sources.list.d/distributed-learning-source.sources >/dev/null <<EOT
Types: deb-src
URIs: $address
Suites: $suite
Components: $component
${key}
EOT
    "${as_root[@]}" apt-get update -qq
}

# Version of Debian's source package, or nothing if apt has none of 3.37; apt fails where it has no
# source entry at all.
source_version()
{
    { apt-cache showsrc ns3 2>/dev/null || true; } | sed -n 's/^Version: \(3\.37-.*\)/\1/p' | head -n 1
}

# Unpacks Debian's source package of ns-3.37 to $tree.
fetch_tree()
{
    local version
    command -v apt-get >/dev/null || fail "no apt here to fetch ns-3 with; NS3_TREE=<an ns-3 source tree> uses another"
    version=$(source_version)
    if [ -z "$version" ]; then
        add_source_entry
        version=$(source_version)
    fi
    [ -n "$version" ] ||
        fail "this Debian release has no source of ns-3.37; NS3_TREE=<an ns-3 source tree> uses another"
    "$repository/utils/setup.sh" bzip2
    parts=$(mktemp -d "$cache/fetch.XXXXXX")
    echo "in-tree: fetching ns-3.37"
    (cd "$parts" && apt-get source -qq --download-only "ns3=$version")
    tar -xf "$parts"/ns3_3.37.orig.tar.* -C "$parts"
    mv "$parts/ns-allinone-3.37/ns-3.37" "$tree"
}

# Makes contrib/distributed-learning this repository. Objects of another checkout are dropped:
# their sources may be younger than they look.
link_module()
{
    local link=$tree/contrib/$module
    if [ "$(realpath -m "$link")" = "$repository" ]; then
        return
    fi
    if [ -e "$link" ] && [ ! -L "$link" ]; then
        fail "$link is not a link; move it away to test this repository"
    fi
    ln -sfn "$repository" "$link"
    rm -rf "$tree/cmake-cache/contrib/$module"
}

configure()
{
    local cached=$tree/cmake-cache/CMakeCache.txt stub
    # ns-3 never removes the one-line headers by which it publishes a module's headers.
    while read -r stub; do
        if [ ! -e "$(sed -n 's/#include "\(.*\)"/\1/p' "$stub" | head -n 1)" ]; then
            rm "$stub"
        fi
    done < <(grep -ls "contrib/$module/" "$tree"/build/include/ns3/*.h)
    if [ -d "$tree/cmake-cache/contrib/$module" ] &&
        grep -q "^NS3_ENABLED_MODULES:[^=]*=$modules$" "$cached" &&
        grep -q "^NS3_FILTER_MODULE_EXAMPLES_AND_TESTS:[^=]*=$tested$" "$cached"; then
        return
    fi
    echo "in-tree: configuring $tree"
    ./ns3 configure -d optimized --enable-tests --enable-examples --$mpi-mpi \
        --enable-modules="$modules" --filter-module-examples-and-tests="$tested" >"$log" 2>&1 || {
        tail -n 40 "$log" >&2
        fail "configuring failed"
    }
}

# Runs ns-3's test.py and shows its closing line; before it, what did not pass and why.
# run_tests WHAT OPTION
run_tests()
{
    echo "in-tree: $1 under ns-3 $(cat VERSION)"
    ./test.py --no-build "$2" --text="$log" >"$log" 2>&1 || {
        grep -sv '^ *PASS' "$log.txt" | tail -n 60 >&2
        tail -n 10 "$log" >&2
        fail "$1 failed"
    }
    grep '^[0-9]* of [0-9]* tests passed' "$log" | tail -n 1
    if grep -q '^0 of 0 tests' "$log"; then
        fail "there are no $1"
    fi
}

# Trains a few rounds here and in the stand-alone build, if there is one: within a vector width both
# have the same bits.
compare_bits()
{
    local alone=$repository/build/examples/rps-star-example compared=0 width
    local here=$tree/build/contrib/$module/examples/ns$(cat VERSION)-rps-star-example-optimized
    if [ ! -x "$alone" ]; then
        echo "in-tree: no stand-alone build in build/ to compare results with"
        return
    fi
    cmake --build "$repository/build" --target rps-star-example >"$log" 2>&1 || fail "$(tail -n 20 "$log")"
    scratch=$(mktemp -d)
    for width in v1 v3 v4; do
        if ! (cd "$scratch" && DISTRIBUTED_LEARNING_WIDTH=$width "$alone" --rounds=10) >"$log" 2>&1; then
            grep 'does not exist on this machine' "$log" || fail "$(tail -n 1 "$log")"
            continue
        fi
        (cd "$scratch" && DISTRIBUTED_LEARNING_WIDTH=$width "$here" --rounds=10) >"$log.txt"
        diff <(sed 's/ wall_s=.*//' "$log") <(sed 's/ wall_s=.*//' "$log.txt") >&2 ||
            fail "width $width: other results than in the stand-alone build"
        compared=$((compared + 1))
    done
    [ $compared -ne 0 ] || fail "no vector width to compare results with"
    echo "in-tree: the results of the stand-alone build to the last digit, at $compared vector widths"
}

# As the script ns3 does: where CMake runs again without it, other flags rebuild the whole tree.
export CLICOLOR=1

mkdir -p "$cache"
exec 9>"$cache/lock" # one at a time in a tree
flock 9
log=$(mktemp)
trap 'rm -rf "$log" "$log.txt" "${parts:-}" "${scratch:-}"' EXIT
if [ ! -e "$tree/ns3" ]; then
    [ -z "${NS3_TREE:-}" ] || fail "NS3_TREE=$NS3_TREE: no ns-3 source tree there"
    fetch_tree
fi
if [ $mpi = enable ]; then
    "$repository/utils/setup.sh" libopenmpi-dev openmpi-bin
fi
cd "$tree"
link_module
configure
echo "in-tree: building in $tree"
nice ninja -C cmake-cache -j"$(nproc)" >"$log" 2>&1 || {
    grep -A 20 '^FAILED' "$log" >&2 || tail -n 40 "$log" >&2
    fail "the build failed"
}
run_tests suites --suite="$module-*"
run_tests "suites of $companion" --suite="$companion-*"
run_tests examples --constrain=example
compare_bits
