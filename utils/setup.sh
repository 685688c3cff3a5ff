#!/bin/bash
# Installs with apt the Debian packages that are missing, and says which.
# utils/setup.sh                what building, testing and running need
# utils/setup.sh PACKAGE...     these instead
# Where there is no apt it names what is missing and exits 1.
set -euo pipefail

# Package, and how to see that another system has the like: a program or a header; those that only make programs
# faster are not named.
known="
ccache ccache
clang-format clang-format
cmake cmake
dataset-fashion-mnist /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz
doxygen doxygen
g++ g++
gnuplot-nox gnuplot
libboost-program-options-dev <boost/program_options.hpp>
libeigen3-dev <Eigen/Core>
libgsl-dev <gsl/gsl_version.h>
libgtest-dev <gtest/gtest.h>
libns3-dev <ns3/core-module.h>
libopenmpi-dev mpicxx
libsqlite3-dev <sqlite3.h>
libxml2-dev <libxml/xmlversion.h>
munge munged
ninja-build ninja
ns3
openmpi-bin mpirun
python3 python3
slurm-wlm sbatch
sqlite3 sqlite3
zlib1g-dev <zlib.h>
"
packages=("$@")
if [ ${#packages[@]} -eq 0 ]; then
    packages=(g++ cmake ninja-build ccache libns3-dev ns3 libgsl-dev libsqlite3-dev libxml2-dev
        libeigen3-dev libboost-program-options-dev libgtest-dev zlib1g-dev libdeflate-dev
        libtcmalloc-minimal4 gnuplot-nox python3 dataset-fashion-mnist)
fi

# Whether a system without Debian's packages has the like of one.
has_alike()
{
    local probe
    probe=$(sed -n "s|^$1 \?||p" <<<"$known")
    case "$probe" in
    "") true ;;
    /*) [ -e "$probe" ] ;;
    "<"*) echo "#include $probe" | g++ -E -x c++ -I/usr/include/eigen3 -I/usr/include/libxml2 - >/dev/null 2>&1 ;;
    *) command -v "$probe" >/dev/null ;;
    esac
}

apt=false
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    apt=true
fi
missing=()
for package in "${packages[@]}"; do
    if $apt; then
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing+=("$package")
        fi
    elif ! has_alike "$package"; then
        missing+=("$package")
    fi
done
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
if ! $apt; then
    echo "setup: missing, by the names of their Debian packages: ${missing[*]}" >&2
    exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: missing and no sudo to install them: as root, apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
