package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
)

const (
	defaultClusters = 3
	mostClusters    = 9
)

// errHelp says that the user asked for the usage text, which is not a mistake.
var errHelp = errors.New("help wanted")

// options are what the command line says.
type options struct {
	demo        bool
	clusters    int    // 1 to mostClusters
	directory   string // absolute; empty: a temporary one
	webhook     string // absolute; empty: no webhooks, or for the demo the default
	control     bool
	controllers bool
}

func readOptions(arguments []string) (options, error) {
	if len(arguments) == 0 {
		return options{}, errors.New("say what to do: up or demo")
	}
	var read options
	flags := flag.NewFlagSet("mesh", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&read.directory, "directory", "", "")
	flags.StringVar(&read.webhook, "webhook", "", "")
	read.clusters = defaultClusters
	switch arguments[0] {
	case "up":
		flags.IntVar(&read.clusters, "clusters", defaultClusters, "")
		flags.BoolVar(&read.control, "control", false, "")
		flags.BoolVar(&read.controllers, "controllers", false, "")
	case "demo":
		read.demo = true
	case "help", "-h", "-help", "--help":
		return options{}, errHelp
	default:
		return options{}, fmt.Errorf("there is no %q: say up or demo", arguments[0])
	}
	if err := flags.Parse(arguments[1:]); errors.Is(err, flag.ErrHelp) {
		return options{}, errHelp
	} else if err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if read.clusters < 1 || read.clusters > mostClusters {
		return options{}, fmt.Errorf("--clusters %d is not between 1 and %d", read.clusters, mostClusters)
	}
	return read, read.makeAbsolute()
}

func (o *options) makeAbsolute() error {
	for _, path := range []*string{&o.directory, &o.webhook} {
		if *path == "" {
			continue
		}
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = absolute
	}
	return nil
}
