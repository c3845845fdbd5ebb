/** The smallest resources that the CRDs accept: one ModelServing, one ModelRoute and two ModelServers. */
export const CUSTOM_RESOURCES = `
apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata:
  name: serving
spec:
  template:
    roles:
      - name: worker
        workerReplicas: 0
        entryTemplate:
          spec:
            containers:
              - name: engine
                image: registry.example/engine:v1
---
apiVersion: networking.serving.volcano.sh/v1alpha1
kind: ModelRoute
metadata:
  name: route
spec:
  modelName: llama
  rules:
    - targetModels:
        - modelServerName: first
---
apiVersion: networking.serving.volcano.sh/v1alpha1
kind: ModelServer
metadata:
  name: first
spec:
  inferenceEngine: vLLM
  workloadSelector:
    matchLabels:
      app: first
---
apiVersion: networking.serving.volcano.sh/v1alpha1
kind: ModelServer
metadata:
  name: second
spec:
  inferenceEngine: SGLang
  workloadSelector:
    matchLabels:
      app: second
`;
