package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/cilium/cilium/pkg/iana"
	"github.com/cilium/cilium/pkg/policy/api"
)

const lastPort = 65535

// portRange is a range of numbers of one protocol, or a name.
type portRange struct {
	protocol string
	name     string
	from, to int
}

// protocolsOf expands ANY: pkg/policy/rule.go.
func protocolsOf(p api.PortProtocol) []string {
	if p.Protocol.IsAny() {
		return []string{"TCP", "UDP", "SCTP"}
	}
	return []string{string(p.Protocol)}
}

func portRanges(ports []api.PortProtocol, ingress bool) (ranges []portRange) {
	for _, port := range ports {
		for _, protocol := range protocolsOf(port) {
			ranges = append(ranges, rangeOf(port, protocol, ingress))
		}
	}
	return ranges
}

func rangeOf(port api.PortProtocol, protocol string, ingress bool) portRange {
	if iana.IsSvcName(port.Port) {
		name := strings.ToLower(port.Port)
		if port.EndPort != 0 && (ingress || protocol == "TCP") {
			// On ingress the end holds from the number that the name resolves to; on egress it counts for Envoy alone.
			name += "-" + strconv.Itoa(int(port.EndPort))
		}
		return portRange{protocol: protocol, name: name}
	}
	number, _ := strconv.ParseUint(port.Port, 0, 16)
	if protocol == "TCP" && port.EndPort != 0 && (number == 0 || int(port.EndPort) < int(number)) {
		// The kernel reads over such an end; Envoy is told of it.
		return portRange{protocol: protocol, name: fmt.Sprintf("%d-%d", number, port.EndPort)}
	}
	r := portRange{protocol: protocol, from: int(number), to: int(number)}
	if number == 0 {
		r.to = lastPort
	} else if int(port.EndPort) > int(number) {
		r.to = int(port.EndPort)
	}
	return r
}

// rangesForm joins ranges that touch.
func rangesForm(ranges []portRange) string {
	sort.Slice(ranges, func(i, j int) bool { return ranges[i].from < ranges[j].from })
	var joined []portRange
	for _, r := range ranges {
		if n := len(joined); n > 0 && r.from <= joined[n-1].to+1 {
			joined[n-1].to = max(joined[n-1].to, r.to)
			continue
		}
		joined = append(joined, r)
	}
	var parts []string
	for _, r := range joined {
		if r.from == 1 && r.to == lastPort {
			r.from = 0 // port 0 is on no wire
		}
		parts = append(parts, fmt.Sprintf("%d-%d", r.from, r.to))
	}
	return strings.Join(parts, ",")
}
