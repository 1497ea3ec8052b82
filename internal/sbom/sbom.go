// Package sbom writes the bill of materials of an app's image, as an SPDX 2.3 document.
//
// It is made of the lockfiles, the plan and the list of what Nix has installed. So it needs no scanner, is the same on each run, and
// says what was asked for and not what a scanner recognises.
package sbom

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/package-url/packageurl-go"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// PredicateType is the type of the document as an in-toto attestation.
const PredicateType = "https://spdx.dev/Document"

// A Package is something that went into an image.
type Package struct {
	purl   packageurl.PackageURL
	from   string // the file that names it, or what else does
	dev    bool   // it is needed to build and not to run
	direct bool   // the lockfile says that the app asks for it; not all do, see [asked]
	url    string // to download it from, "" if the lockfile does not say
	sum    string // hashes of its content, as the lockfile writes them, with blanks between; "" for none

	// Other addresses that the lockfile names for it: an index, a repository, files for other machines. A package without a name is no
	// more than these.
	places []string
}

// Inputs are what a document is made of.
type Inputs struct {
	Name    string // of the image or the app
	Tree    *source.Tree
	Locks   []string // lockfiles besides those in the root of Tree
	Plan    plan.Plan
	Bases   []Base
	Nix     Closure
	Created time.Time
	Tool    string // such as npx-action-1.2.3
}

// A Base is an image that the app's stands on, or was built on.
type Base struct{ Ref, Digest string }

// Document returns the SPDX document as JSON. Equal inputs give equal bytes. A lockfile that cannot be read is left out, and the warnings
// say so.
func Document(in Inputs) (document []byte, warnings []string, err error) {
	list, warnings := packages(in)
	doc := &spdx.Document{
		SPDXVersion: spdx.Version, DataLicense: spdx.DataLicense, SPDXIdentifier: "DOCUMENT", DocumentName: in.Name,
		CreationInfo: &spdx.CreationInfo{
			Created:  in.Created.UTC().Format(time.RFC3339),
			Creators: []common.Creator{{CreatorType: "Tool", Creator: in.Tool}},
		},
	}
	const app = common.ElementID("App")
	doc.Packages = []*spdx.Package{spdxPackage(in.Name, app)}
	doc.Relationships = []*spdx.Relationship{spdxRelation("DOCUMENT", common.TypeRelationshipDescribe, app)}
	for i, p := range list {
		id := identifier(i+1, p)
		doc.Packages = append(doc.Packages, p.spdx(id))
		if p.dev {
			doc.Relationships = append(doc.Relationships, spdxRelation(id, common.TypeRelationshipDevDependencyOf, app))
		} else {
			doc.Relationships = append(doc.Relationships, spdxRelation(app, common.TypeRelationshipDependsOn, id))
		}
	}
	// The name has to be one that no other document has: here, one that depends on all that is in it.
	var text bytes.Buffer
	if err := spdxjson.Write(doc, &text); err != nil {
		return nil, nil, fmt.Errorf("writing the bill of materials: %w", err)
	}
	sum := sha256.Sum256(text.Bytes())
	doc.DocumentNamespace = "https://github.com/org/npx-action/sbom/" + hex.EncodeToString(sum[:])
	text.Reset()
	if err := spdxjson.Write(doc, &text); err != nil {
		return nil, nil, fmt.Errorf("writing the bill of materials: %w", err)
	}
	return text.Bytes(), warnings, nil
}

// packages are sorted by their URL, each once. One that any file needs at run time is no tool.
func packages(in Inputs) (list []Package, warnings []string) {
	list, unread := lockedPackages(in.Tree, in.Locks)
	for _, f := range unread {
		warnings = append(warnings, fmt.Sprintf("the bill of materials has nothing of %s: %v", f.file, f.err))
	}
	list = append(append(list, plannedPackages(in.Plan)...), installedPackages(in.Nix)...)
	for _, b := range in.Bases {
		list = append(list, base(b))
	}
	slices.SortStableFunc(list, func(a, b Package) int {
		if c := strings.Compare(a.purl.String(), b.purl.String()); c != 0 {
			return c
		}
		if a.dev != b.dev && b.dev {
			return -1
		} else if a.dev != b.dev {
			return 1
		}
		return strings.Compare(a.from, b.from)
	})
	return slices.CompactFunc(list, func(a, b Package) bool { return a.purl.String() == b.purl.String() }), warnings
}

const unknown = "NOASSERTION"

func spdxPackage(name string, id common.ElementID) *spdx.Package {
	return &spdx.Package{
		PackageName: name, PackageSPDXIdentifier: id, PackageDownloadLocation: unknown,
		PackageLicenseConcluded: unknown, PackageLicenseDeclared: unknown, PackageCopyrightText: unknown,
	}
}

func (p Package) spdx(id common.ElementID) *spdx.Package {
	name := p.purl.Name
	if p.purl.Namespace != "" {
		name = p.purl.Namespace + "/" + name
	}
	out := spdxPackage(name, id)
	out.PackageVersion = p.purl.Version
	out.PackageSourceInfo = "from " + p.from
	if url := download(p.url); url != "" {
		out.PackageDownloadLocation = url
	}
	out.PackageExternalReferences = []*spdx.PackageExternalReference{{
		Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL, Locator: p.purl.String(),
	}}
	return out
}

func spdxRelation(a common.ElementID, how string, b common.ElementID) *spdx.Relationship {
	return &spdx.Relationship{RefA: common.MakeDocElementID("", string(a)), Relationship: how, RefB: common.MakeDocElementID("", string(b))}
}

// notInIdentifiers are the characters that SPDX does not allow there.
var notInIdentifiers = lazyregexp.New(`[^A-Za-z0-9.-]+`)

// identifier begins with a number, as names may be equal but for characters that are not allowed.
func identifier(n int, p Package) common.ElementID {
	name := notInIdentifiers.ReplaceAllString(p.purl.Type+"-"+p.purl.Name, "-")
	return common.ElementID("Package-" + strconv.Itoa(n) + "-" + name)
}
