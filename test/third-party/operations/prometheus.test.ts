import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEPLOY, textOf } from '../../deploy/files.ts';
import { runTool } from './run-tool.ts';

/** Debian's package `prometheus` has it. */
const promtool = (...args: string[]) => runTool('apt-get install prometheus', 'promtool', args);

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-prometheus-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('Prometheus reads its settings and the rules, as deploy/README.md says', async () => {
  const [, file = ''] = /^promtool check config (\S+)$/m.exec(textOf('README.md')) ?? [];
  expect(await promtool('check', 'config', join(DEPLOY, '..', file))).toMatch(/SUCCESS: \d\d rules found/);
});

test('Prometheus reads its settings for other targets, those of processes and of Kubernetes', async () => {
  const processes = textOf('monitoring/prometheus.yml')
    .replace(/ {6}- targets.*/, '')
    .replace(/# (?= {4}- targets)/, '');
  expect(processes).toContain("\n      - targets: ['connect-1:4401'");
  await checkSettings(processes);
  // Debian's Prometheus is built without the discovery of pods.
  const discovery = /kubernetes_sd_configs:\n( {6}.*\n)+/;
  expect(textOf('monitoring/prometheus-kubernetes.yml')).toMatch(discovery);
  await checkSettings(textOf('monitoring/prometheus-kubernetes.yml').replace(discovery, 'static_configs: []\n'));
});

async function checkSettings(settings: string): Promise<void> {
  const folder = await newFolder();
  await writeFile(join(folder, 'prometheus.yml'), settings);
  await copyFile(join(DEPLOY, 'monitoring/alerts.yml'), join(folder, 'alerts.yml'));
  expect(await promtool('check', 'config', join(folder, 'prometheus.yml'))).toMatch(/SUCCESS: \d\d rules found/);
}

test('alerts fire when they should, and no others with them', async () => {
  const files = ['alerts.test.yml', 'alerts-of-days.test.yml'].map((name) => join(import.meta.dirname, name));
  expect((await promtool('test', 'rules', ...files)).match(/SUCCESS/g)).toHaveLength(files.length);
});

test('Prometheus understands every expression of the dashboard', async () => {
  const { panels } = JSON.parse(textOf('monitoring/dashboard.json')) as { panels: { targets: { expr: string }[] }[] };
  const expressions = panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')),
  );
  expect(expressions.length).toBeGreaterThan(30);
  const folder = await newFolder();
  const rules = expressions.map((expr, at) => ({ record: `panel:${at}`, expr }));
  // JSON is YAML too.
  await writeFile(join(folder, 'panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
  expect(await promtool('check', 'rules', join(folder, 'panels.yml'))).toContain(`${rules.length} rules found`);
});
