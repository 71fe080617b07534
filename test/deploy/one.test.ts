import { DEFAULT_LIMITS, MOMENT_LIMITS } from '@chasqui/domain';
import { SETTING_NAMES } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { textOf, yamlOf, yamlsOf } from './files.ts';
import { variablesRead } from './readers.ts';

interface Container {
  image: string;
  env: { name: string; value: string }[];
  envFrom: { secretRef: { optional?: boolean } }[];
  ports: { name: string; containerPort: number }[];
  lifecycle: { preStop: { exec: { command: string[] } } };
  volumeMounts: { mountPath: string }[];
  [probe: string]: unknown;
}

interface Manifest {
  kind: string;
  metadata: { name: string; annotations?: { [name: string]: string } };
  spec: {
    replicas?: number;
    template: { spec: { terminationGracePeriodSeconds: number; containers: [Container] } };
    volumeClaimTemplates?: { metadata: { name: string } }[];
    ports: { name: string; targetPort?: string }[];
    rules: { http: { paths: { path: string; backend: { service: { name: string; port: { name: string } } } }[] } }[];
  };
}

const BODY_SIZE = 'nginx.ingress.kubernetes.io/proxy-body-size';
const manifests = yamlsOf<Manifest>('one/kubernetes.yaml');
const named = (kind: string, name = 'chasqui') =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name) ?? expect.fail(`no ${kind} ${name}`);
const container = named('StatefulSet').spec.template.spec.containers[0];

test('the image of everything has the page, one port and a volume, and its StatefulSet runs one of it', () => {
  const stage = textOf('images/Dockerfile')
    .split(/^FROM /m)
    .find((text) => text.startsWith('media AS all'));
  expect(stage).toContain('COPY --from=page');
  expect(stage?.match(/^EXPOSE .*$/gm)).toEqual(['EXPOSE 4400']);
  const { spec } = named('StatefulSet');
  expect([spec.replicas, spec.volumeClaimTemplates?.length]).toEqual([1, 1]);
  expect(container.image).toMatch(/^chasqui\/all:/);
  expect(container.ports).toEqual([{ name: 'http', containerPort: 4400 }]);
  expect(container.volumeMounts[0]?.mountPath).toBe('/data');
});

test('the pod needs no Secret, is probed by its own routes, and has the time to drain (C14)', () => {
  expect(container.envFrom).toEqual([{ secretRef: { name: 'chasqui', optional: true } }]);
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  expect([...variablesRead('api', env), ...variablesRead('connect', env)]).toEqual([
    ...Object.keys(env),
    ...Object.keys(env),
  ]);
  const routes = { startupProbe: '/healthz', livenessProbe: '/healthz', readinessProbe: '/readyz' };
  for (const [probe, path] of Object.entries(routes)) {
    expect(container[probe], probe).toMatchObject({ httpGet: { path, port: 'http' } });
  }
  const waits = Number(container.lifecycle.preStop.exec.command[1]);
  const { terminationGracePeriodSeconds } = named('StatefulSet').spec.template.spec;
  expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(waits + DEFAULT_LIMITS.drainDeadlineMs / 1000 + 10);
});

test('the Ingress shows the server, and hides what is for the operator', () => {
  expect(named('Service').spec.ports[0]).toMatchObject({ name: 'http', targetPort: 'http' });
  const paths = named('Ingress').spec.rules.flatMap(({ http }) => http.paths);
  const services = paths.map(({ path, backend: { service } }) => [path, service.name]);
  expect(services).toEqual([
    ['/metrics', 'chasqui-nothing'],
    ['/', 'chasqui'],
  ]);
  for (const { backend } of paths) {
    const { ports } = named('Service', backend.service.name).spec;
    expect(ports.map(({ name }) => name)).toContain(backend.service.port.name);
  }
});

test('every proxy lets the largest requests through', () => {
  const [, importBytes] = /`MAX_IMPORT_BYTES` (\d+)/.exec(textOf('../docs/limits.md')) ?? [];
  const ingresses = [...manifests, ...yamlsOf<Manifest>('kubernetes/ingress.yaml')].filter(
    ({ kind }) => kind === 'Ingress',
  );
  const sizes = [
    ...ingresses.map(({ metadata }) => metadata.annotations?.[BODY_SIZE]),
    /client_max_body_size (\w+);/.exec(textOf('one/nginx.conf'))?.[1],
  ];
  expect(sizes).toHaveLength(3);
  for (const size of sizes) {
    expect(size).toMatch(/^\d+m$/);
    const bytes = Number.parseInt(size ?? '', 10) * 2 ** 20;
    expect(bytes).toBeGreaterThan(Math.max(MOMENT_LIMITS.maxPictureBytes, Number(importBytes)));
  }
});

test('every command that an alert names is one', async () => {
  const known = (await createProgram({})).commands.map((command) => command.name());
  const named = [...textOf('monitoring/alerts.yml').matchAll(/npx chasqui ([a-z-]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(2);
  for (const name of named) expect(known).toContain(name);
});

test('compose sets the policy of Redis that the server asks for', () => {
  const { services } = yamlOf<{ services: { redis: { command: string[] } } }>('compose.yaml');
  const { command } = services.redis;
  expect(command[command.indexOf('--maxmemory-policy') + 1]).toBe('volatile-ttl');
});

test('packages are installed from the manifests alone', () => {
  const [, packages = ''] = textOf('images/Dockerfile').split(' AS packages\n');
  expect(packages.slice(0, packages.indexOf('RUN npm ci'))).not.toMatch(/^COPY (apps|libs)/m);
});

test('the chart takes the settings that a process knows, and refuses misspelled ones', () => {
  const { definitions } = JSON.parse(textOf('one/chart/values.schema.json'));
  expect(definitions.texts.propertyNames.enum).toEqual([...SETTING_NAMES].sort());
});
