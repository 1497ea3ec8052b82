package ci

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Metadata are what docker/metadata-action takes from variables and not from inputs.
type Metadata struct {
	ShortSHA int      // DOCKER_METADATA_SHORT_SHA_LENGTH, 0 if it is not given
	HeadSHA  bool     // DOCKER_METADATA_PR_HEAD_SHA: of a pull request, its head and not the merge commit
	Levels   []string // DOCKER_METADATA_ANNOTATIONS_LEVELS, manifest if it is not given
}

// About is what the forge says about the repository.
type About struct{ Name, Description, URL, License string }

func readMetadata(environ map[string]string) (Metadata, error) {
	const length = "DOCKER_METADATA_SHORT_SHA_LENGTH"
	m := Metadata{HeadSHA: strings.EqualFold(environ["DOCKER_METADATA_PR_HEAD_SHA"], "true"), Levels: []string{"manifest"}}
	if text := environ[length]; text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 {
			return m, &InputError{fmt.Errorf("reading %s: %q is no length; give a number such as 12", length, text)}
		}
		m.ShortSHA = n
	}
	if text := environ["DOCKER_METADATA_ANNOTATIONS_LEVELS"]; text != "" {
		m.Levels = strings.Split(text, ",")
	}
	return m, nil
}

// timestamp reads what forges write; zero if it is none.
func timestamp(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// MetadataEvent is the event in the words of docker/metadata-action, which are GitHub's.
func (j Job) MetadataEvent() string {
	if j.System == GitHub {
		return j.Event.Name
	}
	switch j.Event.Kind {
	case Schedule:
		return "schedule"
	case PullRequest:
		return "pull_request"
	case MergeQueue:
		return "merge_group"
	case Push, Tag:
		return "push"
	}
	return "workflow_dispatch"
}

// MetadataSHA is the commit that tags and labels name.
func (j Job) MetadataSHA() string {
	if j.Metadata.HeadSHA && j.Event.Kind == PullRequest {
		return j.Event.Head
	}
	return j.Event.SHA
}
