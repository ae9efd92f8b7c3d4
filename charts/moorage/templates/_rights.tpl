{{/*
What the operator may do in each namespace that it looks after. Also what it grants on: the API servers' Role holds nothing that is
not here, because Kubernetes lets nobody grant what they do not hold.
*/}}
{{- define "moorage.rights" -}}
- apiGroups: [moorage.io]
  resources: [storageclusters, volumes, snapshots, backups, storageusers]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [moorage.io]
  resources: [storageclusters/status, volumes/status, snapshots/status, backups/status, storageusers/status]
  verbs: [get, update, patch]
- apiGroups: [moorage.io]
  resources:
    [storageclusters/finalizers, volumes/finalizers, snapshots/finalizers, backups/finalizers, storageusers/finalizers]
  verbs: [update]
# What a StorageCluster consists of.
- apiGroups: [apps]
  resources: [statefulsets, deployments]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [""]
  resources: [services, configmaps, serviceaccounts, persistentvolumeclaims]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [roles, rolebindings]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [monitoring.coreos.com]
  resources: [servicemonitors]
  verbs: [get, list, watch, create, update, patch, delete]
# Keys of StorageUsers, keys that Volumes and Backups name.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, update, patch, delete]
# Storage nodes are made by their StatefulSet; updating one is deleting its pod.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, patch, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end -}}

{{/* What belongs to no namespace: zones of the machines, and whether claims of a class can grow. */}}
{{- define "moorage.clusterRights" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [get, list, watch]
- apiGroups: [storage.k8s.io]
  resources: [storageclasses]
  verbs: [get, list, watch]
{{- end -}}
