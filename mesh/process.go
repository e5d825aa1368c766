package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// process is a server that we started. It writes to a log file; several of the same name, one after another, to the same.
type process struct {
	name      string
	log       string
	logStart  int64 // where in the log this one begins
	command   *exec.Cmd
	done      chan struct{} // closed when it has ended
	asked     atomic.Bool   // whether we asked it to end
	endedWith error
}

// startProcess starts a program in the background. Its stdin is empty.
func startProcess(name, log string, command *exec.Cmd) (*process, error) {
	if err := os.MkdirAll(filepath.Dir(log), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	started := &process{name: name, log: log, logStart: info.Size(), command: command, done: make(chan struct{})}
	command.Stdout, command.Stderr, command.SysProcAttr = file, file, ofOurOwn()
	if err := onLastingThread(command.Start); err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", name, err)
	}
	go func() {
		started.endedWith = command.Wait()
		close(started.done)
	}()
	return started, nil
}

// stop asks the process to end, and after the grace ends it. It returns when the process is gone.
func (p *process) stop(grace time.Duration) {
	p.asked.Store(true)
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(grace):
		p.signal(syscall.SIGKILL)
		<-p.done
	}
}

// signal reaches the whole group: including what the process may have started.
func (p *process) signal(signal syscall.Signal) {
	if !p.ended() {
		_ = syscall.Kill(-p.command.Process.Pid, signal)
	}
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) pid() int {
	return p.command.Process.Pid
}

// output is what the process has written so far.
func (p *process) output() string {
	all, err := os.ReadFile(p.log)
	if err != nil || int64(len(all)) < p.logStart {
		return ""
	}
	return string(all[p.logStart:])
}

// failed says what happened to the process, with the last lines of its log and what to do next.
func (p *process) failed(what, next string) error {
	const shown = 15
	lines := strings.Split(strings.TrimSpace(p.output()), "\n")
	lines = lines[max(0, len(lines)-shown):]
	return fmt.Errorf("%s %s. The last lines of %s:\n    %s\n%s", p.name, what, p.log, strings.Join(lines, "\n    "), next)
}

// endedByItself is the error for a process that we did not ask to end.
func (p *process) endedByItself() error {
	how := "ended by itself"
	if p.endedWith != nil {
		how += " (" + p.endedWith.Error() + ")"
	}
	return p.failed(how, "Run it with --directory to keep the whole log.")
}

var starts = make(chan func())

func init() {
	go func() {
		runtime.LockOSThread() // never unlocked: this thread lives as long as we do, which Pdeathsig needs
		for start := range starts {
			start()
		}
	}()
}

// onLastingThread starts a process from the one thread that ends only with us. Every process has to be started so.
func onLastingThread(start func() error) error {
	result := make(chan error)
	starts <- func() { result <- start() }
	return <-result
}
