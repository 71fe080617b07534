import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import chasqui from '../../../package.json' with { type: 'json' };
import { DEPLOY, yamlOf, yamlsOf } from '../../deploy/files.ts';
import { createKubeconform, KUBERNETES_VERSIONS, type Kubeconform } from './kubeconform.ts';
import { runTool } from './run-tool.ts';

interface Resource {
  kind: string;
  metadata: { name: string };
}

const CHART = join(DEPLOY, 'one/chart');
const [OLDEST = ''] = KUBERNETES_VERSIONS;
const helm = (...args: string[]) => runTool('.ci/run installs it', 'helm', args);
/** The manifests of a release, with these values set. */
const rendered = (release: string, ...values: string[]) =>
  helm('template', release, CHART, '--kube-version', OLDEST, ...values.flatMap((value) => ['--set', value]));
const resourcesOf = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Resource);
const inOrder = (resources: readonly Resource[]) =>
  resources.toSorted((a, b) => `${a.kind} ${a.metadata.name}`.localeCompare(`${b.kind} ${b.metadata.name}`));

let folder: string;
let kubeconform: Kubeconform;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-chart-'));
  kubeconform = await createKubeconform();
});
afterAll(async () => {
  await kubeconform[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('Helm finds no fault in the chart, which is of this version', async () => {
  expect(await helm('lint', '--strict', '--kube-version', OLDEST, CHART)).toContain('0 chart(s) failed');
  expect(yamlOf('one/chart/Chart.yaml')).toMatchObject({ version: chasqui.version, appVersion: chasqui.version });
});

test('with its default values it is the manifests of one/kubernetes.yaml', async () => {
  expect(inOrder(resourcesOf(await rendered('chasqui')))).toEqual(inOrder(yamlsOf<Resource>('one/kubernetes.yaml')));
});

test.each(KUBERNETES_VERSIONS)('with other values it has the form that Kubernetes %s demands', async (version) => {
  const own = await rendered(
    'chat',
    ...['image.tag=1.2.3', 'imagePullSecrets[0].name=registry', 'volume.size=1Ti', 'volume.storageClass=fast'],
    ...['settings.CHASQUI_LOG_LEVEL=debug', 'secrets.CHASQUI_JWT_SECRET=thirty-six bytes', 'resources.limits.cpu=2'],
    ...['ingress.path=/chat', 'ingress.host=example.com', 'ingress.tlsSecret='],
  );
  const others = await rendered('other', 'existingSecret=mine', 'ingress.enabled=false');
  const paths = await Promise.all(
    [own, others].map(async (text, n) => {
      const path = join(folder, `${version}-${n}.yaml`);
      await writeFile(path, text);
      return path;
    }),
  );
  const checked = await kubeconform.conform(version, paths);
  expect(checked.filter(({ fault }) => fault !== null)).toEqual([]);
  expect(checked).toHaveLength(7);
  const container = {
    image: 'chasqui/all:1.2.3',
    envFrom: [{ secretRef: { name: 'chat', optional: true } }],
    env: [
      { name: 'CHASQUI_LOG_LEVEL', value: 'debug' },
      { name: 'CHASQUI_TRUST_PROXY', value: 'on' },
    ],
    resources: { limits: { cpu: 2, memory: '3Gi' } },
  };
  const claim = { spec: { storageClassName: 'fast', resources: { requests: { storage: '1Ti' } } } };
  const kinds = Object.groupBy(resourcesOf(own), ({ kind }) => kind);
  expect(kinds.Secret).toMatchObject([
    { metadata: { name: 'chat' }, stringData: { CHASQUI_JWT_SECRET: 'thirty-six bytes' } },
  ]);
  expect(kinds.StatefulSet).toMatchObject([
    { spec: { template: { spec: { containers: [container] } }, volumeClaimTemplates: [claim] } },
  ]);
  const at = (path: string, name: string) => ({ path, backend: { service: { name } } });
  expect(kinds.Ingress).toMatchObject([
    {
      metadata: { annotations: { 'nginx.ingress.kubernetes.io/x-forwarded-prefix': '/chat' } },
      spec: {
        rules: [
          {
            host: 'example.com',
            http: { paths: [at('/chat/(metrics/?)$', 'chat-nothing'), at('/chat/(.*)', 'chat')] },
          },
        ],
      },
    },
  ]);
  const [set] = resourcesOf(others).filter(({ kind }) => kind === 'StatefulSet');
  expect(JSON.stringify(set)).toContain('{"secretRef":{"name":"mine","optional":false}}');
});

test.each([
  ['ingres.host=example.com', "'ingres' not allowed"],
  ['volume.size=20', '/volume/size'],
  ['settings.CHASQUI_PORT=80', '/settings/CHASQUI_PORT'],
  ['settings.PORT=x', "'PORT'"],
  ['secrets.CHASQUI_JWT_SECRET=x,existingSecret=mine', 'give one of them'],
])('%s is refused by name', async (value, says) => {
  await expect(rendered('chasqui', value)).rejects.toThrow(says);
});
