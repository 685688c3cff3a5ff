#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Stands in for a scenario program in the tests of the sweep driver: options --name=value, a CSV file, one summary line.
# --log=FILE gets a line "start KEY pid ID" and a line "end KEY" a run, so that a test can count what was run. --tenths=N takes
# N tenths of a second. --fail=1 says one sentence and exits with status 2, --die=1 kills itself, --silent=1 prints no summary,
# --deaf=1 goes on when it is told to end. --helper=1 starts a process that goes on when told to end, logs "helper pid ID" for it,
# and waits for it. Any other option but a, b and RngRun is refused, as a scenario does. The log also gets
# the process id, to look for survivors.
a=0 b=0 RngRun=1 tenths=0 fail=0 die=0 silent=0 helper=0 log=/dev/null csv=/dev/null
for option in "$@"; do
  name=${option%%=*} value=${option#*=}
  case $name in
    --a) a=$value ;;
    --b) b=$value ;;
    --RngRun) RngRun=$value ;;
    --tenths) tenths=$value ;;
    --fail) fail=$value ;;
    --die) die=$value ;;
    --silent) silent=$value ;;
    --deaf) [ "$value" = 0 ] || trap '' TERM ;;
    --helper) helper=$value ;;
    --log) log=$value ;;
    --csv) csv=$value ;;
    *)
      echo "a line of the log" >&2
      echo "fake-scenario.sh: $option: no such option" >&2
      echo "a help text" >&2
      exit 2
      ;;
  esac
done
key="a=$a b=$b RngRun=$RngRun"
echo "start $key pid $$" >>"$log"
while [ "$tenths" -gt 0 ]; do
  sleep 0.1 # short ones, since nothing ends them when this process is killed
  tenths=$((tenths - 1))
done
if [ "$helper" = 1 ]; then
  (
    trap '' TERM
    exec sleep 600
  ) &
  echo "helper pid $!" >>"$log"
  wait
fi
[ "$die" = 0 ] || kill -9 $$
if [ "$fail" = 1 ]; then
  echo "fake-scenario.sh: --fail=1: asked to fail" >&2
  exit 2
fi
printf 'round,train_loss\n0,1\n1,0.5\n' >"$csv"
echo "end $key" >>"$log"
echo "some output"
[ "$silent" = 1 ] || echo "summary: rounds=2 train_loss=0.$RngRun$RngRun worst=nan note=text bytes_up=3000000000 wall_s=$(date +%s.%N)"
