import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { DEPLOY, yamlOf } from './files.ts';
import { type Container, type KubernetesSet, type Resource, resourcesOf } from './kubernetes.ts';
import { READERS, variablesRead } from './readers.ts';

const containerOf = (resource: Resource) => resource.spec.template?.spec.containers[0] as Container;
const imageOf = (resource: Resource) => /^chasqui\/(\w+):/.exec(containerOf(resource).image)?.[1] ?? '';

test.each(['kubernetes', 'kubernetes-classic'])(
  'the kustomization of %s names every file but the example of a secret',
  (folder) => {
    const { resources, patches = [] } = yamlOf<{ resources: string[]; patches?: { path?: string }[] }>(
      `${folder}/kustomization.yaml`,
    );
    const named = [
      ...resources.filter((path) => path !== '../kubernetes'),
      ...patches.flatMap(({ path }) => path ?? []),
    ];
    const files = readdirSync(join(DEPLOY, folder)).filter((name) => name !== 'kustomization.yaml');
    expect([...named, 'secret.example.yaml'].toSorted()).toEqual(files.toSorted());
  },
);

describe.each<KubernetesSet>(['kubernetes', 'kubernetes-classic'])('%s', (set) => {
  const resources = resourcesOf(set);
  const secret = yamlOf<Resource>(`${set}/secret.example.yaml`);
  const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind);
  const deployments = ofKind('Deployment');
  const environmentOf = (resource: Resource) => {
    const { env = [], envFrom = [] } = containerOf(resource);
    const isConfigured = envFrom.some((source) => 'configMapRef' in source);
    return {
      ...(isConfigured ? ofKind('ConfigMap')[0]?.data : {}),
      ...secret.stringData,
      ...Object.fromEntries(env.map(({ name, value }) => [name, value ?? '10.0.0.1'])),
    };
  };

  test('every app is deployed, and each may lose one pod at a time', () => {
    const expected = Object.keys(READERS).filter((name) => !['engine', 'chasqui'].includes(name));
    expect(deployments.map(imageOf).toSorted()).toEqual(expected.toSorted());
    const guarded = ofKind('PodDisruptionBudget').map(
      ({ spec }) => spec.selector?.matchLabels?.['app.kubernetes.io/component'],
    );
    expect(guarded.toSorted()).toEqual(expected.toSorted());
  });

  test('each variable is one that somebody reads, and each app takes its configuration', () => {
    const all = [...deployments, ...ofKind('StatefulSet'), ...ofKind('Job')];
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
      const matching = [...deployments, ...ofKind('StatefulSet')].find((one) => {
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
    for (const resource of [...deployments, ...ofKind('StatefulSet')]) {
      const waits = Number(containerOf(resource).lifecycle?.preStop.exec.command[1] ?? 0);
      const grace = resource.spec.template?.spec.terminationGracePeriodSeconds ?? 0;
      expect(grace, resource.metadata.name).toBeGreaterThanOrEqual(waits + DEFAULT_LIMITS.drainDeadlineMs / 1000 + 10);
    }
  });
});

test('the engines of the classic set are one pod with a volume, which those reach who look for it', () => {
  const resources = resourcesOf('kubernetes-classic');
  const named = (kind: string) => resources.find((one) => one.kind === kind && one.metadata.name === 'engine');
  const engine = named('StatefulSet') as Resource;
  const { env = [], ports = [] } = containerOf(engine);
  expect([engine.spec.replicas, env, ports]).toEqual([
    1,
    [{ name: 'CHASQUI_ENGINE_LISTEN', value: '0.0.0.0:4605' }],
    [{ name: 'engine', containerPort: 4605 }],
  ]);
  expect(named('Service')?.spec.ports).toEqual([{ name: 'engine', port: 4605, targetPort: 'engine' }]);
  expect(resources.find(({ kind }) => kind === 'ConfigMap')?.data?.CHASQUI_ENGINE_ADDRESS).toBe('engine:4605');
  const { podSelector, ingress } = (named('NetworkPolicy') as Resource).spec;
  expect(podSelector?.matchLabels).toEqual({ 'app.kubernetes.io/component': 'engine' });
  // The apps with the role of search, and the commands.
  expect(ingress?.[0]?.from[0]?.podSelector.matchExpressions[0]?.values).toEqual(['datasync', 'api', 'setup']);
});
