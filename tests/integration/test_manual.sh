#!/usr/bin/env bash
# The manual names every fault type that there is.
. "$(dirname "$0")/../lib.sh"

for file in "$top"/injectors/*.sh; do
    type=$(sed -n 's/^# name: //p' "$file")
    [ -n "$type" ] || continue # contract.sh
    check "docs/campaign-file.md has $type in a table" grep -qE "^\\| [^|]*\`$type\`" "$top/docs/campaign-file.md"
    check "injectors/README.md has $type.sh" grep -qF "| \`$type.sh\` |" "$top/injectors/README.md"
done

finish
