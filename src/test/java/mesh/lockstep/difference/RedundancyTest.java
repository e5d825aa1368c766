package mesh.lockstep.difference;

import static org.assertj.core.api.Assertions.assertThat;

import mesh.lockstep.policy.Policy;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedundancyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // An entry | one that is wider
                "{fromEndpoints: [{matchLabels: {app: a}}]} | {fromEntities: [all]}",
                "{fromEndpoints: [{matchLabels: {app: a, tier: b}}]} | {fromEndpoints: [{matchLabels: {app: a}}]}",
                "{fromEndpoints: [{matchLabels: {app: a}}]} | {fromEndpoints: [{matchExpressions: [{key: app, operator: In, values: [a, b]}]}]}",
                "{fromEndpoints: [{matchLabels: {app: a}}]} | {fromEndpoints: [{matchExpressions: [{key: app, operator: Exists}]}]}",
                "{fromEndpoints: [{matchExpressions: [{key: app, operator: DoesNotExist}]}]} | {fromEndpoints: [{matchExpressions: [{key: app, operator: NotIn, values: [a]}]}]}",
                "{fromCIDR: [10.1.0.0/16]} | {fromEntities: [all]}",
                "{fromCIDR: [10.1.0.0/16], toPorts: [{ports: [{port: '80', protocol: TCP}]}]} | {fromCIDR: [10.0.0.0/8]}",
                "{fromCIDR: [10.1.0.0/16]} | {fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.2.0.0/16]}]}",
                "{fromCIDRSet: [{cidr: 10.1.0.0/16, except: [10.1.1.0/24]}]} | {fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.1.0/25]}]}",
                "{fromEntities: [host], toPorts: [{ports: [{port: '80', protocol: TCP}]}]} | {fromEntities: [host]}",
                "{fromCIDR: [10.1.0.0/16], toPorts: [{ports: [{port: '80', protocol: TCP}]}]} | {toPorts: [{ports: [{port: '79', endPort: 90, protocol: TCP}]}]}",
                "{fromCIDR: [10.1.0.0/16], toPorts: [{ports: [{port: http}]}]} | {toPorts: [{ports: [{port: http}]}]}",
            })
    void seesThatARuleInsideAnotherHasNoEffect(String narrow, String wide) {
        var both = entries(narrow + ", " + wide);
        var wider = entries(wide);

        assertThat(both.meaning()).isNotEqualTo(wider.meaning());
        assertThat(mayBeWithoutEffect(both, wider)).isTrue();
        assertThat(mayBeWithoutEffect(wider, both)).isTrue();
        assertThat(mayBeWithoutEffect(entries(narrow), wider)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{fromEntities: [all]} | {fromEntities: [host]}",
                "{fromCIDR: [10.0.0.0/8]} | {fromCIDR: [10.1.0.0/16]}",
                "{fromCIDR: [10.2.0.0/16]} | {fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.2.1.0/24]}]}",
                "{fromCIDR: ['::ffff:a00:0/104']} | {fromCIDR: [10.0.0.0/8]}",
                "{fromEndpoints: [{}]} | {fromEndpoints: [{matchLabels: {app: a}}]}",
                "{fromEndpoints: [{matchExpressions: [{key: app, operator: NotIn, values: [a]}]}]} | {fromEndpoints: [{matchExpressions: [{key: app, operator: Exists}]}]}",
                "{fromEntities: [host], toPorts: [{ports: [{port: '80'}]}]} | {fromEntities: [host], toPorts: [{ports: [{port: '80', protocol: TCP}]}]}",
                "{fromEntities: [host], toPorts: [{ports: [{port: http}]}]} | {fromEntities: [host], toPorts: [{ports: [{port: '0'}]}]}",
                "{fromEntities: [host]} | {fromEntities: [host], toPorts: [{ports: [{port: '0'}]}]}",
                // With conditions, rules are merged.
                "{fromEntities: [host], authentication: {mode: required}} | {fromEntities: [all]}",
                "{fromEntities: [host], toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{path: /a}]}}]} | {fromEntities: [all]}",
            })
    void provesNothingMore(String more, String other) {
        var both = entries(more + ", " + other);
        var one = entries(other);

        assertThat(both.meaning()).isNotEqualTo(one.meaning());
        assertThat(mayBeWithoutEffect(both, one)).isFalse();
    }

    @Test
    void doesNotLookAcrossVerdictsSubjectsAndDirections() {
        var allowed = Policies.withSpec("endpointSelector: {}\ningress: [{fromEntities: [all]}]");

        assertThat(
                        mayBeWithoutEffect(
                                allowed,
                                Policies.withSpec(
                                        """
                                        endpointSelector: {}
                                        ingress: [{fromEntities: [all]}]
                                        ingressDeny: [{fromEntities: [host]}]
                                        """)))
                .isFalse();
        assertThat(
                        mayBeWithoutEffect(
                                allowed,
                                Policies.withSpec(
                                        """
                                        endpointSelector: {}
                                        ingress: [{fromEntities: [all]}]
                                        egress: [{toEntities: [host]}]
                                        """)))
                .isFalse();
        assertThat(
                        mayBeWithoutEffect(
                                allowed,
                                Policies.withSpec(
                                        """
                                        endpointSelector: {matchLabels: {app: a}}
                                        ingress: [{fromEntities: [all]}]
                                        """)))
                .isFalse();
    }

    @Test
    void provesNothingOfWhatIsComparedAsWritten() {
        var one = Policies.withSpec("endpointSelector: {}\ningress: [{fromEntities: [moon]}]");
        var other = Policies.withSpec("endpointSelector: {}\ningress: [{fromEntities: [mars]}]");

        assertThat(mayBeWithoutEffect(one, other)).isFalse();
    }

    @Test
    void isNotAskedAboutEqualPolicies() {
        assertThat(mayBeWithoutEffect(Policies.withPort(80), Policies.withPort(80))).isFalse();
    }

    private static boolean mayBeWithoutEffect(Policy here, Policy there) {
        return Redundancy.mayBeWithoutEffect(here.meaning(), there.meaning());
    }

    private static Policy entries(String entries) {
        return Policies.withSpec("endpointSelector: {}\ningress: [" + entries + "]");
    }
}
