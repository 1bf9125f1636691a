# oms: build, tests, pages. Commands, modules, tests and pages are found by their folders: there is no list to edit.
#   make            build everything under build/          make demo      the main job on real input, in a scratch folder
#   make check      all tests, in parallel                 make lint      floors, pages, shell, clang-tidy
#   make SAN=1 check    the same under ASan and UBSan      make bench     figures, side by side with the usual tools
#   make fuzz       the record readers, FUZZ_SECONDS each  make install PREFIX=/usr/local DESTDIR=
#   make soak       kills, faults and crowds at length, valgrind, fuzzers (about 15 minutes)
SHELL   := /bin/bash
VERSION := 0.1.0
PREFIX  ?= /usr/local
CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
B       := build$(if $(SAN),/san)$(if $(filter clang%,$(CC)),/clang)
JOBS    ?= $(shell nproc)

WARN    := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror=implicit-function-declaration
HARDEN  := -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -fPIE
CFLAGS  ?= -O2 -g
ifdef SAN
CFLAGS  := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HARDEN  := -fPIE
endif
ALL_CFLAGS  := -std=gnu11 $(WARN) $(CFLAGS) $(HARDEN) -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -DPREFIX='"$(PREFIX)"' -iquote lib -iquote $B
ALL_LDFLAGS := -pie -Wl,-z,relro -Wl,-z,now -Wl,--as-needed $(LDFLAGS)
# The libraries are linked statically where Debian ships the archive: a look-up starts in half the time (make bench).
STATIC  ?= 1
libs    = $(foreach l,$1,$(if $(and $(filter 1,$(STATIC)),$(wildcard $(LIBDIR)/lib$l.a)),-l:lib$l.a,-l$l))
LIBDIR  := $(shell dirname "$$($(CC) -print-file-name=libsqlite3.so 2>/dev/null)" 2>/dev/null)
# libhpdf has no archive: --as-needed keeps it to the commands that draw.
LDLIBS  := $(call libs,sqlite3 jansson csv zstd sodium) -lhpdf -lm

