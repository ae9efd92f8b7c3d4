#!/usr/bin/env python3
"""Cuts the schemas of the built-in resources that the embedded Kubernetes serves out of a real API server's documents.

usage: for gv in api/v1 apis/apps/v1 ...; do kubectl get --raw /openapi/v3/$gv >DIR/$(echo $gv | tr / _).json; done
       trim.py DIR kinds.yaml >kubernetes-schemas.json

One schema a line, so that differences between versions can be read.
"""
import glob, json, os, re, sys

directory, kinds = sys.argv[1:]
wanted = set()
group = None
for line in open(kinds):
    match = re.match(r"- *\{(.*)\}", line.strip())
    if match:
        fields = dict(part.strip().split(": ", 1) for part in re.split(r", (?=[a-zA-Z]+:)", match.group(1)))
        wanted.add((fields.get("group", '""').strip('"'), fields["version"], fields["kind"]))

schemas = {}
for file in glob.glob(os.path.join(directory, "*.json")):
    schemas.update(json.load(open(file)).get("components", {}).get("schemas", {}))

keep, queue = {}, []
for name, schema in schemas.items():
    for gvk in schema.get("x-kubernetes-group-version-kind", []):
        if (gvk["group"], gvk["version"], gvk["kind"]) in wanted:
            queue.append(name)
            wanted.discard((gvk["group"], gvk["version"], gvk["kind"]))
            wanted.add(("", "", ""))
wanted.discard(("", "", ""))
assert not wanted, f"no schema of {wanted}"
queue += ["io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", "io.k8s.apimachinery.pkg.apis.meta.v1.Status"]
while queue:
    name = queue.pop()
    if name not in keep:
        schema = schemas[name]
        if name.startswith("io.k8s.apimachinery"):
            schema.pop("x-kubernetes-group-version-kind", None)
        keep[name] = schema
        queue += [ref.rsplit("/", 1)[1] for ref in re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema))]
print("{")
print(",\n".join(f"{json.dumps(name)}:{json.dumps(keep[name], separators=(',', ':'), sort_keys=True)}" for name in sorted(keep)))
print("}")
