import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { DEPLOY, textOf } from '../../deploy/files.ts';
import { type Resource, resourcesOf } from '../../deploy/kubernetes.ts';
import { createKubeconform, KUBERNETES_VERSIONS, type Kubeconform } from './kubeconform.ts';
import { runTool } from './run-tool.ts';

let kubeconform: Kubeconform;
beforeAll(async () => {
  kubeconform = await createKubeconform();
});
afterAll(() => kubeconform[Symbol.asyncDispose]());

// A kustomization has no schema: it is not sent to the cluster.
const manifests = globSync('{kubernetes,kubernetes-classic,one}/*.yaml', { cwd: DEPLOY })
  .filter((path) => !path.endsWith('kustomization.yaml'))
  .map((path) => join(DEPLOY, path));

test.each(KUBERNETES_VERSIONS)('every manifest has the form that Kubernetes %s demands', async (version) => {
  const resources = await kubeconform.conform(version, manifests);
  expect(resources.length).toBeGreaterThan(25);
  expect(resources.filter(({ fault }) => fault !== null)).toEqual([]);
});

test('a misspelled field is noticed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-manifests-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const wrong = join(folder, 'wrong.yaml');
  await writeFile(wrong, textOf('one/kubernetes.yaml').replace('readinessProbe', 'readynessProbe'));
  const checked = await kubeconform.conform(KUBERNETES_VERSIONS[0] ?? '', [wrong]);
  const fault = expect.stringContaining('readynessProbe');
  expect(checked.filter((one) => one.fault !== null)).toEqual([{ kind: 'StatefulSet', name: 'chasqui', fault }]);
});

/** What kustomize makes of a folder, without the namespace that it adds. */
async function made(folder: string): Promise<Resource[]> {
  const text = await runTool('.ci/run installs it', 'kustomize', ['build', join(DEPLOY, folder)]);
  return parseAllDocuments(text).map((document) => {
    const { metadata, ...resource } = document.toJS() as Resource & { metadata: { namespace?: string } };
    const { namespace: _, ...own } = metadata;
    return { ...resource, metadata: own };
  });
}

const inOrder = (resources: readonly Resource[]) =>
  resources.toSorted((a, b) => `${a.kind} ${a.metadata.name}`.localeCompare(`${b.kind} ${b.metadata.name}`));

test('kustomize makes the manifests of both sets', async () => {
  expect(inOrder(await made('kubernetes'))).toEqual(inOrder(resourcesOf('kubernetes')));
  const classic = await made('kubernetes-classic');
  const api = classic.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'api');
  const probe = api?.spec.template?.spec.containers[0].readinessProbe as { httpGet: { path: string } };
  // No API pod leaves its Service because the one search index is away.
  expect(probe.httpGet.path).toBe('/healthz');
  probe.httpGet.path = '/readyz';
  expect(inOrder(classic)).toEqual(inOrder(resourcesOf('kubernetes-classic')));
});
