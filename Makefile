# vnfault: see README.md. `make` builds ./vnfault; `make demo` and `make test` do all set-up.
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
BINARY  ?= vnfault
CFLAGS  ?= -O2 -g
WERROR  ?=

MAKEFLAGS += --no-builtin-rules
SHELL     := /bin/sh

packages  := libssh libxml-2.0 sqlite3 jansson libzip libcurl
# Expanded when a compiler runs, so that targets which install packages work without them.
package_cflags = $(shell pkg-config --cflags $(packages))
package_libs   = $(shell pkg-config --libs $(packages))

warnings  := -Wall -Wextra -Wpedantic -Wshadow
# Loops marked `omp simd` become vector instructions (analysis/vector.h); nobody looks at traps or at
# the errno of mathematical functions.
vector_flags := -fopenmp-simd -fno-trapping-math -fno-math-errno
$(addprefix $(BUILD)/analysis/,lstm_cell.o lstm_single_steps.o panels.o): vector_flags += -ffp-contract=fast
all_cflags = -std=c11 -D_GNU_SOURCE -I. $(warnings) $(if $(WERROR),-Werror) $(vector_flags) \
             $(package_cflags) $(CPPFLAGS) $(CFLAGS) -pthread
all_libs   = $(package_libs) -lcsv -lm -pthread

