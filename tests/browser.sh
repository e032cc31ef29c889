# Sourced by tests that look at a page as a browser draws it, after lib.sh.

check_drawn() { # FILE HEIGHT LEAST-BYTES: of the picture; a blank one of 4,000 lines compresses to about 20 kB
    browser=$(command -v chromium || true)
    if [ -n "$browser" ]; then
        check "a browser draws the page" drawn "$@"
    else
        skip "a browser draws the page" "chromium is not installed"
    fi
}
drawn() {
    local folder=$scratch/browser
    mkdir "$folder" || return 1
    HOME=$folder "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$folder/profile" --window-size="1280,$2" --screenshot="$folder/page.png" \
        "file://$1" || return 1
    [ "$(stat -c %s "$folder/page.png")" -gt "$3" ]
}
