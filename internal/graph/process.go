package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

// ProcessLabel begins the labels of an image that hold the commands of the plan's processes. A process's name ends it.
const ProcessLabel = "npx-action.process."

const (
	// processDir is where a slim image has a program for each process. It is the last directory of PATH, so that no process hides a program.
	processDir = "/opt/npx-action/bin"

	processOutput  = "/run/npx-action/processes" // where a step puts these programs, apart from its own file system
	processFiles   = GeneratedDir + "/processes"
	processScripts = "/run/npx-action/scripts" // where that step reads processFiles
)

// checkProcesses finds a process that cannot be a program of its name.
func checkProcesses(start plan.Start) error {
	for name, cmd := range plan.Sorted(start.Processes) {
		a := at{"", "start.processes"}
		if !plan.NamesProgram(name) {
			return a.err("use letters, digits, - and _", "%q is no name of a program", name)
		}
		if strings.TrimSpace(cmd) == "" {
			return a.err("write a command or leave the process out", "the command of %s is empty", name)
		}
		if err := text(at{"", "start.processes." + name}, cmd); err != nil {
			return err
		}
	}
	return nil
}

// processes makes the programs of a slim image that start the plan's processes. It returns the node that holds them, 0 for none.
func (b *builder) processes() int {
	const dir = processOutput + processDir
	scripts := b.plan.Start.Base == nil
	var install []string
	for name, cmd := range plan.Sorted(b.plan.Start.Processes) {
		if scripts {
			b.g.Files = append(b.g.Files, File{processFiles + "/" + name, b.processScript(cmd)})
			install = []string{"install -m 0755 " + processScripts + "/* " + dir + "/"}
		} else if program := shell.Alone(cmd); program != "" {
			install = append(install, "ln -s "+shell.Quote(path.Join(Dir, program))+" "+dir+"/"+name)
		}
	}
	if len(install) == 0 {
		return 0
	}
	b.branch(b.g.Base)
	if scripts {
		b.add(Node{Part: Start, Name: "copy scripts of processes", Op: Copy{On: b.top, From: Generated, Paths: []Path{{processFiles, processScripts}}}})
	}
	install = slices.Concat([]string{"mkdir -p " + dir}, install, []string{"find " + processOutput + " -exec touch --no-dereference --date=@1 {} +"})
	b.run(Node{Part: Start, Name: "make programs of processes"}, Run{Command: strings.Join(install, " && "), Output: processOutput})
	b.output(Node{Part: Start, Name: "programs of processes"})
	return b.top
}

// processScript starts a command as the image's start command is started. A program without a shell gets the arguments that the script is given.
func (b *builder) processScript(cmd string) string {
	init, words := b.behindInit(cmd)
	plain, simple := shell.Words(cmd)
	simple = simple && slices.Equal(plain, words)
	words = slices.Concat(init, words)
	for i, w := range words {
		words[i] = shell.Quote(w)
	}
	if simple {
		words = append(words, `"$@"`)
	}
	return "#!/bin/sh\nexec " + strings.Join(words, " ") + "\n"
}

// withProcesses adds what [builder.processes] has made.
func (b *builder) withProcesses(from int) {
	if from != 0 {
		b.add(Node{Part: Start, Name: "add programs of processes", Op: AddDiff{On: b.top, From: from}})
	}
}
