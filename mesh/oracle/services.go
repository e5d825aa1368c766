package main

import (
	"fmt"
	"net/netip"

	"github.com/cilium/statedb"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	slim "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/loadbalancer"
	policyk8s "github.com/cilium/cilium/pkg/policy/k8s"
	"github.com/cilium/cilium/pkg/source"
)

const (
	maxLabelled = 4 // services for the selectors, for each namespace
	maxServices = 8
)

// service is one that a policy may mean.
type service struct {
	namespace, name string
	labels          map[string]string
}

// world is the services that there are in a cluster. One with a selector has pods, one without has addresses.
type world struct {
	name     string
	db       *statedb.DB
	services statedb.RWTable[*loadbalancer.Service]
	backends statedb.RWTable[*loadbalancer.Backend]
}

// resolve replaces services by what they have, as Cilium does before it parses a policy.
func (w *world) resolve(policy *v2.CiliumNetworkPolicy) {
	if w != nil {
		policyk8s.ResolveToServices(w.db.ReadTxn(), w.services, w.backends, policy)
	}
}

// worldsOf are those in which two policies that speak of services may differ: all of these services are there, all but one, or one.
// None of them is there where nothing is resolved.
func worldsOf(sides ...*side) (worlds []*world) {
	meant := servicesOf(sides)
	if len(meant) == 0 {
		return nil
	}
	all := func(int) bool { return true }
	worlds = append(worlds, newWorld("all services, with pods", meant, all, all),
		newWorld("all services, with addresses", meant, all, func(int) bool { return false }))
	if len(meant) == 1 {
		return worlds
	}
	even := func(i int) bool { return i%2 == 0 }
	worlds = append(worlds, newWorld("all services, every other with pods", meant, all, even))
	for i, one := range meant {
		name := one.namespace + "/" + one.name
		pods := func(j int) bool { return (i+j)%2 == 0 }
		worlds = append(worlds, newWorld("no service "+name, meant, func(j int) bool { return j != i }, pods),
			newWorld("only the service "+name, meant, func(j int) bool { return j == i }, pods))
	}
	return worlds
}

func servicesOf(sides []*side) (meant []service) {
	named, spaces, asked, selected := map[string]service{}, map[string]bool{"ns1": true}, values{}, false
	for _, s := range sides {
		for _, rule := range s.rules {
			for _, e := range entries(rule) {
				for _, each := range e.peers.services {
					if selector := each.K8sServiceSelector; selector != nil {
						asked.putSelector(selector.Selector.LabelSelector)
						selected = true
						spaces[cmpOr(selector.Namespace, "ns1")] = true
					} else if ref := each.K8sService; ref != nil {
						namespaces := []string{ref.Namespace}
						if ref.Namespace == "" {
							namespaces = []string{"ns1", "ns2"} // any is meant
						}
						for _, namespace := range namespaces {
							named[namespace+"/"+ref.ServiceName] = service{namespace: namespace, name: ref.ServiceName}
						}
					}
				}
			}
		}
	}
	for _, name := range sorted(named) {
		meant = append(meant, named[name])
	}
	if !selected {
		spaces = nil
	}
	for _, namespace := range sorted(spaces) {
		for i, set := range combinations(asked, true, maxLabelled) {
			meant = append(meant, service{namespace, fmt.Sprintf("labelled-%d", i), set})
		}
	}
	return meant[:min(len(meant), maxServices)]
}

// newWorld has those of the services that are there; pods says which of them have a selector.
func newWorld(name string, services []service, there, pods func(int) bool) *world {
	w := &world{name: name, db: statedb.New()}
	var err error
	if w.services, err = loadbalancer.NewServicesTable(loadbalancer.DefaultConfig, w.db); err != nil {
		panic(err)
	}
	if w.backends, err = loadbalancer.NewBackendsTable(w.db); err != nil {
		panic(err)
	}
	txn := w.db.WriteTxn(w.services, w.backends)
	for i, each := range services {
		if !there(i) {
			continue
		}
		full := loadbalancer.NewServiceName(each.namespace, each.name)
		made := &loadbalancer.Service{Name: full, Source: source.Kubernetes, Labels: labels.Map2Labels(each.labels, labels.LabelSourceK8s)}
		if pods(i) {
			made.Selector = map[string]string{"service": each.name}
		} else {
			address := netip.AddrFrom4([4]byte{203, 0, 113, byte(10 + 10*i)})
			mustInsert(w.backends.Insert(txn, &loadbalancer.Backend{ServiceName: full, Source: source.Kubernetes,
				Address: loadbalancer.NewL3n4Addr(loadbalancer.TCP, cmtypes.AddrClusterFrom(address, 0), 0, loadbalancer.ScopeExternal)}))
		}
		mustInsert(w.services.Insert(txn, made))
	}
	txn.Commit()
	return w
}

func mustInsert[T any](_ T, _ bool, err error) {
	if err != nil {
		panic(err)
	}
}

// putSelector adds what a selector asks for, whatever the source of the label: that does not count for services.
func (v values) putSelector(selector *slim.LabelSelector) {
	if selector == nil {
		return
	}
	for key, value := range selector.MatchLabels {
		v.put(labels.ParseSelectLabel(key).Key, value)
	}
	for _, expression := range selector.MatchExpressions {
		v.put(labels.ParseSelectLabel(expression.Key).Key, expression.Values...)
	}
}