rooms   := base store runner analysis lab cli
sources := $(foreach room,$(rooms),$(wildcard $(room)/*.c))
objects := $(sources:%.c=$(BUILD)/%.o) $(patsubst %.sql,$(BUILD)/%.o,$(wildcard store/*.sql))
library := $(BUILD)/libvnfault.a

# Programs that injectors send to targets: static, since nothing of ours is installed there.
# The sources of one are a folder.
helper_sources := $(wildcard injectors/helpers/*/*.c)
helpers := $(patsubst injectors/helpers/%/main.c,$(BUILD)/helpers/%,$(wildcard injectors/helpers/*/main.c))

.PHONY: all
all: $(BINARY) $(helpers)

$(BUILD)/helpers/%: $(helper_sources) $(wildcard injectors/helpers/*/*.h) Makefile
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(warnings) $(if $(WERROR),-Werror) -O2 -static -s -o $@ \
	    $(wildcard injectors/helpers/$*/*.c) -lm

$(BINARY): $(BUILD)/cli/main.o $(library)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(all_libs)

$(library): $(filter-out $(BUILD)/cli/main.o,$(objects))
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(all_cflags) -MMD -MP -c -o $@ $<

# The schema of the run database and the scripts of the store become strings: store/schema.sql is store_schema.
$(BUILD)/store/%.c: store/%.sql Makefile
	@mkdir -p $(@D)
	{ echo 'extern const char store_$*[];'; echo 'const char store_$*[] = {'; \
	  od -An -v -tu1 $< | sed 's/[0-9][0-9]*/&,/g'; echo '0};'; } > $@

$(BUILD)/store/%.o: $(BUILD)/store/%.c
	$(CC) $(all_cflags) -c -o $@ $<

-include $(objects:.o=.d)

.PHONY: clean
clean:
	rm -rf $(BUILD) $(BINARY)

# --- manual ------------------------------------------------------------------------------------
# Pages of verbs and the bash completion are made of the verbs' tables, the others of docs/ (manual/list).
pages        := $(BUILD)/manual/pages
page_list    := manual/list
page_sources := $(shell awk '$$1 !~ /^\#/ { print $$1 }' $(page_list))
version      := $(shell sed -n 's/^\#define VNFAULT_VERSION "\(.*\)"/\1/p' cli/verb.h)

.PHONY: manual
manual: $(pages)/stamp $(pages)/vnfault.bash

$(BUILD)/manual/%: $(BUILD)/manual/%.o $(library)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(all_libs)

$(pages)/stamp: $(BUILD)/manual/write_pages manual/convert manual/untable.awk $(page_list) $(page_sources)
	@command -v lowdown >/dev/null || { echo "the manual needs lowdown: apt-get install lowdown" >&2; exit 1; }
	@rm -rf $(@D)/*.[157] && mkdir -p $(@D)
	@manual/convert --see-also $(page_list) | $< $(@D)
	@while read -r file name section; do case $$file in '#'*) continue ;; esac; \
	    manual/convert $(page_list) $(version) "$$file" >"$(@D)/$$name.$$section" || exit 1; done <$(page_list)
	@touch $@

$(pages)/vnfault.bash: manual/completion.bash $(BUILD)/manual/write_completion $(wildcard injectors/*.sh)
	@mkdir -p $(@D)
	@VNFAULT_DATA=. $(BUILD)/manual/write_completion | cat $< - >$@.new && mv $@.new $@

-include $(BUILD)/manual/write_pages.d $(BUILD)/manual/write_completion.d

# --- install -----------------------------------------------------------------------------------
data_folders := injectors lab/configuration campaigns sipp-scenarios
share        := $(DESTDIR)$(PREFIX)/share/vnfault
manual       := $(DESTDIR)$(PREFIX)/share/doc/vnfault
man          := $(DESTDIR)$(PREFIX)/share/man
completion   := $(DESTDIR)$(PREFIX)/share/bash-completion/completions/vnfault

.PHONY: install uninstall
install: all manual
	install -d $(DESTDIR)$(PREFIX)/bin $(share)
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/vnfault
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/libexec/vnfault $(helpers) packaging/nightly packaging/shard packaging/sweep
	install -D -m 644 -t $(manual) README.md LICENSE
	install -D -m 644 -t $(manual)/docs docs/*
	install -D -m 644 -t $(manual)/packaging/kubernetes packaging/kubernetes/*
	for section in 1 5 7; do install -D -m 644 -t $(man)/man$$section $(pages)/*.$$section; done
	install -D -m 644 $(pages)/vnfault.bash $(completion)
	find $(data_folders) -type f ! -name '*.[ch]' -exec install -D -m 644 '{}' '$(share)/{}' ';'

uninstall:
	rm -rf $(share) $(manual) $(DESTDIR)$(PREFIX)/libexec/vnfault
	rm -f $(DESTDIR)$(PREFIX)/bin/vnfault $(completion)
	rm -f $(man)/man1/vnfault.1 $(man)/man[157]/vnfault-*.[157]

# --- package -----------------------------------------------------------------------------------
deb_packages := debhelper dpkg-dev lintian

.PHONY: deb
deb:
	@tests/install-packages $(build_packages) $(deb_packages)
	@packaging/build-deb $(BUILD)/deb
	@lintian --fail-on error $(BUILD)/deb/vnfault_*.deb
	@ls $(BUILD)/deb/vnfault_*.deb

# Builds it twice, and installs, uses, upgrades and purges it in a clean root: some minutes, not part of `make test`.
.PHONY: test-package
test-package:
	@tests/install-packages $(build_packages) $(deb_packages) debootstrap
	@tests/run -j 1 $(BUILD)/test-logs/package tests/package/test_package.sh

# --- tests -------------------------------------------------------------------------------------
# Every tests/unit/test_*.c is a program; the other files there are linked into each.
unit_programs := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
unit_shared   := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)))

$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(unit_shared) $(library)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(all_libs)

-include $(unit_programs:=.d) $(unit_shared:.o=.d)

.PHONY: check-unit
check-unit: $(unit_programs)
	@tests/run $(BUILD)/test-logs/unit $(unit_programs)

# Programs that the shell tests drive, and the shell tests themselves. The parts of a program of several
# files are called after it: access_probe_settings.c is one of access_probe.
integration_sources  := $(wildcard tests/integration/*.c)
integration_parts    := $(wildcard $(integration_sources:%.c=%_*.c))
integration_programs := $(patsubst %.c,$(BUILD)/%,$(filter-out $(integration_parts),$(integration_sources)))
shell_tests := $(wildcard tests/integration/test_*.sh tests/e2e/test_*.sh)
# By how long they take; those in a guest and those that train compute, so they don't begin all at once.
longest_tests := tests/e2e/test_calibrate_load.sh tests/e2e/test_calibrate_faults.sh \
                 tests/e2e/test_nightly_recipes.sh tests/e2e/test_run.sh tests/integration/test_containers.sh \
                 tests/integration/test_netem_latency.sh tests/integration/test_netem_packets.sh \
                 tests/e2e/test_three_nights.sh tests/e2e/test_deaths.sh \
                 tests/integration/test_network_faults.sh tests/integration/test_netem.sh \
                 tests/e2e/test_interrupted.sh tests/e2e/test_experiments.sh tests/integration/test_shaping.sh \
                 tests/integration/test_network_safety.sh tests/e2e/test_service_deaths.sh \
                 tests/integration/test_injectors.sh tests/e2e/test_load_faults.sh \
                 tests/integration/test_reboot.sh tests/e2e/test_runner_killed.sh \
                 tests/integration/test_leases.sh tests/integration/test_sklearn.sh \
                 tests/integration/test_report.sh tests/e2e/test_load_fault_phantoms.sh \
                 tests/integration/test_collector_cgroup.sh tests/integration/test_collector_proc.sh \
                 tests/integration/test_host_faults.sh

$(BUILD)/tests/integration/%: $(BUILD)/tests/integration/%.o $(library)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(library) $(all_libs)

# These take injectors through their steps in a slow guest; the C that drives them is the others', too.
guest_tests := $(wildcard tests/integration/test_netem*.sh) tests/integration/test_clock_skew.sh \
               tests/integration/test_io_latency.sh tests/integration/test_reboot.sh

$(BUILD)/tests/integration/access_probe: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/integration/access_probe_*.c))

# It makes the same synthetic run as the unit tests do.
$(BUILD)/tests/integration/report_run: $(BUILD)/tests/unit/fixture_run.o

-include $(integration_programs:=.d) $(integration_parts:%.c=$(BUILD)/%.d)

# Preloaded into the User-mode Linux guest, so without sanitizers.
guest_library := $(BUILD)/tests/guest/processor_state.so

$(guest_library): tests/guest/processor_state.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O2 -shared -fPIC -o $@ $<

# A vCenter for the tests of the vSphere collector, of Debian's govmomi. It takes a minute, once: what
# it is built of is kept for other builds below this one (those with sanitizers).
vcenter  := $(BUILD)/vcenter
GO_CACHE ?= $(abspath $(BUILD))/go
export GO_CACHE

$(vcenter): $(wildcard tests/vcenter/*.go)
	@mkdir -p $(@D)
	cd tests/vcenter && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$(GO_CACHE) \
	    go build -o $(abspath $@) .

# A Kubernetes of one node, of Debian's sources. It takes some minutes, once; not part of `make test`.
kubernetes          := $(BUILD)/kubernetes/bin
kubernetes_tests    := $(wildcard tests/kubernetes/test_*.sh)
kubernetes_programs := $(addprefix $(BUILD)/tests/integration/,injection_probe container_probe collector_probe)

$(kubernetes): tests/kubernetes/build
	@tests/kubernetes/build $(BUILD)/kubernetes

.PHONY: test-kubernetes
test-kubernetes:
	@tests/install-packages $(build_packages) $(lab_packages) $(report_packages) $(kubernetes_packages)
	@$(MAKE) --silent -j"$$(nproc)" WERROR=1 all $(kubernetes_programs)
	@$(MAKE) --silent $(kubernetes)
	@tests/run -j 1 $(BUILD)/test-logs/kubernetes $(kubernetes_tests)

# A campaign as a job array on a Slurm of several nodes on this machine: some minutes, not part of `make test`.
slurm_tests := $(wildcard tests/slurm/test_*.sh)

.PHONY: test-slurm
test-slurm:
	@tests/install-packages $(build_packages) $(lab_packages) $(slurm_packages)
	@$(MAKE) --silent -j"$$(nproc)" WERROR=1 all
	@tests/run -j 1 $(BUILD)/test-logs/slurm $(slurm_tests)

.PHONY: check-integration
check-integration: $(BINARY) $(integration_programs) $(guest_library) $(vcenter)
	@tests/run $(BUILD)/test-logs/integration $(filter tests/integration/%,$(shell_tests))

# Detectors beside those of others: speed, memory and quality; prints ratios.
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(library)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(library) $(all_libs)

.PHONY: bench-detect
bench-detect: $(BUILD)/tests/integration/forest_probe $(BUILD)/tests/bench/curves_probe \
              $(BUILD)/tests/integration/density_probe $(BUILD)/tests/bench/autoencoder_probe
	@tests/bench/bench_detect $(wordlist 1,2,$^)
	@tests/bench/bench_density $(BUILD)/tests/integration/density_probe
	@tests/bench/bench_autoencoder $(BUILD)/tests/bench/autoencoder_probe

# Areas of the forest beside scikit-learn's on public data; fails if they are apart.
.PHONY: bench-accuracy
bench-accuracy: $(BUILD)/tests/integration/forest_probe
	@tests/bench/bench_accuracy $<

# How often `compare` raises an alarm over runs that are alike, beside the level; ten minutes: make bench-compare PAIRS=200
PAIRS = 200
.PHONY: bench-compare
bench-compare: $(BINARY)
	@tests/install-packages $(build_packages) python3 zstd
	@tests/bench/bench_compare $(abspath $(BINARY)) results/reference/sauvanaud-2016/run.sqlite.zst \
	    campaigns/gates.xml $(PAIRS)

# A large set through import, training, scoring and export: seconds and peaks of memory.
.PHONY: bench-large
bench-large: $(BINARY)
	@tests/install-packages $(build_packages) libopenblas0 python3-numpy
	@tests/bench/bench_large $(abspath $(BINARY))

# CPU that an observation of a control group takes, with its files kept open and opened each time.
.PHONY: bench-cgroup
bench-cgroup: $(BUILD)/tests/bench/cgroup_probe
	@$<

# Pages of metrics of true exporters: MB/s of one that is read again, and of one that is new.
.PHONY: bench-exposition
bench-exposition: $(BUILD)/tests/bench/exposition_probe
	@$< tests/unit/data/exposition/*.txt

# From command to edge on 3 and on 100 targets, beside Ansible's and plain ssh.
.PHONY: bench-inject
bench-inject: $(BUILD)/tests/bench/inject_probe
	@tests/install-packages $(build_packages) $(lab_packages) ansible-core
	@tests/bench/bench_inject.sh $<

# Scraping beside Debian's Prometheus, and the growth of the run database; `make bench-collect-hour`: 1,000
# targets for an hour on one core. Both say what they measured, and fail where a goal is missed.
$(BUILD)/tests/bench/page_server: all_libs += -lz
CORE = 0
.PHONY: bench-collect bench-collect-hour
bench-collect: $(BINARY) $(BUILD)/tests/bench/page_server $(BUILD)/tests/bench/exposition_probe
	@tests/install-packages $(build_packages) prometheus-node-exporter prometheus curl sqlite3 iproute2 procps
	@tests/bench/bench_collect.sh $(abspath $(BINARY)) $(wordlist 2,3,$^)
	@tests/bench/bench_collect_scale.sh $(abspath $(BINARY)) $(word 2,$^) 60 $(CORE)
bench-collect-hour: $(BINARY) $(BUILD)/tests/bench/page_server
	@tests/install-packages $(build_packages) prometheus-node-exporter curl sqlite3 iproute2 procps
	@tests/bench/bench_collect_scale.sh $(abspath $(BINARY)) $(word 2,$^) 3600 $(CORE)

# Fuzz targets, with libFuzzer: `make fuzz-build`, then run one from here:
#   build/fuzz/tests/fuzz/fuzz_campaign -dict=tests/fuzz/campaign.dict FOLDER tests/fuzz/corpus/campaign
fuzz_flags    := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -Wno-pass-failed
fuzz_programs := $(patsubst %.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(library)
	$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(all_libs)

.PHONY: fuzz-build
fuzz-build:
	@$(MAKE) --silent BUILD=$(BUILD)/fuzz CC=clang CFLAGS='$(fuzz_flags)' $(fuzz_programs)

# --- lint --------------------------------------------------------------------------------------
lint_packages := clang-format clang-tidy cppcheck shellcheck
c_files       := $(sources) $(helper_sources) $(wildcard manual/*.c) $(wildcard tests/*/*.c)
h_files       := $(foreach room,$(rooms) tests/unit tests/integration,$(wildcard $(room)/*.h))
bash_files    := $(wildcard tests/*.sh tests/*/*.sh) manual/completion.bash tests/kubernetes/build tests/kubernetes/node-init tests/kubernetes/node-end tests/run tests/soak/view tests/soak/guest-view tests/soak/guest-dress tests/guest-lab tests/guest-console tests/target-init lab/demo lab/reference .ci/run
sh_files      := $(wildcard injectors/*.sh injectors/contract/*.sh) manual/convert packaging/build-deb packaging/nightly packaging/shard packaging/sweep tests/install-packages tests/guest-init \
                 tests/guest-target
tidy_stamps   := $(c_files:%=$(BUILD)/tidy/%)

# Left out: what a file that is sourced, or joined with others, can't be asked.
shellcheck := shellcheck --severity=warning --exclude=SC1090,SC1091,SC2034,SC2154

.PHONY: lint
lint:
	@tests/install-packages $(build_packages) $(lint_packages) libcmocka-dev
	@clang-format --dry-run -Werror $(c_files) $(h_files)
	@cppcheck --quiet --error-exitcode=1 --std=c11 -D_GNU_SOURCE -I. --library=posix \
	    --enable=warning,performance,portability --suppress=missingInclude \
	    --suppress=readdirCalled --suppress=internalAstError -j"$$(nproc)" $(c_files)
	@for test in $(shell_tests) $(kubernetes_tests) $(slurm_tests); do [ -x "$$test" ] || { echo "$$test can't be run: chmod +x $$test"; exit 1; }; done
	@$(shellcheck) --shell=bash $(bash_files)
	@$(shellcheck) --shell=sh $(sh_files)
	@$(MAKE) --silent -j"$$(nproc)" $(tidy_stamps)
	@echo "lint: nothing found in $(words $(c_files) $(h_files) $(bash_files) $(sh_files)) files"

# One file at a time, and again only when it or a header has changed.
$(tidy_stamps): $(BUILD)/tidy/%: % $(h_files) .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- $(all_cflags) 2>$@.log || { cat $@.log >&2; exit 1; }
	@touch $@

# --- sanitizers --------------------------------------------------------------------------------
# Unit and integration tests with the binary and all test programs under AddressSanitizer and
# UndefinedBehaviorSanitizer; under ThreadSanitizer those with threads, a whole run among them.
sanitize_address := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
sanitize_thread  := -O1 -g -fsanitize=thread
threaded_tests   := tests/e2e/test_run.sh tests/e2e/test_interrupted.sh tests/e2e/test_runner_killed.sh \
                    tests/integration/test_jump_hosts.sh tests/integration/test_access.sh \
                    tests/integration/test_check_targets.sh tests/integration/test_run_database.sh \
                    tests/integration/test_many_sources.sh

define run_sanitized # FOLDER, FLAGS, SHELL TESTS, TESTS A PROCESSOR
	@$(MAKE) --silent -j"$$(nproc)" BUILD=$(BUILD)/$(1) BINARY=$(BUILD)/$(1)/vnfault CFLAGS='$(2)' \
	    all test-programs
	@BUILD=$(CURDIR)/$(BUILD)/$(1) VNFAULT=$(CURDIR)/$(BUILD)/$(1)/vnfault VNFAULT_DATA=$(CURDIR) \
	    VNFAULT_HELPERS=$(CURDIR)/$(BUILD)/$(1)/helpers tests/run -j $$(($(4) * $$(nproc))) $(BUILD)/test-logs/$(1) \
	    $(unit_programs:$(BUILD)/%=$(BUILD)/$(1)/%) $(3)
endef

.PHONY: sanitize
sanitize:
	@tests/install-packages $(build_packages) $(lab_packages) $(report_packages) $(test_packages)
	$(call run_sanitized,address,$(sanitize_address),$(filter-out $(guest_tests),$(filter tests/integration/%,$(shell_tests))),2)
	$(call run_sanitized,thread,$(sanitize_thread),$(threaded_tests),1)

# --- everything, set-up included ----------------------------------------------------------------
build_packages := gcc make pkg-config libc6-dev libssh-dev libxml2-dev \
                  libsqlite3-dev libjansson-dev libcsv-dev libzip-dev libcurl4-openssl-dev lowdown
lab_packages   := kamailio kamailio-sqlite-modules kamailio-utils-modules sip-tester stress-ng \
                  iptables iproute2 iputils-ping openssh-server openssh-client sqlite3 procps
report_packages := gnuplot-nox
reference_packages := zstd libopenblas0 python3
test_packages  := man-db mandoc libcmocka-dev libopenblas0 libxml2-utils openssl python3 python3-scipy python3-sklearn python3-kubernetes python3-yaml zstd sudo busybox kmod \
                  user-mode-linux dmsetup lvm2 dnsmasq-base curl podman runc conmon catatonit containernetworking-plugins containerd docker.io \
                  prometheus prometheus-node-exporter python3-prometheus-client golang-go golang-github-vmware-govmomi-dev \
                  libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 \
                  systemd systemd-container cron groovy default-jre-headless
slurm_packages := slurmctld slurmd slurm-client munge
# Any kubectl will do; another package's clashes with Debian's.
kubernetes_packages = golang-go golang-github-modern-go-reflect2-dev etcd-server containerd runc \
                      containernetworking-plugins busybox openssl curl prometheus-node-exporter python3 libxml2-utils \
                      $(if $(shell command -v kubectl),,kubernetes-client)

# What building, the lab, reports and the papers' figures need.
.PHONY: packages
packages:
	@tests/install-packages $(build_packages) $(lab_packages) $(report_packages) $(reference_packages)

.PHONY: demo
demo: packages
	@echo "building ..."
	@$(MAKE) --silent -j"$$(nproc)" all
	@lab/demo

# A campaign in full on the lab, kept under results/reference/. It takes hours; called again after it
# was broken off, it goes on: make reference CAMPAIGN=sauvanaud-2016 OPTIONS='--time-scale 1/20'
.PHONY: reference
reference: packages
	@$(MAKE) --silent -j"$$(nproc)" all
	@lab/reference $(CAMPAIGN) $(OPTIONS)

# The first paper's campaign on the lab, at the scale at which an experiment of 4 minutes has its 320 observations: two
# hours and a quarter. Called again after it was broken off, it goes on.
.PHONY: reproduce-sauvanaud
reproduce-sauvanaud:
	@$(MAKE) --silent reference CAMPAIGN=sauvanaud-2016 OPTIONS='--time-scale 1/20'

# The second paper's campaign on the lab, at the scale at which a day of 12 minutes has its 2,880 observations: three
# hours and a half. Called again after it was broken off, it goes on. Then what the paper claims is computed.
.PHONY: reproduce-syrroca
reproduce-syrroca: export EVALUATION := --detector autoencoder --split nominal
reproduce-syrroca: packages
	@$(MAKE) --silent -j"$$(nproc)" all
	@status=0; lab/reference syrroca-2021 --time-scale 1/120 || status=$$?; \
	[ $$status = 0 ] || [ $$status = 2 ] || exit $$status; \
	zstd -q -19 -f results/syrroca-2021-reference/evaluation.json -o results/reference/syrroca-2021/evaluation.json.zst && \
	    tests/reference/syrroca_claims.py results/syrroca-2021-reference && exit $$status

# Kills whatever injections hang on, at random instants; the result table is kept. Either takes half an hour:
# make soak-kill SOAK=FOLDER POINTS=1050 RUNS=60 SEED=1 WORKERS=8
# make soak-kill-guest SOAK=FOLDER POINTS=198 SEED=1 WORKERS=4
# The second is for the faults that need a kernel of their own (tests/guest.sh); each worker has a guest.
SOAK = results/$@
SEED = 1
soak-kill: POINTS  = 1050
soak-kill: RUNS    = 60
soak-kill: WORKERS = 8
soak-kill: taker   = injections.sh
soak-kill-guest: POINTS  = 198
soak-kill-guest: RUNS    = 0
soak-kill-guest: WORKERS = 4
soak-kill-guest: taker   = guest_injections.sh
.PHONY: soak-kill soak-kill-guest
soak-kill soak-kill-guest:
	@tests/install-packages $(build_packages) $(lab_packages) $(test_packages)
	@$(MAKE) --silent -j"$$(nproc)" all $(BUILD)/tests/integration/injection_probe $(guest_library)
	@tests/soak/soak_kill.sh $(taker) $(SOAK) $(POINTS) $(RUNS) $(SEED) $(WORKERS)

.PHONY: test
test:
	@tests/install-packages $(build_packages) $(lab_packages) $(report_packages) $(test_packages)
	@$(MAKE) --silent -j"$$(nproc)" WERROR=1 all test-programs
	@tests/run $(BUILD)/test-logs $(longest_tests) $(filter-out $(longest_tests),$(shell_tests)) \
	    $(unit_programs)

.PHONY: test-programs
test-programs: $(unit_programs) $(integration_programs) $(guest_library) $(vcenter) manual
