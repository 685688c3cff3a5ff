#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: check-kernel-symbols.sh OBJECT...
#
# The kernels of a vector width must define no symbol that the linker could merge with another file's: a copy compiled for AVX-512
# might then run on a processor without it, or a slow copy in the place of a fast one. Every symbol that an object
# kernels-vN defines beyond itself must lie in the namespaces Eigen_vN or kernels_vN. Exit status 1 if one does not.
if [ $# -eq 0 ]; then
    echo "check-kernel-symbols.sh: which object files?" >&2
    exit 2
fi
status=0
for object in "$@"; do
    width=$(basename "$object" | sed -n 's/^kernels-\(v[0-9]\).*/\1/p')
    if [ -z "$width" ] || [ ! -r "$object" ]; then
        echo "check-kernel-symbols.sh: $object: no readable object file of a vector width" >&2
        exit 2
    fi
    # Local symbols (small letters, but for u: unique and v, w: weak) cannot be merged. DW.ref is data: a pointer.
    foreign=$(nm --demangle --defined-only "$object" |
        awk '$2 ~ /^[A-Zuvw]$/ { $1 = ""; print }' |
        grep -v -e "Eigen_$width::" -e "kernels_$width::" -e "DW\.ref\.__gxx_personality_v0")
    # Code before main() would run on any processor.
    start=$(nm "$object" | grep -e _GLOBAL__sub_I -e __static_initialization)
    if [ -n "$foreign$start" ]; then
        echo "$object: symbols outside the namespaces of $width:"
        echo "$foreign$start"
        status=1
    fi
done
exit $status
