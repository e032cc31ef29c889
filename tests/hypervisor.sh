# A real libvirtd with QEMU on the throw-away target of target.sh, which is then a hypervisor. Source it after
# that and probe.sh.
#   hypervisor_up          starts libvirtd there; false if it can't be
#   virsh_there ...        virsh there, without SSH
#   domain NAME [CODE]     defines and starts a domain whose processor runs the bytes CODE (printf's) from its disk
target_memory=1073741824
target_quota=200000

hypervisor_up() {
    local folder
    mkdir -p "$scratch/etc-libvirt"
    echo 'auth_unix_rw = "none"' >"$scratch/etc-libvirt/libvirtd.conf"
    cat >"$scratch/etc-libvirt/qemu.conf" <<'END'
stdio_handler = "file"
security_driver = "none"
user = "root"
group = "root"
remember_owner = 0
cgroup_controllers = []
namespaces = []
END
    # Its own, and not the machine's; with the user and group that libvirt was built for.
    for folder in lib log cache; do on_target mount -t tmpfs tmpfs "/var/$folder"; done
    on_target mount --bind "$scratch/etc-libvirt" /etc/libvirt
    { cat /etc/passwd && echo 'libvirt-qemu:x:64055:64055::/:/usr/sbin/nologin'; } >"$scratch/passwd"
    { cat /etc/group && echo 'libvirt-qemu:x:64055:'; } >"$scratch/group"
    on_target mount --bind "$scratch/passwd" /etc/passwd
    on_target mount --bind "$scratch/group" /etc/group
    libvirtd_start
}

libvirtd_start() {
    (
        without_probe
        exec nsenter -a -t "$target_pid" libvirtd
    ) >"$scratch/libvirtd.log" 2>&1 &
    libvirtd_process=$!
    at_exit "kill $libvirtd_process 2>/dev/null"
    wait_until $libvirtd_process virsh_there version >/dev/null 2>&1
}

virsh_there() { on_target virsh -q -c qemu:///system "$@"; }

domain() { # NAME [CODE]
    {
        printf '%b' "${2:-\xf4\xeb\xfd}" # hlt; jmp back
        head -c 510 /dev/zero
    } | head -c 510 >"$scratch/$1.img"
    printf '\x55\xaa' >>"$scratch/$1.img"
    truncate -s 1M "$scratch/$1.img"
    cat >"$scratch/$1.domain" <<END
<domain type="qemu"><name>$1</name><memory unit="MiB">16</memory><vcpu>1</vcpu>
  <os><type arch="x86_64" machine="pc">hvm</type></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="$scratch/$1.img"/>
      <target dev="hda" bus="ide"/></disk>
    <interface type="ethernet"><target dev="tap-$1"/><model type="e1000"/></interface>
  </devices>
</domain>
END
    virsh_there define "$scratch/$1.domain" && virsh_there start "$1"
}
