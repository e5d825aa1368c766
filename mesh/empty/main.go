// Command empty is the least that a validating webhook can be: it parses each review, and admits it. What another costs beyond
// that is its own. With -keep it also writes down the last review that it was sent.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

const (
	mostBytes = 8 << 20
	patience  = 30 * time.Second
)

// review is as much of an AdmissionReview as an answer needs; the rest is parsed with it, as whoever judges has to.
type review struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Request    *request  `json:"request,omitempty"`
	Response   *response `json:"response,omitempty"`
}

type request struct {
	UID       string         `json:"uid"`
	Object    map[string]any `json:"object"`
	OldObject map[string]any `json:"oldObject"`
}

type response struct {
	UID     string `json:"uid"`
	Allowed bool   `json:"allowed"`
}

func main() {
	address := flag.String("address", "", "where to listen, host:port")
	certificate := flag.String("certificate", "", "file, PEM")
	key := flag.String("key", "", "file, PEM")
	keep := flag.String("keep", "", "file for the last review; none: it is not kept")
	flag.Parse()
	server := &http.Server{
		Addr:              *address,
		ReadHeaderTimeout: patience,
		Handler: http.HandlerFunc(func(writer http.ResponseWriter, asked *http.Request) {
			if err := answer(writer, asked, *keep); err != nil {
				http.Error(writer, err.Error(), http.StatusBadRequest)
			}
		}),
	}
	fmt.Fprintln(os.Stderr, "empty:", server.ListenAndServeTLS(*certificate, *key))
	os.Exit(1)
}

func answer(writer http.ResponseWriter, asked *http.Request, keep string) error {
	body, err := io.ReadAll(http.MaxBytesReader(writer, asked.Body, mostBytes))
	if err != nil {
		return err
	}
	var read review
	if err := json.Unmarshal(body, &read); err != nil {
		return err
	}
	if read.Request == nil {
		return fmt.Errorf("no review")
	}
	if keep != "" {
		if err := os.WriteFile(keep, body, 0o600); err != nil {
			return err
		}
	}
	read.Response = &response{UID: read.Request.UID, Allowed: true}
	read.Request = nil
	writer.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(writer).Encode(read)
}
