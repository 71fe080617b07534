import { expect, test } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { textOf, yamlOf, yamlsOf } from './files.ts';

interface Manifest {
  kind: string;
  spec: {
    replicas?: number;
    template?: { spec: { containers: { image: string; volumeMounts: { mountPath: string }[] }[] } };
    volumeClaimTemplates?: { metadata: { name: string } }[];
  };
}

test('the image of everything has the page, one port and a volume, and its StatefulSet runs one of it', () => {
  const stage = textOf('images/Dockerfile')
    .split(/^FROM /m)
    .find((text) => text.startsWith('runtime AS all'));
  expect(stage).toContain('COPY --from=page');
  expect(stage?.match(/^EXPOSE .*$/gm)).toEqual(['EXPOSE 4400']);
  const [set, service] = yamlsOf<Manifest>('one/kubernetes.yaml');
  expect([set?.kind, set?.spec.replicas, service?.kind]).toEqual(['StatefulSet', 1, 'Service']);
  const [container] = set?.spec.template?.spec.containers ?? [];
  expect(container?.image).toMatch(/^chasqui\/all:/);
  expect(container?.volumeMounts[0]?.mountPath).toBe('/data');
  expect(set?.spec.volumeClaimTemplates).toHaveLength(1);
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
