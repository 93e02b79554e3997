/** Has the Prometheus operator ask every server for its metrics. */
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { labelsOf, NAME } from "./pod.js";

export const serviceMonitor: IServiceMonitor = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "ServiceMonitor",
  metadata: { name: NAME, labels: labelsOf("server") },
  spec: {
    selector: { matchLabels: labelsOf("server") },
    endpoints: [{ port: "health", path: "/metrics", interval: "15s" }],
  },
};
