// Judges says what the tools of others make of objects: kstatus (Flux, kubectl's likes) and a health
// check in Lua, run as Argo CD runs it.
//
//	judges <group/Kind>=<file.lua>...
//
// It reads objects as JSON, one a line, and answers each by one line of JSON, in order:
//
//	{"kstatus": "InProgress", "kstatusMessage": "...", "health": "Progressing", "healthMessage": "..."}
//
// with "kstatusError" or "healthError" where a judge fails. An object whose kind has no script gets no
// "health".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

// The longest object that is read, in bytes: etcd's limit and room to spare.
const longest = 4 << 20

type verdict struct {
	Kstatus        string `json:"kstatus,omitempty"`
	KstatusMessage string `json:"kstatusMessage,omitempty"`
	KstatusError   string `json:"kstatusError,omitempty"`
	Health         string `json:"health,omitempty"`
	HealthMessage  string `json:"healthMessage,omitempty"`
	HealthError    string `json:"healthError,omitempty"`
}

func main() {
	scripts, err := read(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "judges:", err)
		os.Exit(2)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 64<<10), longest)
	out := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(out)
	for lines.Scan() {
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(lines.Bytes()); err != nil {
			fmt.Fprintln(os.Stderr, "judges: not an object:", err)
			os.Exit(2)
		}
		if err := answers.Encode(judge(object, scripts)); err != nil {
			fmt.Fprintln(os.Stderr, "judges:", err)
			os.Exit(1)
		}
		// Whoever asks one by one waits for the answer.
		if err := out.Flush(); err != nil {
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "judges:", err)
		os.Exit(1)
	}
}

// read reads the scripts that the arguments name, by group and kind.
func read(arguments []string) (map[string]string, error) {
	scripts := map[string]string{}
	for _, argument := range arguments {
		kind, file, found := strings.Cut(argument, "=")
		if !found {
			return nil, fmt.Errorf("%q is not <group/Kind>=<file.lua>", argument)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		scripts[kind] = string(text)
	}
	return scripts, nil
}

func judge(object *unstructured.Unstructured, scripts map[string]string) verdict {
	var said verdict
	if result, err := status.Compute(object); err != nil {
		said.KstatusError = err.Error()
	} else {
		said.Kstatus, said.KstatusMessage = string(result.Status), result.Message
	}
	kind := object.GroupVersionKind()
	if script, found := scripts[kind.Group+"/"+kind.Kind]; found {
		health, message, err := health(object, script)
		if err != nil {
			said.HealthError = err.Error()
		} else {
			said.Health, said.HealthMessage = health, message
		}
	}
	return said
}
