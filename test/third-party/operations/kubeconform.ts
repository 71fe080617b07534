import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runTool } from './run-tool.ts';

/** The oldest version of Kubernetes that deploy/README.md promises, and a recent one. */
export const KUBERNETES_VERSIONS = ['1.27', '1.33'];

/** Prints the folder of the Python package, without loading it. */
const LOCATE = `
import importlib.util, sys
spec = importlib.util.find_spec("kubernetes_validate")
print(spec.submodule_search_locations[0] if spec else sys.exit("pip install kubernetes-validate"))`;

/** What kubeconform says of a resource; null: nothing is wrong. */
export interface Checked {
  kind: string;
  name: string;
  fault: string | null;
}

export interface Kubeconform extends AsyncDisposable {
  /** All resources of the files, by the schemas of a version. A field that is in no schema is a fault. */
  conform(version: string, paths: readonly string[]): Promise<Checked[]>;
}

/** Uses the schemas that the package kubernetes-validate (PyPI) has, since kubeconform itself has none. */
export async function createKubeconform(): Promise<Kubeconform> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-schemas-'));
  for (const version of KUBERNETES_VERSIONS) await copySchemas(version, join(folder, version));
  return {
    async conform(version, paths) {
      const schemas = join(folder, version, '{{.ResourceKind}}{{.KindSuffix}}.json');
      const args = ['-strict', '-verbose', '-output', 'json', '-schema-location', schemas, ...paths];
      // It ends with 1 if something is wrong.
      const said = await promisify(execFile)('kubeconform', args).catch((error) => error);
      if (said.code === 'ENOENT') throw new Error('there is no kubeconform: .ci/run installs it');
      const { resources } = JSON.parse(said.stdout) as { resources: Said[] };
      return resources.map(({ kind, name, status, msg }) => ({
        kind,
        name,
        fault: status === 'statusValid' ? null : msg,
      }));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Said {
  kind: string;
  name: string;
  status: string;
  msg: string;
}

/** They refer to each other by addresses of the web; kubeconform finds what is in the same folder. */
async function copySchemas(version: string, folder: string): Promise<void> {
  const found = (await runTool('apt-get install python3', 'python3', ['-c', LOCATE])).trim();
  const source = join(found, 'kubernetes-json-schema', `v${version}.0-local-strict`);
  await mkdir(folder);
  for (const file of await readdir(source)) {
    const text = (await readFile(join(source, file), 'utf8')).replaceAll(
      '"/api/_definitions.json',
      '"_definitions.json',
    );
    const { $id: _, ...schema } = JSON.parse(text);
    await writeFile(join(folder, file), JSON.stringify(schema));
  }
}
