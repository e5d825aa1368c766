package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress tells a person what is going on. With --control stdout belongs to the answers, so this goes to stderr.
type progress struct {
	mutex   sync.Mutex
	out     io.Writer
	started time.Time
	colors  bool
	gone    context.CancelFunc // called when nobody reads any more
}

func newProgress(options options, gone context.CancelFunc) *progress {
	out := os.Stdout
	if options.control {
		out = os.Stderr
	}
	return &progress{out: out, started: time.Now(), colors: isTerminal(out) && os.Getenv("NO_COLOR") == "", gone: gone}
}

// isTerminal is true for /dev/null too, where colors do no harm.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// step says what was reached, with the seconds since the start.
func (p *progress) step(format string, arguments ...any) {
	p.say("[%5.1fs] %s", time.Since(p.started).Seconds(), fmt.Sprintf(format, arguments...))
}

// say writes one line, or several.
func (p *progress) say(format string, arguments ...any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if _, err := fmt.Fprintf(p.out, format+"\n", arguments...); err != nil {
		p.gone()
	}
}

// complain says why the mesh could not be had, on stderr, where a log or a test's output shows it.
func (p *progress) complain(err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	fmt.Fprintf(os.Stderr, "\nmesh: %v\n", err)
}

type color string

const (
	bold   color = "1"
	red    color = "31"
	green  color = "32"
	yellow color = "33"
)

// in gives the text in a color where colors are wanted: on a terminal, unless NO_COLOR (no-color.org) is set.
func (p *progress) in(color color, text string) string {
	if !p.colors {
		return text
	}
	return "\033[" + string(color) + "m" + text + "\033[0m"
}
