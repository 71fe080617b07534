import { mkdtemp, rm } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A program for telemetry-off.test.ts: starts and stops every app, and prints which packages of OpenTelemetry's SDK
// were loaded. Packages that other libraries load themselves are excluded.

const SDK = /@opentelemetry\/(sdk-trace|sdk-metrics|resources|exporter-[a-z-]+)\//;
const loaded = new Set<string>();
registerHooks({
  load(url, context, next) {
    const name = SDK.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});

const { startCluster } = await import('@chasqui/app-cli/cluster');
const { silentLogger } = await import('@chasqui/kit');
const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-test-'));
const [endpoint = ''] = process.argv.slice(2);
const env = { CHASQUI_DATA_DIR: dataDir, CHASQUI_LOG_LEVEL: 'silent', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
const cluster = await startCluster({ env, nodes: 1, port: 0, logger: silentLogger });
await cluster[Symbol.asyncDispose]();
await rm(dataDir, { recursive: true });
process.stdout.write(`${JSON.stringify([...loaded].sort())}\n`);
