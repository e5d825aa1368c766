package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Set for a copy of this test program that plays the launcher: it starts a server, says its pid, and waits to be killed.
const playLauncher = "PLAY_LAUNCHER"

func TestMain(m *testing.M) {
	if log := os.Getenv(playLauncher); log != "" {
		server, err := startProcess("server", log, exec.Command("sleep", "60"))
		if err != nil {
			panic(err)
		}
		fmt.Println(server.pid())
		time.Sleep(time.Minute)
	}
	os.Exit(m.Run())
}

func TestNothingOutlivesAKilledLauncher(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a process with its parent")
	}
	launcher := exec.Command(os.Args[0])
	launcher.Env = append(os.Environ(), playLauncher+"="+filepath.Join(t.TempDir(), "log"))
	out, err := launcher.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := launcher.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 20)
	length, err := out.Read(said)
	if err != nil {
		t.Fatal(err)
	}
	server, err := strconv.Atoi(strings.TrimSpace(string(said[:length])))
	if err != nil {
		t.Fatal(err)
	}
	if err := launcher.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = launcher.Wait()
	for range 100 {
		if hasEnded(server) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %d still runs, 2 s after its launcher was killed", server)
	_ = syscall.Kill(server, syscall.SIGKILL)
}

// hasEnded is also true for one that has ended and has not been waited for yet.
func hasEnded(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(status), ") Z ")
}

func TestEndsAProcessThatDoesNotWantTo(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	stubborn, err := startProcess("stubborn", log, exec.Command("sh", "-c", "trap '' TERM; echo started; while :; do sleep 1; done"))
	if err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(stubborn.output(), "started") {
		time.Sleep(10 * time.Millisecond)
	}
	stubborn.stop(50 * time.Millisecond)
	if !stubborn.ended() {
		t.Error("it runs on")
	}
}

func TestAFailureShowsOnlyTheOutputOfItsOwnProcess(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	for _, words := range []string{"first", "second"} {
		server, err := startProcess("server", log, exec.Command("sh", "-c", "echo "+words+"; exit 3"))
		if err != nil {
			t.Fatal(err)
		}
		<-server.done
		shown := server.endedByItself().Error()
		if !strings.Contains(shown, words) || !strings.Contains(shown, "exit status 3") || !strings.Contains(shown, log) {
			t.Errorf("the failure is told as %q", shown)
		}
		if words == "second" && strings.Contains(shown, "first") {
			t.Errorf("the second server's failure tells of the first one: %q", shown)
		}
	}
}
