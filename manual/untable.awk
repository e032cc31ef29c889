# Makes a list of every table of a Markdown file: the first cell of a row, then the others under the names of their
# columns. A terminal of 80 columns has no room for most of our tables.
function cells(line, cell,    count, i) {
    gsub(/\\[|]/, "\001", line)
    sub(/^[|] */, "", line)
    sub(/ *[|]$/, "", line)
    count = split(line, cell, / *[|] */)
    for (i = 1; i <= count; i++) gsub(/\001/, "|", cell[i])
    return count
}
/^```/ { code = !code }
code || !/^[|]/ { rows = 0; print; next }
{
    count = cells($0, cell)
    rows++
    if (rows == 1) {
        for (i = 1; i <= count; i++) head[i] = cell[i]
    } else if (rows > 2) {
        print (cell[1] == "" ? "..." : cell[1])
        text = ""
        for (i = 2; i <= count; i++)
            if (cell[i] != "") text = text (text == "" ? "" : "; ") (count > 2 && head[i] != "" ? "*" head[i] "*: " : "") cell[i]
        print ": " text "\n"
    }
}
