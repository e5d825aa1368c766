package main

import (
	"strings"
	"testing"
)

func TestReadsTheCommandLine(t *testing.T) {
	for line, want := range map[string]options{
		"up":              {clusters: 3},
		"up --clusters 9": {clusters: 9},
		"up --directory /d --webhook /w --control": {clusters: 3, directory: "/d", webhook: "/w", control: true},
		"up --controllers --clusters 1":            {clusters: 1, controllers: true},
		"demo --webhook /w":                        {clusters: 3, demo: true, webhook: "/w"},
	} {
		if got, err := readOptions(strings.Fields(line)); err != nil || got != want {
			t.Errorf("%q is read as %+v, %v", line, got, err)
		}
	}
}

func TestRefusesAWrongCommandLine(t *testing.T) {
	for _, line := range []string{"", "down", "up --clusters 0", "up --clusters 10", "up --clusters", "up now", "demo --clusters 2", "demo --control", "demo --controllers"} {
		if got, err := readOptions(strings.Fields(line)); err == nil {
			t.Errorf("%q is read as %+v", line, got)
		}
	}
}
