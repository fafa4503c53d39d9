# Two commands do everything on a fresh Debian or Ubuntu with Swift: `make demo` and `make test`.
# ARGS is handed on: make demo ARGS='--seed 7'.

PRODUCT := halfopen
# Without the check an import between targets compiles although the manifest does not declare it.
SWIFT_OPTIONS := --explicit-target-dependency-import-check error
# All at once, as the runner would have them, a thousand tests start hundreds of processes together,
# and each waits for all the others.
TESTS_AT_ONCE := --experimental-maximum-parallelization-width 16
RELEASE := .build/release/$(PRODUCT)
FORMATTED := $(wildcard Sources Tests Benchmarks/Benchmarks Benchmarks/Package.swift Fuzz Package.swift)
# What C libraries the program stands on: without pkg-config not even the manifest resolves.
BUILD_PACKAGES := pkg-config libpcap-dev zlib1g-dev libzstd-dev
TEST_PACKAGES := tshark tcpdump gnuplot-nox iproute2 nftables python3 zstd gcc libc6-dev nmap hping3 ethtool

.PHONY: help demo test compare-tshark exhaustive mutants fuzz build lint format notebooks captures clean
.PHONY: compare-transfers bench bench-capture kill-captures probe-matrix
.PHONY: respond-handshakes ask-both bench-respond
.PHONY: build-packages test-packages

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build  ## install what is missing, build, and run `halfopen demo` (ARGS='...')
	$(RELEASE) demo $(ARGS)

test: test-packages  ## install what the tests need, build debug and release, run all tests
	swift build $(SWIFT_OPTIONS) --product $(PRODUCT)
	swift build $(SWIFT_OPTIONS) --configuration release --product $(PRODUCT)
	swift test $(SWIFT_OPTIONS) --disable-xctest $(TESTS_AT_ONCE)

build: build-packages  ## install what is missing and build the release program
	swift build $(SWIFT_OPTIONS) --configuration release --product $(PRODUCT)

lint:  ## check the format and the style rules of every Swift file
	swift format lint --strict --recursive $(FORMATTED)

format:  ## rewrite every Swift file in the agreed format
	swift format --in-place --recursive $(FORMATTED)

notebooks: test-packages build  ## run the notebooks' commands and rewrite the outputs in place
	HALFOPEN_RECORD=notebooks swift test $(SWIFT_OPTIONS) --disable-xctest --filter NotebookTests.NotebookRuns

captures: build  ## record captures/*.pcapng anew in a network namespace, and what is said of them
	@scripts/ensure-packages iproute2 util-linux
	@mkdir -p captures
	scripts/record-captures $(RELEASE) captures

exhaustive: build test-packages  ## all at full size: interleavings, 2^32 cookies, loss systems; an hour
	$(RELEASE) check --exhaustive --all-numbers
	$(RELEASE) cookie count --scheme all
	HALFOPEN_SIZE=full swift test $(SWIFT_OPTIONS) --disable-xctest --filter 'FloodSimulationTests\.Simulated'

compare-tshark: test-packages build  ## compare with tshark, field by field (CAPTURES='DIR FILE' ARGS='...')
	scripts/compare-tshark --halfopen $(RELEASE) $(ARGS) captures $(CAPTURES)

bench: build  ## print what the hot paths cost, peers beside them (ARGS='--filter ...'); not a test
	@scripts/ensure-packages --optional iproute2
	scripts/bench-annotate $(RELEASE)
	scripts/bench $(RELEASE) $(ARGS)
	-scripts/bench-respond $(RELEASE)

bench-capture: build  ## send packets to captures of halfopen, tcpdump, dumpcap, count what they lose
	@scripts/ensure-packages --optional iproute2 tcpdump tshark
	scripts/bench-capture $(RELEASE) $(ARGS)

kill-captures: build  ## kill captures at random moments, read what they leave (ARGS='TIMES SEED')
	@scripts/ensure-packages --optional iproute2 tshark
	scripts/kill-captures $(ARGS)

respond-handshakes: build  ## have the kernel shake hands 10,000 times with a played host, and over loss
	@scripts/ensure-packages util-linux python3
	scripts/respond-handshakes $(RELEASE) $(ARGS)

compare-transfers: build  ## send 50 MB, and 2 MB under two controls, over a bad loopback; no test
	scripts/compare-transfers $(RELEASE)

probe-matrix: build  ## probe every known listener 100 times, print the confusion matrix (ARGS='--runs 10')
	@scripts/ensure-packages iproute2 nftables ethtool python3
	scripts/probe-matrix $(RELEASE) $(ARGS)

ask-both: build  ## ask this kernel and a played host what tells cookies, with segments made by hand
	@scripts/ensure-packages util-linux iproute2 python3
	scripts/ask-both $(RELEASE)

bench-respond: build  ## what a SYN costs that is answered with a cookie, by respond and by this kernel
	@scripts/ensure-packages iproute2
	scripts/bench-respond $(RELEASE) $(ARGS)

mutants: build-packages  ## break a copy of the model and see its properties notice (ARGS='C3 P1'); no test
	scripts/mutants $(ARGS)

fuzz:  ## feed the decoders hostile octets (ARGS='TARGET=link|reader|tracker SECONDS=60')
	scripts/fuzz $(ARGS)

clean:  ## remove what was built
	rm -rf .build Benchmarks/.build

build-packages:
	@scripts/ensure-packages $(BUILD_PACKAGES)

test-packages:
	@scripts/ensure-packages $(BUILD_PACKAGES) --optional $(TEST_PACKAGES)
