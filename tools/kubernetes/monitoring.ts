/** Has the Prometheus operator ask every server for its metrics, and raise the alerts that deploy/ has. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { parse } from "yaml";
import { labelsOf, NAME } from "./pod.js";

const OUTPUT = join(import.meta.dirname, "../..");
const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");

export const serviceMonitor: IServiceMonitor = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "ServiceMonitor",
  metadata: { name: NAME, labels: labelsOf("server") },
  spec: {
    selector: { matchLabels: labelsOf("server") },
    endpoints: [{ port: "health", path: "/metrics", interval: "15s" }],
  },
};

export const prometheusRule: IPrometheusRule = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  metadata: { name: NAME, labels: labelsOf("server") },
  spec: parse(readFileSync(join(ROOT, "deploy/prometheus-alerts.yml"), "utf8")) as NonNullable<IPrometheusRule["spec"]>,
};
