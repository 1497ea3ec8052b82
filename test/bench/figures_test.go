package bench

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// figures are the raw figures of one app: what report makes its tables of.
type figures struct {
	App      string
	Standing string   // with or without a token
	Place    string   // of the builders' state
	Bases    []base   // the stand-ins of the expert's Dockerfile; the last one is below the result
	Results  []result // of one run each
}

// A base is an official image that the expert's Dockerfile names, and the size of the image that stands for it.
type base struct {
	Name       string
	Compressed int64 // bytes
}

// A result is one run of all scenarios of an app.
type result struct {
	Builds map[string]map[string]measured // by scenario and builder
	Sizes  map[string]size                // by builder, of the image of the last scenario; also full
}

// full is our image with --runtime full, among the sizes.
const full = "ours, --runtime full"

// measured is what one build took.
type measured struct {
	Seconds        float64
	Inner          float64 // seconds of these in which the image was looked up, built and pushed; of ours only
	Pushed, Pulled int64   // bytes, to and from the registries
	Unpacked       int64   // bytes of the files that the builder has afterwards: what it unpacked, and what steps wrote
	Answered       float64 // seconds from docker run to the image's first answer
	Resident       int64   // bytes that the started program has in memory then
	Cache          string  // how much of it the registry had; of ours only
	Steps          []step  // of ours only
	Memory         int64   // bytes at most, of the program alone; of ours only, if the builder was not its own
}

// A step is a row of where the time goes.
type step struct {
	Name    string
	Cached  bool
	Start   float64 // seconds since the image was looked up
	Seconds float64

	Activities []activity
}

// An activity is what the builder did for a step, such as the pull of its layers.
type activity struct {
	Kind           string
	Start, Seconds float64
}

// transferred is the time with that of the modelled link.
func (m measured) transferred() float64 { return m.Seconds + float64(m.Pushed+m.Pulled)/bandwidth }

// rawDir is where the raw figures are, by BENCH_RAW.
func rawDir() string {
	if dir := os.Getenv("BENCH_RAW"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "bin", "bench")
}

// write keeps the figures as a file, in place of those of an earlier measurement of the same app.
func (f figures) write(dir string) error {
	text, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	words := strings.NewReplacer(" ", "-", ",", "").Replace(f.App + " " + f.Standing + " " + f.Place)
	return os.WriteFile(filepath.Join(dir, words+".json"), text, 0o600)
}

// readFigures reads all files of a directory, in the order of their names.
func readFigures(dir string) ([]figures, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err == nil && len(files) == 0 {
		err = fs.ErrNotExist
	}
	var all []figures
	for _, file := range files {
		var f figures
		text, e := os.ReadFile(file)
		if e == nil {
			e = json.Unmarshal(text, &f)
		}
		err = errors.Join(err, e)
		all = append(all, f)
	}
	return all, err
}

func TestFiguresAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "raw")
	if _, err := readFigures(dir); err == nil {
		t.Error("there are no figures, and none is missed")
	}
	for _, f := range []figures{sampleFigures("node", 2), sampleFigures("go", 1), sampleFigures("go", 3)} {
		if err := f.write(dir); err != nil {
			t.Fatal(err)
		}
	}
	all, err := readFigures(dir)
	if err != nil || len(all) != 2 || all[0].App != "go" || len(all[0].Results) != 3 || all[1].Results[1].Builds[cold][ours].Seconds != 20 {
		t.Errorf("got %+v, %v", all, err)
	}
}
