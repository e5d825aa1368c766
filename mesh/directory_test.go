package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestATemporaryDirectoryIsRemovedAtTheEnd(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	made, err := openDirectory("")
	if err != nil {
		t.Fatal(err)
	}
	made.close()
	if _, err := os.Stat(made.path); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", made.path, err)
	}
}

func TestAGivenDirectoryKeepsWhatIsNotOurs(t *testing.T) {
	path := t.TempDir()
	for _, name := range []string{"mesh.json", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(path, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened, err := openDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	opened.close()
	if _, err := os.Stat(filepath.Join(path, "mesh.json")); !os.IsNotExist(err) {
		t.Errorf("an earlier mesh's description is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(path, "notes.txt")); err != nil {
		t.Errorf("a file that is not ours is gone: %v", err)
	}
}

func TestTwoMeshesDoNotShareADirectory(t *testing.T) {
	path := t.TempDir()
	first, err := openDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openDirectory(path); err == nil {
		t.Error("a second mesh moved in")
	}
	first.close()
	second, err := openDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	second.close()
}
