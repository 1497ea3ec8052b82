package planner

import (
	"errors"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
	"github.com/org/npx-action/providers"
)

// chosenCatalogue is the catalogue of an app, and whether no newer patch will do. What the options say goes before what the files do: their date
// holds if they pin one, and their rows replace the files' rows.
func chosenCatalogue(in Input, said []config.Settings) (*catalogue.Catalogue, bool, error) {
	all, strict := in.Catalogue, in.Strict
	var day plan.Setting
	var by string
	var files []*catalogue.File
	for _, s := range said {
		if s.Err != nil {
			return nil, false, s.Err
		}
		strict = strict || s.Strict
		if s.Date.Text != "" {
			day, by = s.Date, s.Name
		}
		if len(s.Tables) == 0 {
			continue
		}
		file, err := catalogue.NewFile(s.Name, rows(s.Tables))
		if wrong, ok := errors.AsType[*catalogue.FileError](err); ok {
			return nil, false, &config.Error{File: s.Name, Line: wrong.Line, Key: "catalogue", Err: wrong.Err, Hint: catalogueHint}
		}
		files = append(files, file)
	}
	if day.Text == "" && files == nil {
		return all, strict, nil
	}
	all, err := providers.App{Catalogue: all}.Versions()
	if err != nil {
		return nil, false, err
	}
	if all, err = all.Under(catalogue.Day(day.Text), files...); err != nil {
		return nil, false, &config.Error{File: by, Line: day.Line, Key: "catalogue-date", Err: err}
	}
	return all, strict, nil
}

const catalogueHint = "the catalogue's page in the documentation shows what it may hold"

func rows(tables []plan.Table) []catalogue.Row {
	var list []catalogue.Row
	for _, t := range tables {
		row := catalogue.Row{Kind: t.Kind, Line: t.Line, Values: map[string]catalogue.Value{}}
		for key, v := range t.Values {
			row.Values[key] = catalogue.Value(v)
		}
		list = append(list, row)
	}
	return list
}

// A Download is an archive that a plan fetches and that neither the program nor its options know: the app's own files name it.
type Download struct {
	Name string // of the tool
	URL  string
	From string // the file or the option that names it
}

// downloads lists the downloads of a plan, by its origins. File is the app's configuration.
func downloads(in Input, found []Origin, file string) ([]Download, error) {
	var list []Download
	for _, o := range found {
		r, err := store.ParseRelease(o.Value)
		if o.Field != "release" || err != nil {
			continue // whoever installs it says what is wrong with it
		}
		all, err := providers.App{Catalogue: in.Catalogue}.Versions()
		if err != nil {
			return nil, err
		}
		if hasArchive(all, r) {
			continue
		}
		from := file
		if from == "" {
			from = o.By
		}
		list = append(list, Download{Name: r.Name, URL: r.URL, From: from})
	}
	return list, nil
}

// hasArchive reports whether a catalogue has the very archive at that address.
func hasArchive(all *catalogue.Catalogue, r store.Release) bool {
	tool, err := all.Tool(r.Name)
	if err != nil {
		return false
	}
	row, ok := tool.Release(r.Version, r.Platform)
	if !ok || row.Hash != r.Hash {
		return false
	}
	address, err := all.Registries().Address(row.Address)
	return err == nil && address == r.URL
}
