package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// checkout is the root folder of this project, in which the launcher lies as mesh/bin/mesh.
type checkout string

func findCheckout() (checkout, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", err
	}
	root := filepath.Dir(filepath.Dir(filepath.Dir(self)))
	if _, err := os.Stat(filepath.Join(root, "mesh", "build.sh")); err != nil {
		return "", fmt.Errorf("%s is not where mesh/build.sh puts it: run mesh/build.sh, then mesh/bin/mesh", self)
	}
	return checkout(root), nil
}

func (c checkout) path(elements ...string) string {
	return filepath.Join(append([]string{string(c)}, elements...)...)
}

// programs are the real ones that a mesh is made of, by their paths.
type programs struct {
	Etcd        string `json:"etcd"`
	APIServer   string `json:"kube-apiserver"`
	Kubectl     string `json:"kubectl"`
	Controllers string `json:"kube-controller-manager,omitempty"` // where they are wanted
}

// findPrograms looks in KUBEBUILDER_ASSETS (the variable and the names are those of controller-runtime's envtest), or
// where build.sh puts them. The controllers, which are not among envtest's, are always there.
func findPrograms(root checkout, controllers bool) (programs, error) {
	folder, next := root.path("mesh", "bin"), "Run mesh/build.sh: it builds what is missing."
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		absolute, err := filepath.Abs(assets)
		if err != nil {
			return programs{}, err
		}
		folder, next = absolute, "Put it there, or unset KUBEBUILDER_ASSETS to use those that mesh/build.sh builds."
	}
	found := programs{
		Etcd:      filepath.Join(folder, "etcd"),
		APIServer: filepath.Join(folder, "kube-apiserver"),
		Kubectl:   filepath.Join(folder, "kubectl"),
	}
	for _, path := range []string{found.Etcd, found.APIServer, found.Kubectl} {
		if !isExecutable(path) {
			return programs{}, fmt.Errorf("there is no program %s. %s", path, next)
		}
	}
	if controllers {
		found.Controllers = root.path("mesh", "bin", "kube-controller-manager")
		if !isExecutable(found.Controllers) {
			return programs{}, fmt.Errorf("there is no program %s. Run \"mesh/build.sh controllers\"", found.Controllers)
		}
	}
	return found, nil
}

const oldestJDK = 25

var releaseVersion = regexp.MustCompile(`(?m)^JAVA_VERSION="(\d+)`)

// findJava gives the java of the JDK that JAVA_HOME names, which has to be one that the application was built for.
func findJava() (string, error) {
	const next = "Set JAVA_HOME to the folder of a JDK 25."
	home := os.Getenv("JAVA_HOME")
	if home == "" {
		return "", fmt.Errorf("the webhooks need Java, and JAVA_HOME is not set. %s", next)
	}
	release, err := os.ReadFile(filepath.Join(home, "release"))
	if err != nil {
		return "", fmt.Errorf("JAVA_HOME is %s, which is not a JDK: %w. %s", home, err, next)
	}
	var version int
	if found := releaseVersion.FindStringSubmatch(string(release)); found != nil {
		_, _ = fmt.Sscan(found[1], &version)
	}
	if version < oldestJDK {
		return "", fmt.Errorf("JAVA_HOME is %s, a JDK %d. %s", home, version, next)
	}
	return filepath.Join(home, "bin", "java"), nil
}

// isExecutable tells whether a path is a program, and no folder.
func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// findApplication checks that a folder holds the packaged application.
func findApplication(folder string) (string, error) {
	jar := filepath.Join(folder, "quarkus-run.jar")
	if _, err := os.Stat(jar); err != nil {
		return "", fmt.Errorf("there is no packaged application in %s (no quarkus-run.jar). Run make build", folder)
	}
	return jar, nil
}
