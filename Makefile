# What people type: `make demo` and `make test`. Both install what is missing on Debian.

BUILD ?= .build
SWIFT_BUILD = swift build --scratch-path $(BUILD)
# Many tests start processes of their own: all at once would be too many for a small machine.
RUN_TESTS = Scripts/run-tests $(BUILD)/tests.log
SWIFT_TEST = $(RUN_TESTS) swift test --scratch-path $(BUILD) --disable-xctest \
	--experimental-maximum-parallelization-width 8
PACKAGES = libcurl4-openssl-dev libjansson-dev
INTEROP = $(BUILD)-interop

FUZZ = $(BUILD)-fuzz
RUNS ?= 1000000
FUZZ_OPTIONS = -max_len=8192 -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 \
	-artifact_prefix=$(FUZZ)/

.PHONY: help demo test interop peers lint format build release deps asan tsan fuzz

help:
	@echo "make demo      show the plugin at work on a simulated rack"
	@echo "make test      build and run the tests"
	@echo "make interop   test against other people's Redfish services (installs them from PyPI)"
	@echo "make peers     install what benchmarks compare with (from Debian and PyPI)"
	@echo "make asan      run the JSON tests under AddressSanitizer with leak detection"
	@echo "make tsan      run the tests of Core, HTTP, Redfish and the simulator under ThreadSanitizer"
	@echo "make fuzz      try RUNS=$(RUNS) random answers on the Redfish provider"
	@echo "make lint      check the format"
	@echo "make format    apply the format"
	@echo "make release   build an optimised rackpool"

demo: deps
	$(SWIFT_BUILD) --product rackpool
	$(BUILD)/debug/rackpool demo

# The property-based test takes all processors for a while, which others' time limits don't expect.
test: deps
	$(SWIFT_TEST) --filter PropertyTests
	$(SWIFT_TEST) --skip InteropTests --skip PropertyTests

interop: deps $(INTEROP)/bin/sushy-emulator
	RACKPOOL_INTEROP=$(abspath $(INTEROP)) $(SWIFT_TEST) --filter InteropTests

peers: $(BUILD)-peers/bin/sushy
	@which nginx > /dev/null || which /usr/sbin/nginx > /dev/null || \
		sh Scripts/install-dependencies nginx-light curl openssl

$(BUILD)-peers/bin/sushy: Benchmarks/Peers/requirements.txt
	sh Scripts/install-dependencies python3 python3-venv
	python3 -m venv $(BUILD)-peers
	$(BUILD)-peers/bin/pip install --quiet --requirement $<
	touch $@

build: deps
	$(SWIFT_BUILD)

release: deps
	$(SWIFT_BUILD) -c release --product rackpool

lint:
	@swift format lint --strict -r Package.swift Sources Tests Benchmarks Fuzz && echo "the format is clean"

format:
	@swift format -i -r Package.swift Sources Tests Benchmarks Fuzz

# XCTest itself leaks a little, so it stays out.
asan: deps
	RACKPOOL_ONLY_CORE=1 ASAN_OPTIONS=detect_leaks=1 swift test --scratch-path $(BUILD)-asan \
		--disable-xctest --sanitize=address --filter CoreTests.JSON

tsan: deps
	RACKPOOL_THREAD_SANITIZER=1 \
	TSAN_OPTIONS="suppressions=$(abspath Tests/thread-sanitizer.supp) exitcode=66" \
	$(RUN_TESTS) swift test --scratch-path $(BUILD)-tsan --disable-xctest --sanitize=thread \
		--experimental-maximum-parallelization-width 4 \
		--filter 'CoreTests|HTTPClientTests|RedfishTests|SimulatorTests' --skip PropertyTests

# What libFuzzer finds worth keeping stays in the build folder; Fuzz/Corpus is what it starts from.
# Looking for leaks takes 50 ms an input here, so the last run does that on what the first one found.
fuzz: deps
	RACKPOOL_FUZZ=1 swift build --scratch-path $(FUZZ) --product ResponseFuzzer
	mkdir -p $(FUZZ)/corpus
	SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=quarantine_size_mb=16 $(FUZZ)/debug/ResponseFuzzer $(FUZZ_OPTIONS) \
		-detect_leaks=0 -runs=$(RUNS) $(FUZZ)/corpus Fuzz/Corpus
	SWIFT_BACKTRACE=enable=no $(FUZZ)/debug/ResponseFuzzer $(FUZZ_OPTIONS) -detect_leaks=1 -runs=0 $(FUZZ)/corpus Fuzz/Corpus

deps:
	@sh Scripts/install-dependencies $(PACKAGES)

$(INTEROP)/bin/sushy-emulator: Tests/InteropTests/requirements.txt
	sh Scripts/install-dependencies python3 python3-venv
	python3 -m venv $(INTEROP)
	$(INTEROP)/bin/pip install --quiet --requirement $<
	touch $@
