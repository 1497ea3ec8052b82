package providers

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/versions"
)

var (
	rustNumbers = lazyregexp.New(`^\d+\.\d+(\.\d+)?`)
	rustDated   = lazyregexp.New(`(?:nightly|beta)-((\d{4})-\d{2}-\d{2})`)
)

// findOverlay takes the newest overlay of the catalogue, so that the tree's hash is known and the same plan has the same releases.
func (r *rustApp) findOverlay() error {
	all, err := r.Versions()
	if err != nil {
		return err
	}
	tool, err := all.Tool("rust")
	if err != nil {
		return err
	}
	var ok bool
	if r.overlay, ok = tool.Overlay(); !ok {
		return errors.New("choosing rust: the catalogue has no overlay of Rust")
	}
	return nil
}

// overlayArchive is the overlay as a plan has it.
func (r *rustApp) overlayArchive() string {
	if !r.choosesVersions() {
		return rustOverlay
	}
	return r.overlay.Address + "#" + r.overlay.NAR
}

// chooseForMusl takes a release that the overlay has. If the app wants none of those, the C library of Nix is used, for which nixpkgs has Rust.
func (r *rustApp) chooseForMusl() error {
	if r.chosen == nil || r.overlay.Has(r.chosen.version) {
		return nil
	}
	newest := r.overlay.Last
	if !r.asked.Allows(newest) {
		r.target, r.musl = "", false
		r.targetCause = r.chosen.why
		r.targetCause.why += ", which rust-overlay lacks" + withoutMusl
		return nil
	}
	found, err := r.asks("rust")
	if err != nil {
		return err
	}
	r.chosen, r.pkg, r.pkgCause = nil, rustPackage(`"`+newest+`"`), whyChosen(found, newest)
	r.pkgCause.why += ", the newest of rust-overlay"
	return nil
}

// warnOfRelease warns of a release that the overlay lacks.
func (r *rustApp) warnOfRelease(ask versions.Ask) {
	if version := rustNumbers.FindString(ask.Text); version != "" && !r.overlay.Has(version) {
		r.warnOfOverlay("Rust "+version, fmt.Sprintf("has %s to %s", r.overlay.First, r.overlay.Last), ranges.Compare(version, r.overlay.Last) > 0)
	}
}

// warnOfDay warns of a nightly or beta version that the overlay lacks. It has the releases of its year and of the year before.
func (r *rustApp) warnOfDay() error {
	_, match, err := r.Tree.Match(rustDated, r.toolchain)
	if err != nil || match == nil {
		return err
	}
	day := string(r.overlay.Date)
	year, _ := strconv.Atoi(day[:4])
	first := fmt.Sprintf("%d-01-01", year-1)
	if match[1] < first || match[1] > day {
		r.warnOfOverlay(match[0], fmt.Sprintf("has days from %s to %s", first, day), match[1] > day)
	}
	return nil
}

func (r *rustApp) warnOfOverlay(asked, has string, newer bool) {
	hint := "ask for a later one"
	if newer {
		hint = "name a newer archive of rust-overlay in nixOverlays of the phase setup"
	}
	r.warn("%s is asked for, but rust-overlay %s, so the build will not find it; %s", asked, has, hint)
}
