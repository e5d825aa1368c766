package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy/api"
	policytypes "github.com/cilium/cilium/pkg/policy/types"
	policyutils "github.com/cilium/cilium/pkg/policy/utils"
)

// side is one policy of a pair, as Cilium reads it.
type side struct {
	Valid bool `json:"valid"`
	// Rejected is why the API server refuses it.
	Rejected string `json:"crdError,omitempty"`
	// Unparsed is why Cilium refuses what the API server stores.
	Unparsed string `json:"parseError,omitempty"`
	// Pruned are the fields that the API server drops because it does not know them.
	Pruned []string `json:"pruned,omitempty"`

	kind, namespace, name string
	rules                 api.Rules
	entries               policytypes.PolicyEntries
	stored                []byte
	localCluster          string
	world                 *world
}

// read takes an object through the API server and Cilium's parser.
func read(object map[string]any, cluster string, defaultLocal bool, schemas map[string]*crd) *side {
	s := &side{localCluster: cmtypes.PolicyAnyCluster}
	if defaultLocal {
		s.localCluster = cluster
	}
	text, err := json.Marshal(object)
	if err != nil {
		s.Rejected = err.Error()
		return s
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(text); err != nil {
		s.Rejected = err.Error()
		return s
	}
	s.kind, s.namespace, s.name = u.GetKind(), u.GetNamespace(), u.GetName()
	schema := schemas[s.kind]
	if schema == nil {
		s.Rejected = fmt.Sprintf("%q is not a kind of policy", s.kind)
		return s
	}
	if s.kind == v2.CNPKindDefinition && s.namespace == "" {
		s.namespace = "default"
		u.SetNamespace(s.namespace)
	}
	// The uid becomes one of the policy's labels, which decide nothing.
	u.SetUID("")
	u.SetAnnotations(nil)
	unstructured.RemoveNestedField(u.Object, "status")
	if s.Pruned, err = schema.admit(u.Object); err != nil {
		s.Rejected = err.Error()
		return s
	}
	if s.stored, err = u.MarshalJSON(); err != nil {
		s.Rejected = err.Error()
		return s
	}
	if s.rules, err = s.parse(); err != nil {
		s.Unparsed = err.Error()
		return s
	}
	s.entries = policyutils.RulesToPolicyEntries(s.rules)
	s.Valid = true
	return s
}

// in is the same policy where some services are there.
func (s *side) in(w *world) (*side, error) {
	there := *s
	there.world = w
	var err error
	if there.rules, err = there.parse(); err != nil {
		return nil, err
	}
	there.entries = policyutils.RulesToPolicyEntries(there.rules)
	return &there, nil
}

// parseByDefault says whether Cilium takes the policy without enable-node-selector-labels, which is off by default.
func (s *side) parseByDefault() error {
	option.Config.EnableNodeSelectorLabels = false
	defer func() { option.Config.EnableNodeSelectorLabels = true }()
	_, err := s.parse()
	return err
}

// parse reads the stored object anew: the engine changes what it is given, so each gets its own.
func (s *side) parse() (rules api.Rules, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if s.kind == v2.CCNPKindDefinition {
		var policy v2.CiliumClusterwideNetworkPolicy
		if err := json.Unmarshal(s.stored, &policy); err != nil {
			return nil, err
		}
		s.world.resolve(&v2.CiliumNetworkPolicy{Spec: policy.Spec, Specs: policy.Specs})
		return policy.Parse(logger, s.localCluster)
	}
	var policy v2.CiliumNetworkPolicy
	if err := json.Unmarshal(s.stored, &policy); err != nil {
		return nil, err
	}
	s.world.resolve(&policy)
	return policy.Parse(logger, s.localCluster)
}

func (s *side) clusterwide() bool { return s.kind == v2.CCNPKindDefinition }

// scope is the namespace of a namespaced policy, and empty for a clusterwide one.
func (s *side) scope() string {
	if s.clusterwide() {
		return ""
	}
	return s.namespace
}
