package filetree

import (
	"archive/tar"
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// tree reads an archive of these files. The content of a file is its owner's name, which nobody reads.
func tree(t *testing.T, headers ...tar.Header) Tree {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		if h.ModTime.IsZero() {
			h.ModTime = noon
		}
		content := h.Uname
		h.Uname, h.Size = "", int64(len(content))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	read, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestEveryDifferenceIsNamed(t *testing.T) {
	base := func(change func(*tar.Header)) []tar.Header {
		h := tar.Header{Name: "f", Typeflag: tar.TypeReg, Mode: 0o644, Uname: "text"}
		change(&h)
		return []tar.Header{{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o755}, h}
	}
	for name, tt := range map[string]struct {
		change func(*tar.Header)
		want   []string
	}{
		"nothing":    {func(*tar.Header) {}, nil},
		"content":    {func(h *tar.Header) { h.Uname = "Text" }, []string{"content f"}},
		"mode":       {func(h *tar.Header) { h.Mode = 0o4755 }, []string{"mode f"}},
		"owner":      {func(h *tar.Header) { h.Gid = 7 }, []string{"owner f"}},
		"time":       {func(h *tar.Header) { h.ModTime = noon.Add(time.Second) }, []string{"time f"}},
		"attributes": {func(h *tar.Header) { h.PAXRecords = map[string]string{"SCHILY.xattr.user.a": "b"} }, []string{"attributes f"}},
		"name":       {func(h *tar.Header) { h.Name = "g" }, []string{"removed f", "added g"}},
		"two":        {func(h *tar.Header) { h.Uname, h.Mode = "Text", 0o600 }, []string{"content,mode f"}},
		"a link": {func(h *tar.Header) { h.Typeflag, h.Uname, h.Linkname = tar.TypeSymlink, "", "d" },
			[]string{"kind,content f"}},
	} {
		t.Run(name, func(t *testing.T) {
			from := tree(t, base(func(*tar.Header) {})...)
			var got []string
			for _, c := range Diff(from, tree(t, base(tt.change)...)) {
				got = append(got, c.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhichNameOfAFileComesFirstIsNoDifference(t *testing.T) {
	link := func(file, other string) []tar.Header {
		return []tar.Header{{Name: file, Typeflag: tar.TypeReg, Uname: "x"}, {Name: other, Typeflag: tar.TypeLink, Linkname: file}}
	}
	if changes := Diff(tree(t, link("a", "b")...), tree(t, link("b", "a")...)); changes != nil {
		t.Error(changes)
	}
}

func TestWithoutTimesOnlyOtherDifferencesAreLeft(t *testing.T) {
	got := Without([]Change{{"a", []How{Time}}, {"b", []How{Content, Time}}}, Time)
	if diff := cmp.Diff([]Change{{"b", []How{Content}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNewestIsTheLatestTime(t *testing.T) {
	files := tree(t, tar.Header{Name: "a", Typeflag: tar.TypeReg}, tar.Header{Name: "b", Typeflag: tar.TypeReg, ModTime: noon.Add(time.Hour)})
	if got := files.Newest(); !got.Equal(noon.Add(time.Hour)) {
		t.Error(got)
	}
}

func TestABrokenArchiveIsAnError(t *testing.T) {
	if _, err := Read(bytes.NewReader(bytes.Repeat([]byte("x"), 1024))); err == nil {
		t.Error("it was read")
	}
}
