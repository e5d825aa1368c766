#!/usr/bin/env bash
# skipped.sh [FILE]   says which tests were skipped, and what they miss: by target/skipped.txt, in which the runs since it
# was removed have written that down, or by FILE. Where CI is set, nothing may be missing: then a skipped test fails.
set -euo pipefail

file=${1:-$(dirname "$0")/../target/skipped.txt}
if [ ! -f "$file" ]; then
    echo "There is no $file: no test has run, or nobody wrote down what was skipped." >&2
    exit 1
fi
if [ ! -s "$file" ]; then
    echo "No test was skipped."
    exit 0
fi
echo "Skipped, and what they miss:"
sort "$file" | uniq -c | sed 's/^ *\([0-9]*\) \(.*\)$/  \2 (\1)/'
if [ -n "${CI:-}" ]; then
    echo "In CI nothing may be missing." >&2
    exit 1
fi
