# Containers for the shell tests: a node in namespaces of its own (target.sh) with podman on it, all of
# whose files are in $scratch. Source it after target.sh.
#   node_up               the node, and an image 'box' of busybox
#   podman ...            on the node
#   first_of NAME         the first process of a container, by the machine's number
#   box NAME ADDRESS ...  starts a container with a web server in it; options of 'podman run'
#   in_network NAME ...   runs a command of the machine in the container's network
containers_cgroup=vnft-$$-containers

image_make() { # a root of busybox alone, and what it is linked with
    local root=$scratch/image applet library
    mkdir -p "$root"/{bin,tmp,proc,sys,dev,etc,run,srv,var/tmp}
    cp "$(command -v busybox)" "$root/bin/"
    for library in $(ldd "$(command -v busybox)" | grep -o '/[^ ]*'); do
        mkdir -p "$root${library%/*}"
        cp -L "$library" "$root$library"
    done
    for applet in sh ls cat ps sleep httpd wget touch df; do ln -s busybox "$root/bin/$applet"; done
    echo root:x:0:0::/:/bin/sh >"$root/etc/passwd"
    echo alive >"$root/srv/index.html"
    tar -C "$root" -cf "$scratch/image.tar" .
}

# The group of all containers; its weight lets them have what they may, whatever else the machine does.
containers_group() {
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        mkdir "/sys/fs/cgroup/$containers_cgroup" && echo 10000 >"/sys/fs/cgroup/$containers_cgroup/cpu.weight"
    else
        mkdir "/sys/fs/cgroup/cpu/$containers_cgroup" && echo 102400 >"/sys/fs/cgroup/cpu/$containers_cgroup/cpu.shares"
    fi
}

node_up() {
    local folder=$scratch/podman
    containers_group || return
    at_exit containers_down
    target_up || return
    mkdir -p "$folder"/{cni,tmp,var-lib,var-work}
    cat >"$folder/cni/test.conflist" <<END
{"cniVersion": "0.4.0", "name": "test", "plugins": [{"type": "bridge", "bridge": "pods0", "isGateway": true,
 "ipam": {"type": "host-local", "dataDir": "$folder/leases",
          "ranges": [[{"subnet": "198.18.78.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
    cat >"$folder/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
tmp_dir = "$folder/tmp"
static_dir = "$folder/static"
volume_path = "$folder/volumes"
[network]
network_backend = "cni"
network_config_dir = "$folder/cni"
cni_plugin_dirs = ["/usr/lib/cni"]
END
    # What the network plugins keep goes there too.
    on_target mount -t overlay -o "lowerdir=/var/lib,upperdir=$folder/var-lib,workdir=$folder/var-work" overlay /var/lib
    # The runner's own calls find it by PATH.
    on_target sh -c 'cat >/run/bin/podman; chmod +x /run/bin/podman' <<END
#!/bin/sh
export CONTAINERS_CONF=$folder/containers.conf
exec /usr/bin/podman --root $folder/root --runroot $folder/runroot --storage-driver vfs "\$@"
END
    at_exit podman_down
    image_make
    podman import -q "$scratch/image.tar" localhost/box:1 >/dev/null
}

# What goes on in the background must not keep a pipe of the test open.
podman() { on_target /run/bin/podman "$@" 5>&- 6>&-; }

# Half a processor and 64 MB.
box() { # NAME ADDRESS [OPTION ...]
    podman run -d --name "$1" --network test --ip "$2" --dns 198.18.78.1 --cpus 0.5 --memory 64m --stop-timeout 1 \
        --cgroup-parent "/$containers_cgroup" "${@:3}" localhost/box:1 httpd -f -p 80 -h /srv
}

first_of() { # NAME
    local number
    number=$(podman inspect --format '{{.State.Pid}}' "$1")
    on_target sh -c "grep ^NSpid: /proc/$number/status" >/dev/null || return
    machine_number "$number"
}

# The machine's number of a process that the node has under another.
machine_number() { # NUMBER
    local process space
    space=$(on_target readlink "/proc/$1/ns/pid")
    for process in $(grep -lE "^NSpid:	[0-9]+	$1	" /proc/[0-9]*/status | cut -d / -f 3); do
        [ "$(readlink "/proc/$process/ns/pid")" != "$space" ] || echo "$process"
    done
}

in_network() { # NAME COMMAND ...
    local process
    process=$(first_of "$1") || return
    shift
    nsenter -n -t "$process" "$@"
}

podman_down() {
    podman rm -fa -t 0 >/dev/null 2>&1
    podman pod rm -fa -t 0 >/dev/null 2>&1
}

containers_down() { # after the node and all its processes
    local folder
    find /sys/fs/cgroup -depth -type d -path "*/$containers_cgroup*" | while read -r folder; do
        until rmdir "$folder" 2>/dev/null || [ ! -d "$folder" ]; do sleep 0.05; done
    done
}
