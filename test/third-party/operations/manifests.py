"""Validates Kubernetes manifests against the schemas of Kubernetes, strictly: a field that is in no schema is a fault.

usage: manifests.py <version> <file>...   Prints a JSON array of [kind, name, fault or null], one for each resource.
"""

import json
import sys

import kubernetes_validate
import yaml


def fault_of(resource, version):
    try:
        kubernetes_validate.validate(resource, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{'/'.join(map(str, error.path))}: {error.message}"
    return None


version, *paths = sys.argv[1:]
checked = []
for path in paths:
    with open(path, encoding="utf-8") as file:
        for resource in yaml.safe_load_all(file):
            checked.append([resource["kind"], resource["metadata"]["name"], fault_of(resource, version)])
json.dump(checked, sys.stdout)
