import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { DEPLOY, yamlOf, yamlsOf } from './files.ts';
import { READERS, variablesRead } from './readers.ts';

type Labels = Record<string, string>;

interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string }[];
  ports?: { name: string; containerPort: number }[];
  lifecycle?: { preStop: { exec: { command: string[] } } };
  [probe: string]: unknown;
}

interface Resource {
  kind: string;
  metadata: { name: string; annotations?: Labels };
  data?: Labels;
  stringData?: Labels;
  spec: {
    selector?: { matchLabels?: Labels } & Labels;
    scaleTargetRef?: { kind: string; name: string };
    ports?: { name: string; port: number; targetPort?: string }[];
    rules?: { http: { paths: { path: string; backend: { service: { name: string; port: { name: string } } } }[] } }[];
    template?: {
      metadata: { labels: Labels; annotations?: Labels };
      spec: { terminationGracePeriodSeconds: number; containers: [Container] };
    };
  };
}

const folder = 'kubernetes';
const listed = yamlOf<{ resources: string[] }>(`${folder}/kustomization.yaml`).resources;
const resources = listed.flatMap((path) => yamlsOf<Resource>(`${folder}/${path}`));
const secret = yamlOf<Resource>(`${folder}/secret.example.yaml`);
const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind);
const deployments = ofKind('Deployment');
const containerOf = (resource: Resource) => resource.spec.template?.spec.containers[0] as Container;
const shared = { ...ofKind('ConfigMap')[0]?.data, ...secret.stringData };
const environmentOf = (resource: Resource) => ({
  ...shared,
  ...Object.fromEntries((containerOf(resource).env ?? []).map(({ name, value }) => [name, value ?? '10.0.0.1'])),
});
const imageOf = (resource: Resource) => /^chasqui\/(\w+):/.exec(containerOf(resource).image)?.[1] ?? '';

test('the kustomization has every file but the example of a secret', () => {
  const files = readdirSync(join(DEPLOY, folder)).filter((name) => name !== 'kustomization.yaml');
  expect([...listed, 'secret.example.yaml'].toSorted()).toEqual(files.toSorted());
});

test('every app is deployed, and each may lose one pod at a time', () => {
  const expected = Object.keys(READERS).filter((name) => !['engine', 'chasqui'].includes(name));
  expect(deployments.map(imageOf).toSorted()).toEqual(expected.toSorted());
  const guarded = ofKind('PodDisruptionBudget').map(
    ({ spec }) => spec.selector?.matchLabels?.['app.kubernetes.io/component'],
  );
  expect(guarded.toSorted()).toEqual(expected.toSorted());
});

test('each variable is one that somebody reads, and each app takes its configuration', () => {
  const all = [...deployments, ...ofKind('Job')];
  const read = new Set(all.flatMap((resource) => [...variablesRead(imageOf(resource), environmentOf(resource))]));
  for (const resource of all) {
    for (const name of Object.keys(environmentOf(resource)).filter((name) => name.startsWith('CHASQUI_'))) {
      expect(read, `${resource.metadata.name}: ${name}`).toContain(name);
    }
  }
});

test('nothing but the example holds a secret', () => {
  expect(ofKind('Secret')).toEqual([]);
  for (const name of Object.keys(ofKind('ConfigMap')[0]?.data ?? {}))
    expect(name).not.toMatch(/SECRET|PASSWORD|API_KEY|MYSQL_URL/);
});

test('probes, scraping and Services lead to a port that the app has, by its own route', () => {
  for (const resource of deployments) {
    const { ports = [], ...container } = containerOf(resource);
    const status = ports.find(({ name }) => name === 'status')?.containerPort;
    const routes = { startupProbe: '/healthz', livenessProbe: '/healthz', readinessProbe: '/readyz' };
    for (const [probe, path] of Object.entries(routes)) {
      expect(container[probe], probe).toMatchObject({ httpGet: { path, port: 'status' } });
    }
    const annotations = resource.spec.template?.metadata.annotations ?? {};
    expect(annotations['prometheus.io/port']).toBe(String(status));
  }
  for (const { metadata, spec } of ofKind('Service').filter((service) => service.spec.selector !== undefined)) {
    const matching = deployments.find((one) => {
      const labels = one.spec.template?.metadata.labels ?? {};
      return Object.entries(spec.selector ?? {}).every(([name, value]) => labels[name] === value);
    });
    const names = (matching === undefined ? [] : (containerOf(matching).ports ?? [])).map(({ name }) => name);
    for (const { targetPort } of spec.ports ?? []) expect(names, metadata.name).toContain(targetPort);
  }
});

test('what the Ingress and the autoscalers name is there', () => {
  const services = new Map(
    ofKind('Service').map(({ metadata, spec }) => [metadata.name, spec.ports?.map(({ name }) => name)]),
  );
  for (const { http } of ofKind('Ingress')[0]?.spec.rules ?? []) {
    for (const { path, backend } of http.paths) {
      expect(services.get(backend.service.name), path).toContain(backend.service.port.name);
    }
  }
  for (const { spec } of ofKind('HorizontalPodAutoscaler')) {
    expect(deployments.map(({ metadata }) => metadata.name)).toContain(spec.scaleTargetRef?.name);
  }
});

test('C14: every pod has the time to drain, after the time that the proxies need', () => {
  for (const resource of deployments) {
    const waits = Number(containerOf(resource).lifecycle?.preStop.exec.command[1] ?? 0);
    const grace = resource.spec.template?.spec.terminationGracePeriodSeconds ?? 0;
    expect(grace, resource.metadata.name).toBeGreaterThanOrEqual(waits + DEFAULT_LIMITS.drainDeadlineMs / 1000 + 10);
  }
});
