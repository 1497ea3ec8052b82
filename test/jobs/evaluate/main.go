// Evaluate answers what GitHub's expressions make of a matrix, by the evaluator of act. It reads a question a line and writes an answer a
// line, both as JSON. It is a module of its own, as act brings much that the product has no use for.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"

	"github.com/nektos/act/pkg/exprparser"
)

// A question is the output of the job discover, with the expressions of the workflow: of the matrix, and of each input.
type question struct {
	Output, Matrix string
	With           map[string]string
}

// An answer has the inputs of each job.
type answer struct {
	Jobs  []map[string]string
	Error string
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var q question
		if err := in.Decode(&q); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		a := answer{}
		if err := evaluate(q, &a); err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			log.Fatal(err)
		}
	}
}

func evaluate(q question, a *answer) error {
	needs := map[string]exprparser.Needs{"discover": {Outputs: map[string]string{"matrix": q.Output}}}
	v, err := interpreter(needs, nil).Evaluate(q.Matrix, exprparser.DefaultStatusCheckNone)
	if err != nil {
		return err
	}
	matrix, _ := v.(map[string]any)
	include, _ := matrix["include"].([]any)
	for _, item := range include {
		entry, _ := item.(map[string]any)
		with := map[string]string{}
		for name, expression := range q.With {
			value, err := interpreter(nil, entry).Evaluate(expression, exprparser.DefaultStatusCheckNone)
			if err != nil {
				return err
			}
			with[name], _ = value.(string)
		}
		a.Jobs = append(a.Jobs, with)
	}
	return nil
}

func interpreter(needs map[string]exprparser.Needs, matrix map[string]any) exprparser.Interpreter {
	return exprparser.NewInterpeter(&exprparser.EvaluationEnvironment{Needs: needs, Matrix: matrix}, exprparser.Config{Context: "job"})
}
