package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A person takes at least this long between two commands. The peers' memories are fed by watches: a change is known
// everywhere some milliseconds after it was made, and kubectl alone can be quicker than that.
const breath = 300 * time.Millisecond

// demonstrate plays the story, and afterwards leaves the mesh to the user unless DEMO=exit is set.
func (m *mesh) demonstrate(ctx context.Context) error {
	if err := m.layOutPolicies(); err != nil {
		return err
	}
	failed, moves := 0, 0
	for number, scene := range story {
		m.progress.say("\n%s\n   Watch for: %s", m.progress.in(bold, fmt.Sprintf("%d. %s", number+1, scene.title)), scene.toSee)
		for _, move := range scene.moves {
			pause(ctx, breath)
			as, err := m.play(ctx, move)
			if err != nil {
				return err
			}
			moves++
			if !as {
				failed++
			}
		}
	}
	err := m.sum(failed, moves)
	if os.Getenv("DEMO") != "exit" {
		m.sayHowToTry()
		<-ctx.Done()
	}
	return err
}

func (m *mesh) sum(failed, moves int) error {
	if failed > 0 {
		return fmt.Errorf("%d of the story's %d moves failed: see ✘ above", failed, moves)
	}
	m.progress.say("")
	m.progress.step("%s", m.progress.in(green, fmt.Sprintf("All %d moves of the story went as they should.", moves)))
	return nil
}

// play does one move, shows what comes of it, and tells whether it went as it should. An error means that the story
// can't go on.
func (m *mesh) play(ctx context.Context, move move) (as bool, err error) {
	if move.do != nil {
		m.progress.say("\n%s", m.progress.in(yellow, "("+move.happens+")"))
		return true, move.do(ctx, m)
	}
	m.progress.say("\n%s", m.progress.in(bold, "$ "+move.command))
	words := strings.Fields(move.command)
	command := m.kubectl(words[1:]...)
	command.Dir = m.policies()
	output, err := outputOf(ctx, command)
	var failure *exec.ExitError
	if err != nil && (ctx.Err() != nil || !errors.As(err, &failure)) {
		return false, errors.Join(ctx.Err(), err)
	}
	m.progress.say("%s", strings.TrimSpace(output))
	wrong := move.expect.complaints(answer{exitCode: command.ProcessState.ExitCode(), output: output})
	for _, complaint := range wrong {
		m.progress.say("%s", m.progress.in(red, "✘ "+complaint))
	}
	if len(wrong) == 0 {
		m.progress.say("%s", m.progress.in(green, "✔ "+move.expect.String()))
	}
	return len(wrong) == 0, nil
}

func (m *mesh) policies() string { return m.directory.in("policies") }

// layOutPolicies puts all files that the story applies into one folder.
func (m *mesh) layOutPolicies() error {
	variants, err := storyPolicies()
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, from := range []fs.FS{os.DirFS(m.root.path("k8s", "examples")), variants} {
		names, err := fs.Glob(from, "*.yaml")
		if err != nil {
			return err
		}
		for _, name := range names {
			if files[name], err = fs.ReadFile(from, name); err != nil {
				return err
			}
		}
	}
	return writeSecrets(m.policies(), files)
}
