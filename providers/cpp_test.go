package providers

import (
	"strings"
	"testing"
)

func TestCppStartsTheProgramOfTheBuild(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		start string // "" for none
		why   string // a part of the reason, or of why nothing is started
	}{
		{"cmake", repo{"CMakeLists.txt": "project(shop)\nadd_executable(shop main.c)\n"}, "./build/shop", "only program"},
		{"cmake, a variable", repo{"CMakeLists.txt": "PROJECT(shop CXX)\nset(BIN ${PROJECT_NAME}d)\nadd_executable(${BIN}\n  main.c)\n"}, "./build/shopd", "only program"},
		{"cmake, a folder", repo{"CMakeLists.txt": "project(shop)\nadd_subdirectory(src)\nadd_subdirectory(tests)\n",
			"src/CMakeLists.txt": "add_executable(shop main.c)\n", "tests/CMakeLists.txt": "add_executable(check t.c)\n"}, "./build/src/shop", "only program"},
		{"cmake, an output folder", repo{"CMakeLists.txt": "project(shop)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)\nadd_executable(shop main.c)\n"}, "./build/bin/shop", ""},
		{"cmake, an output name", repo{"CMakeLists.txt": "add_executable(shop main.c)\nset_target_properties(shop PROPERTIES OUTPUT_NAME shop-server RUNTIME_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/out)\n"},
			"./out/shop-server", ""},
		{"cmake, a test", repo{"CMakeLists.txt": "project(p)\nadd_executable(shop main.c)\nadd_executable(all_of_it t.c)\nadd_test(NAME x COMMAND all_of_it)\nadd_executable(shop_test t.c)\n"}, "./build/shop", "only program"},
		{"cmake, an option", repo{"CMakeLists.txt": "add_executable(shop main.c)\nif(BUILD_TESTING)\n add_executable(check t.c)\nendif()\nif(WIN32)\nadd_executable(service s.c)\nelse()\nendif()\n"}, "./build/shop", "only program"},
		{"cmake, installed", repo{"CMakeLists.txt": "add_executable(gen g.c)\nadd_executable(shop m.c)\ninstall(TARGETS shop RUNTIME DESTINATION bin)\n"}, "./build/shop", "installed"},
		{"cmake, the project", repo{"CMakeLists.txt": "project(shop)\nadd_executable(gen g.c)\nadd_executable(shop m.c)\n"}, "./build/shop", "called like the project"},
		{"cmake, undecided", repo{"CMakeLists.txt": "project(p)\nadd_executable(one g.c)\nadd_executable(two m.c)\n"}, "", "makes the programs one and two"},
		{"cmake, a library", repo{"CMakeLists.txt": "project(p)\nadd_library(p p.c)\n"}, "", "CMakeLists.txt makes no program, so that it is a library"},
		{"cmake, computed", repo{"CMakeLists.txt": "foreach(x a b)\nadd_executable(${x} ${x}.c)\nendforeach()\n"}, "", "nobody can tell"},
		{"cmake, a comment", repo{"CMakeLists.txt": "# add_executable(no n.c)\n#[[ add_executable(never n.c) ]]\nadd_executable(shop [[m.c]] \"a ) b\") # end\n"}, "./build/shop", ""},
		{"cmake, outside", repo{"CMakeLists.txt": "set(CMAKE_RUNTIME_OUTPUT_DIRECTORY /usr/bin)\nadd_executable(shop m.c)\n"}, "", "nobody can tell where"},
		{"cmake, itself", repo{"CMakeLists.txt": "add_subdirectory(.)\nadd_subdirectory(..)\nadd_executable(shop m.c)\n"}, "./build/shop", ""},
		{"meson", repo{"meson.build": "project('shop', 'c')\nsubdir('src')\n", "src/meson.build": "executable(\n  meson.project_name(),\n  'm.c', install : true)\n", "src/m.c": ""}, "./build/src/shop", ""},
		{"meson, a library", repo{"meson.build": "project('shop', 'c')\nlibrary('shop', 'm.c')\n", "m.c": ""}, "", "library"},
		{"make", repo{"Makefile": "CFLAGS += -O2\nshop: main.o util.o\n\t$(CC) $(CFLAGS) -o $@ $^\n%.o: %.c\n\t$(CC) -c -o $@ $<\n", "main.c": ""}, "./shop", ""},
		{"make, all", repo{"Makefile": "TARGET = bin/shop\n.PHONY: all clean\nall: $(TARGET)\n$(TARGET): $(OBJS) | bin\n\tg++ $(OBJS) -o $(TARGET)\nbin:\n\tmkdir -p $@\n", "src/main.cpp": ""}, "./bin/shop", ""},
		{"make, a phony target", repo{"Makefile": ".PHONY: build\nbuild:\n\t@g++ -std=c++20 \\\n\t\tmain.cpp -o shop\n", "main.cpp": ""}, "./shop", ""},
		{"make, its own rule", repo{"Makefile": "all: shop\n", "shop.c": ""}, "./shop", ""},
		{"make, the goal", repo{"Makefile": ".DEFAULT_GOAL := shop\nlib.a: lib.o\n\tar rcs $@ $^\nshop: lib.a\n\t${CC} lib.a -o ${@}\n", "main.c": ""}, "./shop", ""},
		{"make, a shared library", repo{"Makefile": "shop.so: a.o\n\t$(CC) -shared -o $@ $^\n", "a.c": ""}, "", "library"},
		{"make, elsewhere", repo{"Makefile": "all:\n\t$(MAKE) -C src\n", "src/a.c": ""}, "", "nobody can tell"},
		{"make, computed", repo{"Makefile": "T = $(notdir $(CURDIR))\n$(T): a.o\n\t$(CC) -o $@ $^\n", "a.c": ""}, "", "nobody can tell"},
		{"make, itself", repo{"Makefile": "A = $(B)\nB = $(A)\nall: all shop\n\t$(A)\nshop: all\n\tcc -o shop a.c\n", "a.c": ""}, "./shop", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := newest(t, tt.files, nil)
			if reason, err := detectCpp(app); reason == "" || err != nil {
				t.Fatalf("not detected: %v", err)
			}
			out, err := planCpp(app)
			if err != nil {
				t.Fatal(err)
			}
			got, why := "", out.NoStart
			if out.Plan.Start != nil {
				got = *out.Plan.Start.Cmd
				why = out.Reasons[len(out.Reasons)-1].Why
			}
			if got != tt.start || !strings.Contains(why, tt.why) {
				t.Errorf("start %q, as %q; want %q, as %q", got, why, tt.start, tt.why)
			}
		})
	}
}

func TestOtherAppsAreNotOnesOfC(t *testing.T) {
	for name, files := range map[string]repo{
		"a Makefile alone":  {"Makefile": "all:\n\techo\n"},
		"C far away":        {"Makefile": "all:\n", "native/deep/a.c": ""},
		"Zig":               {"CMakeLists.txt": "project(p)\n", "build.zig": ""},
		"COBOL":             {"Makefile": "", "index.cbl": "", "a.c": ""},
		"a site":            {"Makefile": "", "index.html": "", "a.c": ""},
		"no build":          {"main.c": ""},
		"a CMake elsewhere": {"native/CMakeLists.txt": "project(p)\n"},
	} {
		if reason, err := detectCpp(newest(t, files, nil)); reason != "" || err != nil {
			t.Errorf("%s: %q, %v", name, reason, err)
		}
	}
}
