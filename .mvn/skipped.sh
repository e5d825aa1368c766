#!/usr/bin/env bash
# skipped.sh [FOLDER]   says which tests were skipped, and what they miss, by the reports that Maven left in target/ (or in
# FOLDER). Where CI is set, nothing may be missing: then a test that is skipped fails the run.
set -euo pipefail

folder=${1:-$(dirname "$0")/../target}
reports=$(find "$folder/surefire-reports" "$folder/failsafe-reports" -name 'TEST-*.xml' 2>/dev/null || true)
if [ -z "$reports" ]; then
    echo "There are no reports of tests in $folder." >&2
    exit 1
fi
# An assumption of a whole class stands in a test case without a name.
skipped=$(xargs awk '
    /<testcase / {
        match($0, / classname="[^"]*"/)
        class = substr($0, RSTART + 12, RLENGTH - 13)
        sub(/.*\./, "", class)
    }
    /<skipped/ {
        why = match($0, / message="[^"]*"/) ? substr($0, RSTART + 10, RLENGTH - 11) : "no reason given"
        sub(/^Assumption failed: /, "", why)
        gsub(/&quot;/, "\"", why)
        gsub(/&#10;/, " ", why)
        print "  " class ": " why
    }' <<<"$reports" | sort | uniq -c | sed 's/^ *\([0-9]*\) \(.*\)$/\2 (\1)/')
if [ -z "$skipped" ]; then
    echo "No test was skipped."
    exit 0
fi
echo "Skipped, and what they miss:"
echo "$skipped"
if [ -n "${CI:-}" ]; then
    echo "In CI nothing may be missing." >&2
    exit 1
fi
