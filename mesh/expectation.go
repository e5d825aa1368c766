package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// expectation is how a command of the story should be answered.
type expectation struct {
	place    string   // where the refused policy differs; empty: the command should be admitted
	because  []string // a refusal names one of these clusters
	warnings []warning
}

// warning is a line that the API server hands on to the user. The exact words are the webhook's.
type warning struct {
	about   string // what it says of the clusters, in the words of this file
	pattern *regexp.Regexp
	names   []string
}

func silent() expectation                    { return expectation{} }
func warned(warnings ...warning) expectation { return expectation{warnings: warnings} }
func refused(place string, because ...string) expectation {
	return expectation{place: place, because: because}
}

func missing(clusters ...string) warning {
	return says("missing in", `(?i)not have|miss|lack`, clusters)
}
func previous(clusters ...string) warning {
	return says("the previous version in", `(?i)previous`, clusters)
}
func earlier(clusters ...string) warning {
	return says("an earlier version in", `(?i)earlier`, clusters)
}
func stillHeld(clusters ...string) warning {
	return says("still held by", `(?i)still (has|have|hold)`, clusters)
}
func notCompared(clusters ...string) warning {
	return says("not compared with", `(?i)not compared`, clusters)
}

func says(about, pattern string, clusters []string) warning {
	return warning{about: about, pattern: regexp.MustCompile(pattern), names: clusters}
}

// String says what should be, in the words that are shown after a ✔.
func (e expectation) String() string {
	if e.place != "" {
		return "refused: Forbidden, naming the place and " + strings.Join(e.because, " or ")
	}
	if len(e.warnings) == 0 {
		return "admitted silently"
	}
	var all []string
	for _, one := range e.warnings {
		all = append(all, one.about+" "+strings.Join(one.names, ", "))
	}
	return "admitted, with a warning: " + strings.Join(all, "; ")
}

// answer is what came of a command.
type answer struct {
	exitCode int
	output   string // stdout and stderr, as a terminal shows them
}

// complaints are what is wrong with an answer; none if it is as expected.
func (e expectation) complaints(got answer) []string {
	if e.place != "" {
		return e.complaintsAboutRefusal(got)
	}
	var wrong []string
	if got.exitCode != 0 {
		wrong = append(wrong, fmt.Sprintf("should have been admitted, but kubectl exited with %d", got.exitCode))
	}
	shown := warningsIn(got.output)
	for _, expected := range e.warnings {
		at := slices.IndexFunc(shown, expected.isSaidBy)
		if at < 0 {
			wrong = append(wrong, fmt.Sprintf("should warn: %s %s", expected.about, strings.Join(expected.names, ", ")))
			continue
		}
		shown = slices.Delete(shown, at, at+1)
	}
	for _, surplus := range shown {
		wrong = append(wrong, "should not warn: "+surplus)
	}
	return wrong
}

func (e expectation) complaintsAboutRefusal(got answer) []string {
	var wrong []string
	if got.exitCode == 0 {
		wrong = append(wrong, "should have been refused, but kubectl exited with 0")
	}
	refusal := refusalIn(got.output)
	for _, part := range []string{"(Forbidden)", `admission webhook "policies.lockstep.mesh" denied the request`, e.place} {
		if !strings.Contains(refusal, part) {
			wrong = append(wrong, "the refusal should say "+part)
		}
	}
	if !slices.ContainsFunc(e.because, func(name string) bool { return slices.Contains(clustersIn(refusal), name) }) {
		wrong = append(wrong, "the refusal should name "+strings.Join(e.because, " or "))
	}
	return wrong
}

// isSaidBy tells whether a line says this, and of exactly these clusters.
func (w warning) isSaidBy(line string) bool {
	return w.pattern.MatchString(line) && slices.Equal(clustersIn(line), w.names)
}

const warningPrefix = "Warning: "

func warningsIn(output string) []string {
	var found []string
	for line := range strings.Lines(output) {
		if text, isWarning := strings.CutPrefix(strings.TrimSpace(line), warningPrefix); isWarning {
			found = append(found, text)
		}
	}
	return found
}

// refusalIn is what comes after "Error from server".
func refusalIn(output string) string {
	_, after, _ := strings.Cut(output, "Error from server ")
	return after
}

var clusterName = regexp.MustCompile(`\bcluster[1-9]\b`)

// clustersIn are the names of clusters in a text, sorted, each once.
func clustersIn(text string) []string {
	found := clusterName.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
