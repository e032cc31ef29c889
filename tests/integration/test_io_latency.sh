#!/usr/bin/env bash
# The fault of the disk's latency, on a kernel that has dm-delay: in a User-mode Linux guest over SSH.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/guest.sh"
guest_or_skip "io-latency"
for tool in dmsetup lvm mkfs.ext4; do
    if ! command -v $tool >/dev/null; then
        skip "io-latency" "needs $tool"
        finish
    fi
done
guest_target loop,dm-mod,dm-delay || { echo "not ok 1 - the guest boots"; cat "$scratch/guest.log"; exit 1; }

on_guest() { over_ssh $target_address "$@"; }
# A volume of two pieces, the second before the first, as one that was extended has.
on_guest 'truncate -s 64M /run/disk; losetup /dev/loop0 /run/disk
    printf "0 65536 linear 7:0 65536\n65536 65536 linear 7:0 0\n" | dmsetup create --noudevsync volume
    mkfs.ext4 -q /dev/dm-0 && mount /dev/dm-0 /srv && dd if=/dev/zero of=/srv/data bs=4096 count=20 conv=fsync 2>/dev/null
    mkdir -p /run/bin'
state() { on_guest 'dmsetup table; dmsetup info volume | grep Tables; ls -A /run /srv /var/tmp; ps -e -o args= | grep -E "[g]uard|[d]msetup" | grep -v "ps -e"; true'; }
# By how many milliseconds ten reads or writes past the page cache take longer than ten reads below the
# volume, SSH included, by this machine's clock. A guest that waits for a processor makes either longer, never
# shorter: so the shortest of three of each, in turn.
took() { # COMMAND
    local from=${EPOCHREALTIME/./}
    on_guest "$1 bs=4096 count=10 2>/dev/null"
    echo $(((${EPOCHREALTIME/./} - from) / 1000))
}
longer() { # reads|writes FROM TO
    local below=1000000000 above=1000000000 now
    for _ in 1 2 3; do
        now=$(took 'dd if=/dev/loop0 of=/dev/null iflag=direct')
        [ "$now" -ge $below ] || below=$now
        case $1 in
        reads) now=$(took 'dd if=/srv/data of=/dev/null iflag=direct') ;;
        writes) now=$(took 'dd if=/dev/zero of=/srv/data oflag=direct conv=notrunc') ;;
        esac
        [ "$now" -ge $above ] || above=$now
    done
    between "$2" $((above - below)) "$3"
}
inject() { steps "$@" -- probe arm apply verify; }
revert() { steps "$@" -- hold revert prove; }

state >"$scratch/before"
check "applied and verified" inject io-latency 300 iolatency01 60
check "dm-delay is the mechanism" says '^probe.mechanism dm-delay'
check "took hold" took_hold
# The guest's clock ticks a hundred times a second, and waits for a processor: a delay is rounded up.
check "achieved as asked for" between 270 "$(figure verify.achieved)" 3000
check "reads, seen from outside" longer reads 1500 20000
check "writes, seen from outside" longer writes 1500 20000
check "to another level" steps io-latency 300 iolatency01 60 -- change:900 verify hold
check "that took hold" took_hold
check "and is seen" longer reads 6000 60000
check "reverted and proven" revert io-latency 300 iolatency01 60
check "the disk is as fast as before" longer reads -1500 1500
check "nothing is left" unchanged

check "reads alone: applied" inject io-latency 300 iolatency02 60 operations=reads
check "reads alone: took hold" took_hold
check "reads alone: they are slow" longer reads 1500 20000
check "reads alone: writes are not" longer writes -1500 1500
check "reads alone: reverted" revert io-latency 300 iolatency02 60
check "writes alone: applied" inject io-latency 300 iolatency03 60 operations=writes
check "writes alone: took hold" took_hold
check "writes alone: reads are not" longer reads -1500 1500
check "writes alone: reverted" revert io-latency 300 iolatency03 60

check "the runner dies: applied" steps io-latency 100 iolatency04 15 -- probe arm apply
while on_guest 'dmsetup table | grep -q " delay "'; do :; done
check "the runner dies: the guard undid it" steps io-latency 100 iolatency04 15 -- revert prove
check "the runner dies: it says so" says 'undone by guard'
check "the runner dies: nothing is left" unchanged

check "a step that was cut short: armed" steps io-latency 100 iolatency05 60 -- probe arm
on_guest 'touch /run/vnfault/iolatency05/applying; printf "0 131072 delay 7:0 0 100\n" | dmsetup load volume'
check "a step that was cut short: is undone" steps io-latency 100 iolatency05 60 -- revert prove
check "a step that was cut short: nothing is left" unchanged

check "the volume grows meanwhile: applied" inject io-latency 20 iolatency06 60
on_guest 'printf "0 65536 delay 7:0 65536 20\n65536 32768 delay 7:0 0 20\n98304 32768 linear 7:0 32768\n" | dmsetup load volume
    dmsetup resume --noudevsync volume'
check "the volume grows meanwhile: what is new stays" eval 'steps io-latency 20 iolatency06 60 -- revert &&
    on_guest "dmsetup table | grep -q \"98304 32768 linear 7:0 32768\"" && ! on_guest "dmsetup table | grep \" delay \""'
on_guest 'printf "0 65536 linear 7:0 65536\n65536 65536 linear 7:0 0\n" | dmsetup load volume; dmsetup resume --noudevsync volume'
check "the volume grows meanwhile: proven" steps io-latency 20 iolatency06 60 -- prove

