package providers

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/source"
)

// An msbuildFile holds the elements of a project that count, and of the files that it takes in.
type msbuildFile struct {
	framework string   // the TargetFramework, such as "net8.0"; of several the last
	assembly  string   // the AssemblyName
	projects  []string // that it refers to, relative to its directory
	sdks      []string // the names of the SDKs
	output    string   // the OutputType, such as "Exe"
	tests     bool     // it holds tests
	imports   bool     // it takes in a file
	blocker   string   // an element or a property function by which restoring may read other files
}

// msbuildReaders are elements of which nobody knows what they read.
var msbuildReaders = []string{
	"Exec", "Import", "RestoreAdditionalProjectSources", "RestoreConfigFile", "RestoreSources", "Target", "UsingTask",
}

// dotnetTests are packages that projects with tests have.
var dotnetTests = []string{"Microsoft.NET.Test.Sdk", "MSTest", "NUnit", "TUnit", "xunit", "xunit.v3"}

// readMSBuild reads an XML file element by element.
func readMSBuild(app App, name string) (msbuildFile, error) {
	var f msbuildFile
	text, err := app.Tree.Read(name)
	if err != nil {
		return f, err
	}
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	var element string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			line, _ := d.InputPos()
			return f, &source.Error{Op: "parsing", Name: name, Line: line, Err: err}
		}
		switch token := token.(type) {
		case xml.StartElement:
			element = token.Name.Local
			f.start(token)
		case xml.CharData:
			f.text(element, strings.TrimSpace(string(token)))
		case xml.EndElement:
			element = ""
		}
	}
}

func (f *msbuildFile) start(e xml.StartElement) {
	if slices.Contains(msbuildReaders, e.Name.Local) {
		f.blocker = "the element " + e.Name.Local
	}
	f.imports = f.imports || e.Name.Local == "Import"
	for _, a := range e.Attr {
		f.expression(a.Value)
		switch {
		case e.Name.Local == "ProjectReference" && a.Name.Local == "Include":
			f.projects = append(f.projects, a.Value)
		case e.Name.Local == "PackageReference" && a.Name.Local == "Include":
			f.tests = f.tests || slices.Contains(dotnetTests, a.Value)
		case e.Name.Local == "Project" && a.Name.Local == "Sdk", e.Name.Local == "Sdk" && a.Name.Local == "Name":
			f.sdks = append(f.sdks, a.Value)
		}
	}
}

func (f *msbuildFile) text(element, text string) {
	f.expression(text)
	switch element {
	case "TargetFramework":
		f.framework = text
	case "AssemblyName":
		f.assembly = text
	case "OutputType":
		f.output = text
	case "IsTestProject":
		f.tests = strings.EqualFold(text, "true")
	}
}

// expression stops at a text that asks the file system something.
func (f *msbuildFile) expression(text string) {
	if strings.Contains(text, "$([") || strings.Contains(strings.ToLower(text), "exists(") {
		f.blocker = "an expression that may look at files"
	}
}

// projectWarnings tell of a project that the SDK or the start command does not fit.
func projectWarnings(app App, t dotnetTarget, sdk dotnetSDK) []string {
	name, program := t.file, t.program
	f, err := readMSBuild(app, name)
	if err != nil {
		return []string{err.Error()}
	}
	var warnings []string
	if roots, err := app.Tree.Entries(); err == nil && !t.named && !slices.ContainsFunc(roots, isDotnetRoot) {
		warnings = append(warnings, "the app's root has no project and no solution, where dotnet restore looks for one; set install and build commands that name "+name)
	}
	if major, ok := frameworkMajor(f.framework); ok && major > sdk.major {
		warnings = append(warnings, fmt.Sprintf("%s targets %s, which .NET SDK %d does not know", name, f.framework, sdk.major))
	}
	if f.assembly != "" && f.assembly != program && !strings.Contains(f.assembly, "$") {
		warnings = append(warnings, fmt.Sprintf("%s names its program %.60q, but %q is started; set a start command", name, f.assembly, program))
	}
	return warnings
}

// isDotnetRoot reports whether dotnet takes a file of the working directory for what it shall restore.
func isDotnetRoot(e fs.DirEntry) bool {
	ext := path.Ext(e.Name())
	return strings.HasSuffix(ext, "proj") || ext == ".sln" || ext == ".slnx"
}

// frameworkMajor returns 8 for "net8.0". Older names, such as "net48" and "netcoreapp3.1", are not of that form.
func frameworkMajor(framework string) (uint64, bool) {
	version, ok := strings.CutPrefix(framework, "net")
	first, _, dotted := strings.Cut(version, ".")
	major, err := strconv.ParseUint(first, 10, 8)
	return major, ok && dotted && err == nil
}

// projectAt returns the name in the app of a project that a file refers to by a path, "" if it is outside or the path
// is an expression.
func projectAt(from, reference string) string {
	if strings.ContainsAny(reference, "$*?;%@") {
		return ""
	}
	name := path.Join(path.Dir(from), strings.ReplaceAll(reference, `\`, "/"))
	if name == ".." || strings.HasPrefix(name, "../") {
		return ""
	}
	return name
}