CMDS    := $(notdir $(basename $(wildcard cmd/oms-*.c)))
LIBSRC  := $(wildcard lib/*.c)
LIBOBJ  := $(LIBSRC:lib/%.c=$B/lib/%.o) $B/sql.o
SQL     := $(sort $(wildcard lib/sql/*.sql)) $(sort $(wildcard share/schema/*.sql))
UNITS   := $(patsubst tests/lib/%.c,$B/tests/%,$(wildcard tests/lib/*_test.c))
BATS    := $(wildcard tests/*.bats tests/cmd/*.bats)
FUZZ    := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
PAGES   := $(patsubst man/%.1.in,$B/man/%.1,$(wildcard man/*.1.in)) $(patsubst man/%,$B/man/%,$(wildcard man/*.5 man/*.7))
FUZZ_SECONDS ?= 60
# What lost its source leaves the build, so that no command outlives its file.
STALE   := $(filter-out $(CMDS:%=$B/bin/%) $B/bin/oms,$(wildcard $B/bin/oms*)) $(filter-out $(PAGES),$(wildcard $B/man/*.[157]))
$(if $(strip $(STALE)),$(shell rm -f $(STALE)))

.PHONY: all programs pages check demo lint bench fuzz soak datasets install uninstall clean deps-build deps-check
.DELETE_ON_ERROR:
.SECONDARY:

all: deps-build
	@$(MAKE) -q --no-print-directory programs pages 2>/dev/null || echo "oms: building under $B/" >&2
	@$(MAKE) -s --no-print-directory -j$(JOBS) programs pages

programs: $(CMDS:%=$B/bin/%) $(if $(wildcard cmd/oms.c),$B/bin/oms) $B/share/oms
pages: $(PAGES)

# What is missing is installed, and said (.ci/deps): the first make on a bare Debian 12 needs nothing typed before it.
deps-build: ; @.ci/deps build
deps-check: ; @.ci/deps build check

$B/bin/%: $B/cmd/%.o $B/liboms.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $^ $(LDLIBS) -o $@

$B/liboms.a: $(LIBOBJ)
	@rm -f $@
	ar rcs $@ $^

$B/%.o: %.c $B/sql.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$B/sql.o: $B/sql.c $B/sql.h
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$B/sql.h $B/sql.c: $B/sql.%: $(SQL) lib/sql/sql.awk
	@mkdir -p $(@D)
	awk -v part=$* -f lib/sql/sql.awk $(SQL) >$@

# The programs find their data beside their folder, built or installed: bin/../share/oms.
$B/share/oms:
	@mkdir -p $(@D)
	ln -sfn $(CURDIR)/share $@

$B/tests/%: $B/tests/lib/%.o $B/liboms.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $^ $(LDLIBS) -lcmocka -o $@

# What a command says of itself is the one source of its page's tables and of its completion.
$B/describe/%.tsv: $B/bin/%
	@mkdir -p $(@D)
	ASAN_OPTIONS=detect_leaks=0 $< --describe >$@

$B/man/%.1: $B/describe/%.tsv man/%.1.in man/man.awk
	@mkdir -p $(@D)
	awk -f man/man.awk $< man/$*.1.in >$@

$B/man/%: man/%
	@mkdir -p $(@D)
	cp $< $@

$B/describe/all: $(CMDS:%=$B/describe/%.tsv)
	@touch $@

TEST_ENV := OMS_TEST=1 TZ=UTC0 LC_ALL=C.UTF-8 CMOCKA_MESSAGE_OUTPUT=TAP SAN=$(SAN) BUILD=$(CURDIR)/$B SRC=$(CURDIR) PATH="$(CURDIR)/$B/bin:$$PATH" ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
check: deps-check
	@$(MAKE) -s --no-print-directory -j$(JOBS) programs pages $(UNITS)
	@chmod +x $(BATS)
	@$(TEST_ENV) prove -j$(JOBS) --timer -e '' $(UNITS) $(BATS) 2>&1 | tee $B/check.log; exit $${PIPESTATUS[0]}

demo: all
	@PATH="$(CURDIR)/$B/bin:$$PATH" bash share/demo.sh

lint: deps-check
	@$(MAKE) -s --no-print-directory -j$(JOBS) programs pages
	@B=$B CC="$(CC)" bash tests/lint.sh

bench: deps-check
	@$(MAKE) -s --no-print-directory -j$(JOBS) programs
	@$(TEST_ENV) bash tests/bench/run.sh

build/fuzz/%: tests/fuzz/%.c $(LIBSRC) build/sql.c build/sql.h
	@mkdir -p $(@D)
	clang -std=gnu11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -DPREFIX='"$(PREFIX)"' -iquote lib -iquote build $< $(filter-out lib/cmd%.c lib/each.c,$(LIBSRC)) build/sql.c -lsqlite3 -ljansson -lcsv -lzstd -lsodium -lhpdf -lm -o $@
fuzz: deps-check $(FUZZ)
	@for f in $(FUZZ); do mkdir -p $$f.corpus && echo "== $$f" && $$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 $$f.corpus $$(ls -d tests/conformance/json 2>/dev/null) || exit 1; done

# The two real data sets, whole (minutes); a slice of them is part of make check. The files lie outside the tree: OMS_DATA.
datasets: deps-check
	@$(MAKE) --no-print-directory -j$(JOBS) programs
	@$(TEST_ENV) bash tests/data/datasets.sh

soak: deps-check
	@$(MAKE) --no-print-directory -j$(JOBS) programs
	@B=$B $(TEST_ENV) bash tests/soak.sh

install: all
	@bash .ci/install "$B" "$(DESTDIR)" "$(PREFIX)"
uninstall:
	@bash .ci/install --remove "$B" "$(DESTDIR)" "$(PREFIX)"
clean:
	rm -rf build

-include $(wildcard $B/lib/*.d $B/cmd/*.d $B/tests/lib/*.d)
