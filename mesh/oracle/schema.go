package main

import (
	"errors"
	"fmt"

	internal "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"

	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
)

// crd does to an object what the API server does before it stores it
// (apiextensions-apiserver/pkg/apiserver/customresource_handler.go).
type crd struct {
	structural *schema.Structural
	validator  validation.SchemaCreateValidator
}

// loadSchemas reads the CRDs that are embedded in Cilium's module, by kind.
func loadSchemas() (map[string]*crd, error) {
	schemas := map[string]*crd{}
	for kind, name := range map[string]string{
		v2.CNPKindDefinition:  client.CNPCRDName,
		v2.CCNPKindDefinition: client.CCNPCRDName,
	} {
		definition := client.GetPregeneratedCRD(logger, name)
		loaded, err := loadSchema(&definition)
		if err != nil {
			return nil, fmt.Errorf("CRD of %s: %w", kind, err)
		}
		schemas[kind] = loaded
	}
	return schemas, nil
}

func loadSchema(definition *apiextensions.CustomResourceDefinition) (*crd, error) {
	for _, version := range definition.Spec.Versions {
		if version.Name != "v2" {
			continue
		}
		var converted internal.CustomResourceValidation
		if err := apiextensions.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(
			version.Schema, &converted, nil); err != nil {
			return nil, err
		}
		structural, err := schema.NewStructural(converted.OpenAPIV3Schema)
		if err != nil {
			return nil, err
		}
		validator, _, err := validation.NewSchemaValidator(converted.OpenAPIV3Schema)
		if err != nil {
			return nil, err
		}
		return &crd{structural, validator}, nil
	}
	return nil, errors.New("it has no version v2")
}

// admit changes object to what would be stored, and says which fields were dropped.
func (c *crd) admit(object map[string]any) (pruned []string, err error) {
	pruned = pruning.PruneWithOptions(object, c.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	defaulting.PruneNonNullableNullsWithoutDefaults(object, c.structural)
	defaulting.Default(object, c.structural)
	faults := validation.ValidateCustomResource(nil, object, c.validator)
	faults = append(faults, listtype.ValidateListSetsAndMaps(nil, c.structural, object)...)
	if len(faults) > 0 {
		return pruned, faults.ToAggregate()
	}
	_, hasSpec := object["spec"]
	_, hasSpecs := object["specs"]
	if !hasSpec && !hasSpecs {
		// The schema's one rule in CEL, which ValidateCustomResource does not look at.
		return pruned, errors.New("spec or specs must be provided")
	}
	return pruned, nil
}
