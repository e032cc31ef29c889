# A web server as the service of a test's target, with an init script. Source it after target.sh.
#   web_service   makes it
#   web_start     has the target start it, also after a reboot; listens on port 8080
web_service() {
    mkdir "$scratch/init.d" "$scratch/web"
    cat >"$scratch/init.d/web" <<END
#!/bin/sh
set -- --pidfile /run/web.pid "\$@"
case \$3 in
start) start-stop-daemon --start --background --make-pidfile \$1 \$2 --exec "\$(readlink -f "\$(command -v python3)")" -- -m http.server --directory "$scratch/web" 8080 ;;
stop) start-stop-daemon --stop --remove-pidfile --retry 5 \$1 \$2 ;;
status) start-stop-daemon --status \$1 \$2 ;;
esac
END
    chmod +x "$scratch/init.d/web"
}

web_start() {
    on_target mount --bind "$scratch/init.d" /etc/init.d
    on_target /etc/init.d/web start
}
