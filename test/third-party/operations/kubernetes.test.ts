import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEPLOY, textOf } from '../../deploy/files.ts';
import { runTool } from './run-tool.ts';

/** The oldest version that deploy/README.md promises, and a recent one. */
const VERSIONS = ['1.27', '1.33'];

type Checked = [kind: string, name: string, fault: string | null];

/** Without its package (PyPI: kubernetes-validate) this fails with Python's own words. */
async function checked(version: string, ...paths: string[]): Promise<Checked[]> {
  const script = join(import.meta.dirname, 'manifests.py');
  return JSON.parse(await runTool('python3', 'python3', [script, version, ...paths]));
}

// A kustomization has no schema: it is not sent to the cluster.
const manifests = globSync('{kubernetes,one}/*.yaml', { cwd: DEPLOY })
  .filter((path) => !path.endsWith('kustomization.yaml'))
  .map((path) => join(DEPLOY, path));

test.each(VERSIONS)('every manifest has the form that Kubernetes %s demands', async (version) => {
  const resources = await checked(version, ...manifests);
  expect(resources.length).toBeGreaterThan(25);
  expect(resources.filter(([, , fault]) => fault !== null)).toEqual([]);
});

test('a misspelled field is noticed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-manifests-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const wrong = join(folder, 'wrong.yaml');
  await writeFile(wrong, textOf('one/kubernetes.yaml').replace('readinessProbe', 'readynessProbe'));
  const faults = (await checked(VERSIONS[0] ?? '', wrong)).filter(([, , fault]) => fault !== null);
  expect(faults).toEqual([['StatefulSet', 'chasqui', expect.stringContaining('readynessProbe')]]);
});
