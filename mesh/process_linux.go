package main

import "syscall"

// ofOurOwn makes a process end with us, even if we are killed, and keeps the terminal's Ctrl-C from it: we stop it,
// in its turn. Pdeathsig is sent when the thread that started the process ends (prctl(2)): see onLastingThread.
func ofOurOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
