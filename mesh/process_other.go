//go:build unix && !linux

package main

import "syscall"

// ofOurOwn keeps the terminal's Ctrl-C from a process: we stop it, in its turn. Unlike on Linux, it outlives us if we
// are killed by SIGKILL.
func ofOurOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
