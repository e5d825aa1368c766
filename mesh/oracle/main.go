// Command oracle says whether Cilium takes two policies for the same. It is the judge of Lockstep's own reading of
// policies (src/main/java/mesh/lockstep/policy/reading), and knows nothing of it: it is made of Cilium's packages.
//
//	oracle < pairs.jsonl                 a pair a line: {"id": "1", "a": {…}, "b": {…}}
//	oracle one.yaml other.yaml …         pairs of files with as many documents each
//
// It is built on demand, by mesh/build-tool.sh oracle into mesh/bin (minutes the first time, 130 MB); `make oracle` and
// `make oracle-corpus` build and use it, `make test` does not.
//
// # A pair
//
// "a" and "b" are whole objects, or have "spec" and "specs" alone, or are a spec alone: the last two are read as a
// CiliumNetworkPolicy ns1/p, or with an additional "ccnp": true as a CiliumClusterwideNetworkPolicy. "optsA" and "optsB" tell of the
// cluster that each is in: {"cluster": "here", "policyDefaultLocalCluster": false}.
//
// # What is done with it
//
//  1. What the API server does: unknown fields are pruned, defaults applied, the schema of the CRD is held against it. The CRDs
//     are those in Cilium's module. A pair with a side that fails is "a-invalid", "b-invalid" or "both-invalid", as is one with a
//     side that Cilium's own Parse refuses.
//  2. The normal form (statements.go and what it uses): the set of statements that the parsed rules make. Folded, keys without a
//     source and keys of Kubernetes are one where only pods can match.
//  3. The verdicts of Cilium's policy engine (flows.go), over identities that the selectors of the two can tell apart: pods of several
//     namespaces, clusters and label values; reserved ones; nodes; addresses around every prefix; DNS names. With them what Envoy is
//     told, as it reads it (envoy.go), and the DNS proxy (redirects.go).
//  4. The same where some of the services exist that the two speak of (services.go), and whether Cilium takes both by the default of
//     enable-node-selector-labels, which is on otherwise.
//
// # What it answers
//
// A line a pair, in the order asked, "verdict" being
//
//	same        equal normal forms, no flow told them apart
//	different   a flow tells them apart, whatever their normal forms: "flowDiff" is it
//	same-flows  unequal normal forms, no flow told them apart: mostly redundancy, a rule that another covers
//
// "unsteady" in addition says that flows differ, but also of each of the two by chance: asked again, the engine gives another
// answer about the same policy, by the order in which it meets overlapping peers of which only one requires authentication. There
// the normal form decides. Where chance plays with one of the two alone, they are different.
//
// A flow that differs proves a difference. None that differs is evidence and no proof: flows are sampled, one policy at a time,
// both IP families on; regular expressions are texts; Envoy is not run, but read. Exit code 1 says that a pair could not be read.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/pprof"

	"github.com/cilium/cilium/pkg/logging"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
)

var logger = slog.New(slog.DiscardHandler)

func main() {
	debug.SetGCPercent(400) // much is made for each pair and nothing kept
	cluster := flag.String("cluster", "here", "name of the cluster that both policies are in, unless a pair names another one")
	flows := flag.Bool("flows", true, "ask the policy engine too; without it, unequal normal forms are same-flows")
	profile := flag.String("profile", "", "file for a CPU profile")
	flag.Parse()
	if *profile != "" {
		file, err := os.Create(*profile)
		if err != nil {
			fail(err)
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			fail(err)
		}
		defer pprof.StopCPUProfile()
	}
	configure(*cluster)
	logging.SetSlogLevel(slog.LevelError + 1)
	schemas, err := loadSchemas()
	if err != nil {
		fail(err)
	}
	judge := &judge{schemas: schemas, cluster: *cluster, flows: *flows}
	pairs := readLines
	if flag.NArg() > 0 {
		pairs = filesReader(flag.Args())
	}
	if bad := answerAll(judge, pairs); bad > 0 {
		pprof.StopCPUProfile()
		fail(fmt.Errorf("%d pairs could not be read", bad))
	}
}

// configure turns on everything of Cilium that a policy may use, so that what is judged is the policy and not the cluster.
func configure(cluster string) {
	option.Config.EnableL7Proxy = true
	option.Config.EnableICMPRules = true
	option.Config.EnableNonDefaultDenyPolicies = true
	option.Config.EnableNodeSelectorLabels = true
	option.Config.EnableExtendedIPProtocols = false
	option.Config.EnableHostFirewall = true
	option.Config.EnableIPv4 = true
	option.Config.EnableIPv6 = true
	option.Config.ClusterID = 1
	option.Config.ClusterName = cluster
	api.InitEntities(cluster)
	policy.SetPolicyEnabled(option.DefaultEnforcement)
}

// answerAll judges a pair after the other: Cilium numbers its selectors by a global variable without a lock, so that of two at a time
// one may get another's peers. Who has several processors runs several of these. Each answer is written at once when there is no pair
// to read: a caller that asks one pair and waits gets its answer.
func answerAll(judge *judge, pairs func(yield func(pair, error))) (bad int) {
	type asked struct {
		pair pair
		err  error
	}
	pending := make(chan asked, 64)
	go func() {
		defer close(pending)
		pairs(func(p pair, err error) { pending <- asked{p, err} })
	}()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for next := range pending {
		a := &answer{ID: next.pair.ID}
		if next.err != nil {
			a.Error = next.err.Error()
			bad++
		} else {
			a = judge.judge(next.pair)
		}
		if err := encoder.Encode(a); err != nil {
			fail(err)
		}
		if len(pending) == 0 {
			if err := out.Flush(); err != nil {
				fail(err)
			}
		}
	}
	return bad
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "oracle:", err)
	os.Exit(1)
}
