package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestTheStoryUsesItsFilesAndOnlyThose(t *testing.T) {
	variants, err := storyPolicies()
	if err != nil {
		t.Fatal(err)
	}
	unused := map[string]bool{}
	names, err := fs.Glob(variants, "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("the story has no policies: %v", err)
	}
	for _, name := range names {
		unused[name] = true
		if content, _ := fs.ReadFile(variants, name); !strings.Contains(string(content), "\n  name: allow-cross-cluster\n") {
			t.Errorf("%s is not a version of allow-cross-cluster", name)
		}
	}
	for _, move := range moves() {
		_, file, applies := strings.Cut(move.command, " -f ")
		if !applies {
			continue
		}
		if _, err := fs.Stat(variants, file); err != nil {
			if _, err := os.Stat("../k8s/examples/" + file); err != nil {
				t.Errorf("%q: there is no such file", move.command)
			}
		}
		delete(unused, file)
	}
	if len(unused) > 0 {
		t.Errorf("the story does not use %v", unused)
	}
}

func TestEveryMoveIsEitherACommandForAClusterOrSomethingThatHappens(t *testing.T) {
	for _, move := range moves() {
		if typed := strings.HasPrefix(move.command, "kubectl --context cluster"); typed == (move.do != nil) {
			t.Errorf("%q %q is neither, or both", move.command, move.happens)
		}
	}
}

func moves() (all []move) {
	for _, scene := range story {
		all = append(all, scene.moves...)
	}
	return all
}
