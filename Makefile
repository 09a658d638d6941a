# What people type: `make demo` and `make test`. Both install what is missing on Debian.

BUILD ?= .build
SWIFT_BUILD = swift build --scratch-path $(BUILD)
RUN_TESTS = Scripts/run-tests $(BUILD)/tests.log
# Many tests start processes of their own: all at once would be too many for a small machine.
SWIFT_TEST = $(RUN_TESTS) swift test --skip-build --scratch-path $(BUILD) --disable-xctest \
	--experimental-maximum-parallelization-width 8
PACKAGES = libcurl4-openssl-dev libjansson-dev
# A simulated BMC (ipmi_sim) and two consoles.
IPMI_PEERS = openipmi ipmitool freeipmi-tools
INTEROP = $(BUILD)-interop

FUZZ = $(BUILD)-fuzz
RUNS ?= 1000000
# With the RUNS of sessions, simulated BMCs and walks it makes ten million for what reads IPMI.
PACKETS ?= 7000000
# An input that takes a second is kept as slow-unit-…
FUZZ_OPTIONS = -timeout=20 -report_slow_units=1 -rss_limit_mb=1024 -print_final_stats=1 \
	-artifact_prefix=$(FUZZ)/
# One frame of where memory was taken tells enough, and more takes a sixth of the time.
FUZZ_ENVIRONMENT = SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=1:detect_leaks=0

# What the sanitizers look at.
ASAN_TESTS ?= CoreTests
TSAN_TESTS ?= HTTPClientTests|InfraKitTests|IPMITests|RedfishTests|SimulatorTests

# How often the daemon is killed; CRASH_OPTIONS="--seed 7 --seeds 1" with N=100 repeats one seed of 20,
# and CRASH_OPTIONS="--seeds 1 --aim 'after rename new-document'" aims at one step.
N ?= 2000
CRASH_OPTIONS ?=

# How many sequences of the property-based test are drawn; FIRST=… begins at another seed.
SEQUENCES ?= 10000
FIRST ?= 1

.PHONY: help demo test properties interop ipmi-peers peers lint format build release deps sanitize asan tsan fuzz crash

help:
	@echo "make demo      show the plugin at work on a simulated rack"
	@echo "make test      build and run the tests"
	@echo "make properties  draw SEQUENCES=$(SEQUENCES) random sequences of calls, faults, crashes and"
	@echo "               operators, in an optimised build, and check every promise after each step"
	@echo "make interop   test against other people's BMCs and consoles (from Debian and PyPI)"
	@echo "make peers     install what benchmarks compare with (from Debian and PyPI)"
	@echo "make sanitize  run the tests of Core under AddressSanitizer (those of JSON with leak"
	@echo "               detection), and those of everything but the daemon under ThreadSanitizer;"
	@echo "               make asan and make tsan do one of these; TSAN_TESTS=IPMITests names others"
	@echo "make crash     kill the daemon N=$(N) times under load, at every kind of step that it takes on"
	@echo "               the disk and at the BMCs, and check what it promised against what they saw"
	@echo "make fuzz      try PACKETS=$(PACKETS) random packets on what reads IPMI, and RUNS=$(RUNS)"
	@echo "               inputs on each of: IPMI's sessions, the simulated BMC, the walks through a"
	@echo "               BMC's records, the Redfish provider, requests, inventories, state files"
	@echo "               and journals; make fuzz-packets, fuzz-sessions, fuzz-bmcs, fuzz-walks,"
	@echo "               fuzz-answers, fuzz-calls, fuzz-inventories, fuzz-states and fuzz-journals"
	@echo "               try one of these alone"
	@echo "make lint      check the format"
	@echo "make format    apply the format"
	@echo "make release   build an optimised rackpool"

demo: deps
	$(SWIFT_BUILD) --product rackpool
	$(BUILD)/debug/rackpool demo

# The property-based test takes all processors for a while, which others' time limits don't expect. A
# seed goes the same way each time only if dictionaries do.
test: deps
	$(SWIFT_BUILD) --build-tests
	SWIFT_DETERMINISTIC_HASHING=1 $(SWIFT_TEST) --filter PropertyTests
	$(SWIFT_TEST) --filter 'CoreTests|StateFileTests' --skip PropertyTests
	$(SWIFT_TEST) --filter DaemonTests
	$(SWIFT_TEST) --skip DaemonTests --skip InteropTests --skip CoreTests --skip StateFileTests

# Core alone, optimised: twice as fast, and without what others use.
properties: export RACKPOOL_ONLY_CORE = 1
properties: deps
	swift build -c release -Xswiftc -enable-testing --build-tests --scratch-path $(BUILD)-properties
	SWIFT_DETERMINISTIC_HASHING=1 RACKPOOL_SEQUENCES=$(SEQUENCES) RACKPOOL_FIRST_SEED=$(FIRST) \
	swift test --skip-build -c release -Xswiftc -enable-testing --scratch-path $(BUILD)-properties \
		--disable-xctest --filter PropertyTests

interop: deps ipmi-peers $(INTEROP)/bin/sushy-emulator
	$(SWIFT_BUILD) --build-tests
	RACKPOOL_INTEROP=$(abspath $(INTEROP)) $(SWIFT_TEST) --filter InteropTests

# Named together with what the Python environment needs: one look at Debian's lists is enough.
ipmi-peers:
	@sh Scripts/install-dependencies $(IPMI_PEERS) python3 python3-venv

peers: ipmi-peers $(BUILD)-peers/bin/sushy
	@which nginx > /dev/null || which /usr/sbin/nginx > /dev/null || \
		sh Scripts/install-dependencies nginx-light curl openssl

