/**
 * What the API server checks in Go code (k8s.io/kubernetes, pkg/apis/<group>/validation) and its OpenAPI documents do not say:
 * scripts/kubernetes-schemas.mjs adds it to the schemas. Only what a template may well get wrong is here.
 */

const PORT = { minimum: 1, maximum: 65535 };
const PORT_OR_UNSET = { minimum: 0, maximum: 65535 };
const NOT_NEGATIVE = { minimum: 0 };
const INT_OR_PERCENT = { format: 'percent', minimum: 0 };
const SCOPE = { enum: ['*', 'Cluster', 'Namespaced'] };
const WEBHOOK = { timeoutSeconds: { minimum: 1, maximum: 30 }, sideEffects: { enum: ['None', 'NoneOnDryRun'] } };
/** Ranges, enums and formats by definition and property, in the words of src/lint/schema.ts. */
export const RULES = {
  'admissionregistration.v1.MutatingWebhook': { ...WEBHOOK, reinvocationPolicy: { enum: ['IfNeeded', 'Never'] } },
  'admissionregistration.v1.RuleWithOperations': { scope: SCOPE },
  'admissionregistration.v1.ServiceReference': { port: PORT },
  'admissionregistration.v1.ValidatingWebhook': WEBHOOK,
  'apiextensions.v1.CustomResourceDefinitionSpec': { scope: { enum: ['Cluster', 'Namespaced'] } },
  'apiextensions.v1.JSONSchemaProps': {
    type: { enum: ['array', 'boolean', 'integer', 'number', 'object', 'string'] },
  },
  'apiextensions.v1.ServiceReference': { port: PORT },
  'apps.v1.DeploymentSpec': {
    minReadySeconds: NOT_NEGATIVE,
    replicas: NOT_NEGATIVE,
    revisionHistoryLimit: NOT_NEGATIVE,
  },
  'apps.v1.RollingUpdateDeployment': { maxSurge: INT_OR_PERCENT, maxUnavailable: INT_OR_PERCENT },
  'core.v1.ContainerPort': { containerPort: PORT, hostPort: PORT_OR_UNSET },
  'core.v1.GRPCAction': { port: PORT },
  'core.v1.HTTPGetAction': { port: PORT },
  // The only pods among KINDS are a Deployment's: they may not end.
  'core.v1.PodSpec': { restartPolicy: { enum: ['Always'] } },
  'core.v1.Probe': {
    failureThreshold: NOT_NEGATIVE,
    initialDelaySeconds: NOT_NEGATIVE,
    periodSeconds: NOT_NEGATIVE,
    successThreshold: NOT_NEGATIVE,
    terminationGracePeriodSeconds: { minimum: 1 },
    timeoutSeconds: NOT_NEGATIVE,
  },
  'core.v1.ServicePort': { nodePort: PORT_OR_UNSET, port: PORT, targetPort: PORT_OR_UNSET },
  'core.v1.ServiceSpec': { healthCheckNodePort: PORT_OR_UNSET },
  'core.v1.TCPSocketAction': { port: PORT },
  'policy.v1.PodDisruptionBudgetSpec': { maxUnavailable: INT_OR_PERCENT, minAvailable: INT_OR_PERCENT },
  'rbac.v1.RoleRef': { apiGroup: { enum: ['rbac.authorization.k8s.io'] }, kind: { enum: ['ClusterRole', 'Role'] } },
  'rbac.v1.Subject': { kind: { enum: ['Group', 'ServiceAccount', 'User'] } },
};

/** Optional in the schema, yet refused by the server where they are missing or empty. */
export const REQUIRED = {
  'admissionregistration.v1.RuleWithOperations': ['apiGroups', 'apiVersions', 'operations', 'resources'],
  'apiextensions.v1.CustomResourceDefinitionVersion': ['schema'],
  'apiextensions.v1.CustomResourceValidation': ['openAPIV3Schema'],
  'apps.v1.Deployment': ['spec'],
  'core.v1.ConfigMapKeySelector': ['name'],
  'core.v1.ConfigMapVolumeSource': ['name'],
  'core.v1.Container': ['image'],
  'core.v1.PodTemplateSpec': ['spec'],
  'core.v1.SecretKeySelector': ['name'],
  'core.v1.SecretVolumeSource': ['secretName'],
  'core.v1.Service': ['spec'],
};

/** Required in the schema, yet accepted by the server where they are missing or empty. */
export const OPTIONAL = {
  'core.v1.HTTPHeader': ['value'],
  'core.v1.Sysctl': ['value'],
  'rbac.v1.RoleRef': ['apiGroup'],
};
