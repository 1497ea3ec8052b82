package cli

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/registry"
)

// pruneFlags are the options of the command cache prune.
type pruneFlags struct {
	yes                bool
	last, days         int
	branches           []string
	insecureRegistries []string
	caCertificates     string
}

func cacheCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Look after caches in registries",
		Args:  knownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(pruneCommand(p))
	return cmd
}

func pruneCommand(p *program) *cobra.Command {
	var f pruneFlags
	cmd := &cobra.Command{
		Use:   "prune REPOSITORY[:PREFIX]",
		Short: "Delete old caches from a registry",
		Long: `Prune lists what builds have left in a repository and nobody needs any more, and deletes it with --yes: caches, package
caches with the last cache that names them, and the tags of images that could be promoted. Only what such a build wrote, under tags with its
prefix, is touched; what another tag points to stays, and so does what any of the rules keeps.

A registry frees the space when it collects its garbage.`,
		Example: `  npx-action cache prune ghcr.io/me/app/cache
  npx-action cache prune ghcr.io/me/app/cache --keep-last 3 --keep-days 7 --keep-branches main --yes`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("see "+cmd.CommandPath()+" --help", "expected one repository, got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("keep-branches") {
				f.branches = nil
			}
			return p.prune(cmd.Context(), args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.yes, "yes", false, "delete, and do not only list")
	flags.IntVar(&f.last, "keep-last", 10, "keep the newest `number` of caches, and of images, for each platform")
	flags.IntVar(&f.days, "keep-days", 30, "keep what is younger than this `number` of days")
	flags.StringSliceVar(&f.branches, "keep-branches", nil, "keep the newest cache of each of these `branches` or patterns only (default of all); repeatable")
	flags.StringArrayVar(&f.insecureRegistries, "insecure-registry", nil, "registry `host` to reach by HTTP or with any certificate; loopback ones are; repeatable")
	flags.StringVar(&f.caCertificates, "ca-certificates", "", "PEM `file` of certificates to trust")
	return cmd
}

// prune lists what goes, and deletes it if that is wished.
func (p *program) prune(ctx context.Context, where string, f pruneFlags) error {
	repo, rules, err := f.rules(where)
	if err != nil {
		return err
	}
	own, _, err := p.certificates(f.caCertificates)
	if err != nil {
		return err
	}
	transport, err := registry.NewTransport(own)
	if err != nil {
		return err
	}
	client := &registry.Client{Keychain: p.keychain(nil), Transport: transport, Insecure: f.insecureRegistries, UserAgent: "npx-action/" + version()}
	ours := func(tag string) bool { _, ok := cache.ParseTag(rules.Prefix, tag); return ok }
	holdings, err := client.Inventory(ctx, repo, ours)
	if err != nil {
		return fmt.Errorf("listing %s: %w", repo, err)
	}
	gone := rules.Prune(entries(rules.Prefix, holdings), p.date())
	if err := p.pruneTable(gone, holdings); err != nil || !f.yes {
		return err
	}
	for _, e := range gone {
		if err := client.Delete(ctx, repo+"@"+e.Digest); err != nil {
			return err
		}
	}
	p.say("deleted", fmt.Sprintf("%d of %d manifests", len(gone), len(holdings)))
	return nil
}

// defaultPrefix begins the tags of caches for which no other prefix was given.
const defaultPrefix = "npx1"

func (f pruneFlags) rules(where string) (repo string, rules cache.Rules, err error) {
	rules = cache.Rules{Prefix: defaultPrefix, Last: f.last, Within: time.Duration(f.days) * 24 * time.Hour, Branches: f.branches}
	repo, tag, ok := cutTag(where)
	switch {
	case ok && strings.Contains(tag, "/"): // it was the port of a host
		repo = where
	case ok:
		rules.Prefix = tag
	}
	if _, err := cache.NewRefs(cache.Scope{Repository: where, Platform: "linux/amd64"}, cache.Key{}); err != nil {
		return "", rules, usage("give REPOSITORY or REPOSITORY:PREFIX, as --cache-ref", "%w", err)
	}
	if f.last < 0 || f.days < 0 {
		return "", rules, usage("give 0 to keep nothing for that reason", "reading --keep-last and --keep-days: less than nothing is kept")
	}
	for _, b := range f.branches {
		if _, err := path.Match(b, ""); err != nil {
			return "", rules, usage("use * and ? and [a-z]", "reading --keep-branches %q: %w", b, err)
		}
	}
	return repo, rules, nil
}

// entries are holdings as the rules see them. Which are ours tells the tag and the manifest together.
func entries(prefix string, holdings []registry.Holding) []cache.Entry {
	var list []cache.Entry
	for _, h := range holdings {
		parts := h.Parts
		record, err := cache.ParseRecord(h.Annotations)
		if err == nil && record != nil {
			parts = append(parts[:len(parts):len(parts)], record.Named()...)
		}
		written := func(tag string) bool {
			t, _ := cache.ParseTag(prefix, tag)
			switch t.Kind {
			case cache.Note:
				return record != nil || cache.IsDocument(h.Annotations)
			case cache.Image, cache.Package:
				return strings.HasSuffix(h.ConfigType, ".image.config.v1+json") || strings.HasSuffix(h.ConfigType, "container.image.v1+json")
			}
			return h.ConfigType == cacheConfig
		}
		list = append(list, cache.Entry{Digest: h.Digest, Tags: h.Tags, Created: h.Created, Parts: parts,
			Ours: !slices.ContainsFunc(h.Tags, func(tag string) bool { return !written(tag) })})
	}
	return list
}

// pruneTable prints what goes, with the bytes that nothing else needs.
func (p *program) pruneTable(gone []cache.Entry, holdings []registry.Holding) error {
	goes := map[string]bool{}
	for _, e := range gone {
		goes[e.Digest] = true
	}
	kept, freed := map[string]bool{}, map[string]int64{}
	byDigest := map[string]registry.Holding{}
	for _, h := range holdings {
		byDigest[h.Digest] = h
		for blob, size := range h.Blobs { // into sets
			if goes[h.Digest] {
				freed[blob] = size
			} else {
				kept[blob] = true
			}
		}
	}
	var total int64
	table := tabwriter.NewWriter(p.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "CREATED\tBYTES\tTAGS")
	for _, e := range gone {
		var own int64
		for blob, size := range byDigest[e.Digest].Blobs { // a sum
			if !kept[blob] {
				own += size
			}
		}
		created := "-"
		if !e.Created.IsZero() {
			created = e.Created.UTC().Format(time.DateOnly)
		}
		fmt.Fprintf(table, "%s\t%d\t%s\n", created, own, shown(strings.Join(e.Tags, " ")))
	}
	for blob, size := range freed { // a sum
		if !kept[blob] {
			total += size
		}
	}
	fmt.Fprintf(table, "total\t%d\t%d of %d\n", total, len(gone), len(holdings))
	if err := table.Flush(); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}