$(BUILD)-peers/bin/sushy: Benchmarks/Peers/requirements.txt
	sh Scripts/install-dependencies python3 python3-venv
	python3 -m venv $(BUILD)-peers
	$(BUILD)-peers/bin/pip install --quiet --require-hashes --requirement $<
	touch $@

build: deps
	$(SWIFT_BUILD)

# A library that somebody put beside the program is not loaded (no $ORIGIN in its RUNPATH), and what it
# calls in libraries is bound at its start and can't be changed afterwards (-z now).
release: deps
	$(SWIFT_BUILD) -c release --product rackpool --disable-local-rpath -Xlinker -z -Xlinker now

lint:
	@swift format lint --strict -r Package.swift Sources Tests Benchmarks Fuzz && echo "the format is clean"

format:
	@swift format -i -r Package.swift Sources Tests Benchmarks Fuzz

# The tests that start the daemon stay out: it would run in a process that nobody looks into. So do
# two that take minutes as it is: the property-based one, and StoreFaultTests, in which each of a
# store's calls fails.
sanitize: asan tsan

SANITIZED = swift test --skip-build --disable-xctest \
	--experimental-maximum-parallelization-width 4 --skip PropertyTests --skip StoreFaultTests

# Core alone is built in a minute, without what others use. XCTest itself leaks a little, so it stays
# out. Leaks are looked for where C allocates, in JSON: elsewhere what an enumeration's case holds
# counts as lost, for the runtime marks such pointers in bits that LeakSanitizer doesn't mask.
asan: export RACKPOOL_ONLY_CORE = 1
asan: SANITIZED += --scratch-path $(BUILD)-asan --sanitize=address
asan: deps
	swift build --build-tests --scratch-path $(BUILD)-asan --sanitize=address
	ASAN_OPTIONS=detect_leaks=1 $(RUN_TESTS) $(SANITIZED) --filter CoreTests.JSON
	ASAN_OPTIONS=detect_leaks=0 $(RUN_TESTS) $(SANITIZED) --filter '$(ASAN_TESTS)'

tsan: export RACKPOOL_ONLY_LIBRARIES = 1
tsan: export RACKPOOL_THREAD_SANITIZER = 1
tsan: deps
	swift build --build-tests --scratch-path $(BUILD)-tsan --sanitize=thread
	TSAN_OPTIONS="suppressions=$(abspath Tests/thread-sanitizer.supp) exitcode=66" \
	$(RUN_TESTS) $(SANITIZED) --scratch-path $(BUILD)-tsan --sanitize=thread --filter CoreTests
	TSAN_OPTIONS="suppressions=$(abspath Tests/thread-sanitizer.supp) exitcode=66" \
	$(RUN_TESTS) $(SANITIZED) --scratch-path $(BUILD)-tsan --sanitize=thread \
		--filter '$(TSAN_TESTS)'

# Each by its name, or all with `make fuzz`. What libFuzzer finds worth keeping stays in the build
# folder; Fuzz/Corpus-… is what it starts from. The build is an optimised one: it keeps every
# precondition and trap, and in it what others wrote (SwiftNIO, BoringSSL) is fast, too.
FUZZ_INPUTS = $(addprefix fuzz-,packets sessions bmcs walks answers calls inventories journals states)
.PHONY: $(FUZZ_INPUTS)
fuzz: $(FUZZ_INPUTS)
fuzz-packets: PROGRAM = PacketFuzzer
fuzz-sessions: PROGRAM = SessionFuzzer
fuzz-bmcs: PROGRAM = BMCFuzzer
fuzz-walks: PROGRAM = WalkFuzzer
fuzz-answers: PROGRAM = ResponseFuzzer
fuzz-calls: PROGRAM = CallFuzzer
fuzz-inventories: PROGRAM = InventoryFuzzer
fuzz-journals: PROGRAM = JournalFuzzer
fuzz-states: PROGRAM = StateFuzzer
fuzz-packets: INPUTS = $(PACKETS)
INPUTS = $(RUNS)
fuzz-packets fuzz-sessions fuzz-bmcs fuzz-walks: LENGTH = 512
fuzz-answers: LENGTH = 8192
LENGTH = 4096

$(FUZZ_INPUTS): fuzz-%: deps
	RACKPOOL_FUZZ=1 swift build -c release --scratch-path $(FUZZ) --product $(PROGRAM)
	mkdir -p $(FUZZ)/$*
	$(FUZZ_ENVIRONMENT) $(FUZZ)/release/$(PROGRAM) $(FUZZ_OPTIONS) -max_len=$(LENGTH) -detect_leaks=0 \
		-runs=$(INPUTS) $(FUZZ)/$* $(wildcard Fuzz/Corpus-$*)
	$(LEAKS)

# Looking for leaks takes 50 ms an input here, so a second run on answers does that on what the first
# one found.
fuzz-answers: LEAKS = SWIFT_BACKTRACE=enable=no $(FUZZ)/release/$(PROGRAM) $(FUZZ_OPTIONS) \
	-max_len=$(LENGTH) -detect_leaks=1 -runs=0 $(FUZZ)/answers Fuzz/Corpus-answers

crash: deps
	$(SWIFT_BUILD) --product crash
	$(SWIFT_BUILD) --product rackpool
	$(BUILD)/debug/crash --kills $(N) $(CRASH_OPTIONS)

deps:
	@sh Scripts/install-dependencies $(PACKAGES)

$(INTEROP)/bin/sushy-emulator: Tests/InteropTests/requirements.txt
	sh Scripts/install-dependencies python3 python3-venv
	python3 -m venv $(INTEROP)
	$(INTEROP)/bin/pip install --quiet --require-hashes --requirement $<
	touch $@
