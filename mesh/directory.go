package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const temporaryPrefix = "lockstep-mesh-"

// directory is where everything of one mesh lies. A lock on it says that the mesh lives.
type directory struct {
	path      string
	temporary bool
	lock      *os.File
}

// ourNames are what a mesh leaves in its directory; an earlier one's are removed, other files are left alone.
var ourNames = []string{"cache", "clusters", "kubeconfig", "log", "mesh.json", "policies"}

// openDirectory takes the given directory, or with an empty path a temporary one, and locks it.
func openDirectory(path string) (*directory, error) {
	if path == "" {
		removeAbandoned()
		made, err := os.MkdirTemp("", temporaryPrefix)
		if err != nil {
			return nil, err
		}
		return lockDirectory(&directory{path: made, temporary: true})
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	opened, err := lockDirectory(&directory{path: path})
	if err != nil {
		return nil, err
	}
	for _, name := range ourNames {
		if err := os.RemoveAll(filepath.Join(path, name)); err != nil {
			return nil, err
		}
	}
	return opened, nil
}

func lockDirectory(directory *directory) (*directory, error) {
	lock, err := os.OpenFile(directory.in("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(
			fmt.Errorf("another mesh lives in %s (%w). End it, or name another --directory", directory.path, err), lock.Close())
	}
	directory.lock = lock
	return directory, nil
}

// removeAbandoned removes the temporary directories of meshes that were killed before they could do it. A young one
// may be about to be locked.
func removeAbandoned() {
	const young = time.Minute
	found, _ := filepath.Glob(filepath.Join(os.TempDir(), temporaryPrefix+"*"))
	for _, path := range found {
		info, err := os.Stat(filepath.Join(path, "lock"))
		if err != nil || time.Since(info.ModTime()) < young {
			continue
		}
		if abandoned, err := lockDirectory(&directory{path: path, temporary: true}); err == nil {
			abandoned.close()
		}
	}
}

func (d *directory) in(elements ...string) string {
	return filepath.Join(append([]string{d.path}, elements...)...)
}

func (d *directory) log(name string) string {
	return d.in("log", name+".log")
}

// close gives the directory back, and removes it if it was a temporary one.
func (d *directory) close() {
	if d.temporary {
		_ = os.RemoveAll(d.path)
	}
	_ = d.lock.Close()
}
