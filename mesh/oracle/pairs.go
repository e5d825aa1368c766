package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

const maxLine = 64 << 20 // bytes of one pair

// pair is what is asked: two policies, and what is known of the clusters they are in.
type pair struct {
	ID       string         `json:"id"`
	A        map[string]any `json:"a"`
	B        map[string]any `json:"b"`
	OptionsA *options       `json:"optsA,omitempty"`
	OptionsB *options       `json:"optsB,omitempty"`
}

// options are what of a cluster's configuration changes how a policy reads.
type options struct {
	Cluster      string `json:"cluster,omitempty"`
	DefaultLocal *bool  `json:"policyDefaultLocalCluster,omitempty"`
}

// readLines reads pairs from the standard input, a JSON document a line.
func readLines(yield func(pair, error)) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), maxLine)
	for n := 1; lines.Scan(); n++ {
		var p pair
		err := json.Unmarshal(lines.Bytes(), &p)
		if err == nil && (p.A == nil || p.B == nil) {
			err = fmt.Errorf("a pair has \"a\" and \"b\"")
		}
		if err != nil {
			err = fmt.Errorf("line %d: %w", n, err)
		}
		yield(p, err)
	}
	if err := lines.Err(); err != nil {
		yield(pair{}, err)
	}
}

// filesReader reads pairs of files: the first document of one with the first of the other, and so on.
func filesReader(files []string) func(yield func(pair, error)) {
	return func(yield func(pair, error)) {
		if len(files)%2 != 0 {
			yield(pair{}, fmt.Errorf("files come in pairs, and there are %d", len(files)))
			return
		}
		for i := 0; i < len(files); i += 2 {
			one, err := documents(files[i])
			other, otherErr := documents(files[i+1])
			if err == nil {
				err = otherErr
			}
			if err == nil && len(one) != len(other) {
				err = fmt.Errorf("%d documents in %s, %d in %s", len(one), files[i], len(other), files[i+1])
			}
			if err != nil {
				yield(pair{ID: files[i]}, err)
				continue
			}
			for d := range one {
				yield(pair{ID: fmt.Sprintf("%s %s #%d", files[i], files[i+1], d), A: one[d], B: other[d]}, nil)
			}
		}
	}
}

func documents(file string) (found []map[string]any, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for document := range strings.SplitSeq("\n"+string(text), "\n---") {
		var m map[string]any
		if err := yaml.Unmarshal([]byte(document), &m); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if len(m) > 0 {
			found = append(found, m)
		}
	}
	return found, nil
}

// wrap makes a whole object of what may be just a spec.
func wrap(m map[string]any) map[string]any {
	if _, ok := m["kind"]; ok {
		return m
	}
	object := map[string]any{
		"apiVersion": "cilium.io/v2",
		"kind":       "CiliumNetworkPolicy",
		"metadata":   map[string]any{"name": "p", "namespace": "ns1"},
	}
	if m["ccnp"] == true {
		object["kind"] = "CiliumClusterwideNetworkPolicy"
		object["metadata"] = map[string]any{"name": "p"}
	}
	_, hasSpec := m["spec"]
	_, hasSpecs := m["specs"]
	if hasSpec || hasSpecs {
		for _, field := range []string{"spec", "specs"} {
			if value, ok := m[field]; ok {
				object[field] = value
			}
		}
		return object
	}
	spec := map[string]any{}
	for field, value := range m {
		if field != "ccnp" && field != "metadata" {
			spec[field] = value
		}
	}
	object["spec"] = spec
	return object
}
