import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../../cluster/cluster.ts';
import { installPythonGenerator, installTools, runTool } from './tools.ts';

let cluster: TestCluster;
let tools: string;
/** Holds the two documents, and what is generated from them. */
let folder: string;

beforeAll(async () => {
  tools = await installTools();
  cluster = await startTestCluster({ nodes: 1 });
  folder = join(cluster.dataDir, 'languages');
  await mkdir(folder);
  for (const [file, path] of [
    ['openapi.json', '/api/docs/json'],
    ['asyncapi.json', '/api/docs/asyncapi.json'],
  ] as const) {
    const answer = await fetch(`${cluster.running.url}${path}`);
    await writeFile(join(folder, file), await answer.text());
  }
}, 360_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const bin = (path: string) => join(tools, 'node_modules', path);

describe('the API for programs in other languages', () => {
  it('the AsyncAPI document of the WebSocket protocol parses without errors', async () => {
    const { Parser, fromFile } = createRequire(join(tools, 'package.json'))('@asyncapi/parser');
    const { document, diagnostics } = await fromFile(new Parser(), join(folder, 'asyncapi.json')).parse();
    const serious = diagnostics.filter(({ severity }: { severity: number }) => severity < 2);
    expect(serious).toEqual([]);
    expect(document.allMessages().length).toBeGreaterThan(30);
  }, 120_000);

  it("the OpenAPI document keeps Redocly's recommended rules, and its examples are valid", async () => {
    const args = [bin('@redocly/cli/bin/cli.js'), 'lint', '--extends=recommended', '--format=stylish', 'openapi.json'];
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' };
    const said = await runTool(process.execPath, args, { cwd: folder, env });
    expect(said).toContain('is valid');
    expect(said).not.toMatch(/warning|error/i);
  }, 240_000);

  it('openapi-typescript generates types that compile, and a call with them is answered', async () => {
    const generator = bin('openapi-typescript/bin/cli.js');
    await runTool(process.execPath, [generator, 'openapi.json', '--output', 'api.ts'], { cwd: folder });
    await writeFile(join(folder, 'call.ts'), TYPESCRIPT_CALL);
    const paths = { 'openapi-fetch': [bin('openapi-fetch/dist/index.d.mts')] };
    const compilerOptions = { strict: true, noEmit: true, module: 'esnext', moduleResolution: 'bundler', paths };
    const config = { compilerOptions: { ...compilerOptions, target: 'es2022', types: [] }, files: ['call.ts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');
    await runTool(process.execPath, [tsc, '--project', folder], { cwd: folder });
    const { call } = await import(join(folder, 'call.ts'));
    const { default: createClient } = await import(bin('openapi-fetch/dist/index.mjs'));
    const client = createClient({ baseUrl: cluster.running.url });
    expect(await call(client, await cluster.token('tess'))).toEqual({ userId: 'tess', group: 'Typed' });
  }, 240_000);

  it('openapi-python-client generates a package that makes a call', async () => {
    const env = { ...process.env, PYTHONPATH: await installPythonGenerator() };
    await writeFile(join(folder, 'config.yml'), 'post_hooks: []\n');
    const args = ['-m', 'openapi_python_client', 'generate', '--path', 'openapi.json', '--meta', 'none'];
    const said = await runTool('python3', [...args, '--config', 'config.yml', '--output-path', 'chasqui_api'], {
      cwd: folder,
      env,
    });
    // It knows no bodies that are pictures, files or lines of JSON, and leaves those out.
    expect(said.match(/WARNING parsing (?!.*(?:moments|pictures|attachments|import|export))/g) ?? []).toEqual([]);
    expect(said).not.toContain('Unable to process schema');
    await writeFile(join(folder, 'call.py'), PYTHON_CALL);
    const answer = await runTool('python3', ['call.py', cluster.running.url, await cluster.token('pia')], {
      cwd: folder,
      env,
    });
    expect(JSON.parse(answer)).toEqual({ userId: 'pia', group: 'Pythons', refused: 403 });
  }, 360_000);
});

const TYPESCRIPT_CALL = `
import type { Client } from 'openapi-fetch';
import type { paths } from './api';

export async function call(client: Client<paths>, token: string) {
  const headers = { authorization: 'Bearer ' + token };
  const me = await client.GET('/api/users/me', { headers });
  const made = await client.POST('/api/groups', { headers, body: { name: 'Typed', members: [] } });
  if (me.data === undefined || made.data === undefined) throw new Error(JSON.stringify([me.error, made.error]));
  return { userId: me.data.userId, group: made.data.group.name };
}
`;

const PYTHON_CALL = `
import json, sys
from chasqui_api import AuthenticatedClient
from chasqui_api.api.groups import create_group, read_group
from chasqui_api.api.users import read_me
from chasqui_api.models import CreateGroupBody

client = AuthenticatedClient(base_url=sys.argv[1], token=sys.argv[2])
me = read_me.sync(client=client)
made = create_group.sync(client=client, body=CreateGroupBody(name='Pythons', members=[]))
refused = read_group.sync_detailed('no-such-group', client=client)
print(json.dumps({'userId': me.user_id, 'group': made.group.name, 'refused': int(refused.status_code)}))
`;