check "the table is changed: applied" inject io-latency 20 iolatency07 60
on_guest 'printf "0 65536 linear 7:0 65536\n65536 65536 linear 7:0 0\n" | dmsetup load volume; dmsetup resume --noudevsync volume'
check "the table is changed: it is noticed" eval 'steps io-latency 20 iolatency07 60 -- hold && says "^hold.took_hold false"'
check "the table is changed: reverted" steps io-latency 20 iolatency07 60 -- revert prove

# --- a logical volume of LVM, over two disks ---------------------------------------------------------------------
# As without udev, whose place the guest has nobody for.
lvm() { on_guest "LVM_SYSTEM_DIR=/run/lvm-system lvm $*"; }
tables() { on_guest 'dmsetup table group-logical'; }
on_guest 'mkdir -p /run/lvm-system /run/logical; truncate -s 24M /run/disk1 /run/disk2; losetup /dev/loop1 /run/disk1; losetup /dev/loop2 /run/disk2
    printf "activation { udev_sync = 0 udev_rules = 0 monitoring = 0 verify_udev_operations = 0 }\nbackup { backup = 0 archive = 0 }\ndevices { use_devicesfile = 0 obtain_device_list_from_udev = 0 }\n" >/run/lvm-system/lvm.conf'
check "LVM: a volume group of two disks" lvm vgcreate -q group /dev/loop1 /dev/loop2
check "LVM: a logical volume over both" lvm lvcreate -q -L 32M -n logical group
on_guest 'mkfs.ext4 -q /dev/mapper/group-logical && mount /dev/mapper/group-logical /run/logical'
tables >"$scratch/logical"
check "LVM: it has two pieces" [ "$(wc -l <"$scratch/logical")" = 2 ]
check "LVM: applied and verified" inject io-latency 300 iolatency11 60 folder=/run/logical
check "LVM: took hold" took_hold
check "LVM: both pieces are delayed" [ "$(tables | grep -c ' delay ')" = 2 ]
check "LVM: reverted and proven" revert io-latency 300 iolatency11 60 folder=/run/logical
check "LVM: its table is what LVM made" eval 'tables | cmp - "$scratch/logical"'
check "LVM: applied again" inject io-latency 20 iolatency12 60 folder=/run/logical
check "LVM: it is extended meanwhile" lvm lvextend -q -L 40M group/logical
tables >"$scratch/logical"
check "LVM: the delay that went with that is missed" eval \
    'steps io-latency 20 iolatency12 60 folder=/run/logical -- hold && says "^hold.took_hold false"'
check "LVM: reverted then too" steps io-latency 20 iolatency12 60 folder=/run/logical -- revert
check "LVM: the extended volume stays" eval 'tables | cmp - "$scratch/logical"'
check "LVM: which is no proof of what was before" refused 3 'the target is not as before' \
    io-latency 20 iolatency12 60 folder=/run/logical -- prove
check "LVM: it is reduced again" lvm lvreduce -q -y -f -L 32M group/logical
check "LVM: that is one" steps io-latency 20 iolatency12 60 folder=/run/logical -- prove
on_guest 'umount /run/logical; LVM_SYSTEM_DIR=/run/lvm-system lvm vgremove -q -y group >/dev/null 2>&1; losetup -d /dev/loop1; losetup -d /dev/loop2
    rm -r /run/disk1 /run/disk2 /run/lvm-system /run/logical /run/lvm /run/lock 2>/dev/null'

# --- what is refused, by its name ---------------------------------------------------------------------------
check "a folder on no such device" refused 4 'what /var/tmp is on \(0:[0-9]*, tmpfs\) is no device of the device mapper' \
    io-latency 20 iolatency08 60 folder=/var/tmp -- probe
on_guest 'echo "0 131072 delay 7:0 0 1" | dmsetup create --noudevsync theirs; mkdir /run/theirs; mkfs.ext4 -q /dev/dm-1; mount /dev/dm-1 /run/theirs'
check "a device of another kind" refused 4 "theirs is of the kind delay: only to linear ones" \
    io-latency 20 iolatency09 60 folder=/run/theirs -- probe
on_guest 'umount /run/theirs; rmdir /run/theirs; dmsetup remove --noudevsync theirs'
on_guest 'printf "#!/bin/sh\n[ \$1 != targets ] || exec echo linear v1.4.0\nexec /usr/sbin/dmsetup \"\$@\"\n" >/run/bin/dmsetup
    printf "#!/bin/sh\nexit 1\n" >/run/bin/modprobe; chmod +x /run/bin/*'
check "a kernel without dm-delay" refused 4 'the kernel has no dm-delay' io-latency 20 iolatency10 60 -- probe

# --- sabotage ------------------------------------------------------------------------------------------------
on_guest 'rm /run/bin/modprobe
    printf "#!/bin/sh\ncase \$1 in load | resume) exit 0 ;; esac\nexec /usr/sbin/dmsetup \"\$@\"\n" >/run/bin/dmsetup'
check "nobody delays: runs through" steps io-latency 100 sabotage01 60 -- probe arm apply verify revert prove
check "nobody delays: a phantom" phantom
on_guest rm /run/bin/dmsetup
check "nobody undoes it: applied" inject io-latency 100 sabotage02 120
on_guest 'printf "#!/bin/sh\ncase \$1 in load | resume) exit 0 ;; esac\nexec /usr/sbin/dmsetup \"\$@\"\n" >/run/bin/dmsetup; chmod +x /run/bin/dmsetup'
check "nobody undoes it: it is told" refused 3 'still there: a delay of volume' io-latency 100 sabotage02 120 -- revert
on_guest rm /run/bin/dmsetup
check "nobody undoes it: heal does" eval 'steps io-latency 100 sabotage02 120 -- heal && says "reverted sabotage02 and proved it"'
check "sabotage: nothing is left" unchanged
finish
