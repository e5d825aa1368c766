package main

import (
	"hash/fnv"
	"iter"
	"maps"

	"github.com/cilium/cilium/pkg/crypto/certificatemanager"
	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/policy"
	policyutils "github.com/cilium/cilium/pkg/policy/utils"
	"github.com/cilium/cilium/pkg/proxy/accesslog"
	testcertificatemanager "github.com/cilium/cilium/pkg/testutils/certificatemanager"
	testpolicy "github.com/cilium/cilium/pkg/testutils/policy"
	"github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// namedPort is the number that a name of a port resolves to, on every pod the same: low, so that the end of a range that begins with
// a name lies above it.
func namedPort(name string) uint16 {
	hash := fnv.New32()
	hash.Write([]byte(name))
	return uint16(11 + hash.Sum32()%41)
}

type portGetter struct{}

func (portGetter) GetNamedPorts() types.NamedPortMultiMap { return namedPorts{} }

type namedPorts struct{}

func (namedPorts) Len() int { return 1 }
func (namedPorts) GetNamedPort(name string, _ u8proto.U8proto, _ iter.Seq[identity.NumericIdentity]) (uint16, error) {
	return namedPort(name), nil
}
func (namedPorts) GetNamedPorts(name string, _ u8proto.U8proto, pods iter.Seq[identity.NumericIdentity]) types.NidPortSeq {
	return func(yield func(identity.NumericIdentity, uint16) bool) {
		for pod := range pods {
			if !yield(pod, namedPort(name)) {
				return
			}
		}
	}
}

// listenerPort is where Envoy has a listener.
func listenerPort(name string) uint16 {
	if name == "" {
		return 0
	}
	return 10000 + namedPort(name)
}

// endpoint is the owner of a resolved policy.
type endpoint struct{ host bool }

const ownerID = 1234

func (e *endpoint) GetID() uint64                                             { return ownerID }
func (e *endpoint) GetIngressNamedPort(name string, _ u8proto.U8proto) uint16 { return namedPort(name) }
func (e *endpoint) GetPolicyNames() []string                                  { return []string{"203.0.113.1"} }
func (e *endpoint) GetIPv4Address() string                                    { return "203.0.113.1" }
func (e *endpoint) GetIPv6Address() string                                    { return "" }
func (e *endpoint) GetListenerProxyPort(name string) uint16                   { return listenerPort(name) }
func (e *endpoint) OnProxyPolicyUpdate(uint64)                                {}
func (e *endpoint) UpdateProxyStatistics(string, string, uint16, uint16, bool, bool, accesslog.FlowVerdict) {
}
func (e *endpoint) PolicyDebug(string, ...any)                  {}
func (e *endpoint) IsHost() bool                                { return e.host }
func (e *endpoint) PreviousMapStateSizes() policy.MapStateSizes { return policy.MapStateSizes{} }
func (e *endpoint) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}

// engine is Cilium's policy engine with one policy in it.
type engine struct {
	repository *policy.Repository
	translator envoypolicy.EnvoyL7RulesTranslator
	scope      string
}

func newEngine(identities, subjects identity.IdentityMap, s *side) *engine {
	translator := envoypolicy.NewEnvoyL7RulesTranslator(logger, certificatemanager.NewMockSecretManagerInline())
	repository := policy.NewPolicyRepository(logger, identities, &testcertificatemanager.Fake{}, translator,
		identitymanager.NewIDManager(logger), testpolicy.NewPolicyMetricsNoop())
	repository.SetNamedPortsGetter(portGetter{})
	// UpdateIdentities consumes its argument.
	repository.UpdateIdentities(maps.Clone(subjects), nil)
	kind := ipcachetypes.ResourceKindCNP
	if s.clusterwide() {
		kind = ipcachetypes.ResourceKindCCNP
	}
	rules, err := s.parse()
	if err != nil {
		panic(err) // it was parsed before
	}
	repository.ReplaceByResource(policyutils.RulesToPolicyEntries(rules), ipcachetypes.NewResourceID(kind, s.scope(), s.name))
	return &engine{repository, translator, s.scope()}
}

// resolution is the policy of one subject.
type resolution struct {
	policy    *policy.EndpointPolicy
	keys      []policy.Key // by keysOf, where ports are told apart
	rules     []proxyRule
	redirects *redirects
	envoy     *told
	err       error
}

func (e *engine) resolve(subject *identity.Identity, host bool) resolution {
	selected, _, err := e.repository.ComputeSelectorPolicy(subject)
	if err != nil {
		return resolution{err: err}
	}
	owner := &endpoint{host}
	redirects := redirectsOf(selected)
	distilled := selected.DistillPolicy(logger, owner, redirects.ports)
	l4 := distilled.SelectorPolicy.L4Policy
	return resolution{
		policy:    distilled,
		rules:     append(e.proxyRules(&l4.Ingress), e.proxyRules(&l4.Egress)...),
		redirects: redirects,
		envoy:     e.tellEnvoy(distilled, owner),
	}
}
