import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { DEPLOY, textOf } from '../../deploy/files.ts';
import { createKubeconform, KUBERNETES_VERSIONS, type Kubeconform } from './kubeconform.ts';

let kubeconform: Kubeconform;
beforeAll(async () => {
  kubeconform = await createKubeconform();
});
afterAll(() => kubeconform[Symbol.asyncDispose]());

// A kustomization has no schema: it is not sent to the cluster.
const manifests = globSync('{kubernetes,one}/*.yaml', { cwd: DEPLOY })
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
