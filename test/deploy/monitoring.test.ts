import { beforeAll, describe, expect, test } from 'vitest';
import { exposedMetrics } from './exposed-metrics.ts';
import { textOf, yamlOf, yamlsOf } from './files.ts';

interface Alerts {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string; action: string } }[] }[];
}
interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

const rules = yamlOf<Alerts>('monitoring/alerts.yml').groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(textOf('monitoring/dashboard.json')) as Dashboard;
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** The metrics that an expression or a page names; `up` is Prometheus's own. */
const metricsIn = (text: string) => text.match(/\b(chasqui|nodejs|process)_[a-z0-9_]+/g) ?? [];
const OPERATIONS = '../docs/operations.md';

let exposed: Record<string, string>;
/** Every series, by the names that queries use. */
const series = () => {
  const kinds = Object.values(exposed).flatMap((text) => [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)]);
  return new Set(
    kinds.flatMap(([, name = '', kind]) =>
      kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
    ),
  );
};

describe('monitoring', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    exposed = await exposedMetrics();
  }, 60_000);

  test('every app says who it is and how it is', () => {
    expect(Object.keys(exposed).toSorted()).toEqual(['api', 'business', 'connect', 'datasync', 'hooks', 'push']);
    for (const [app, text] of Object.entries(exposed)) expect(text, app).toContain(`app="${app}"`);
  });

  test.each(expressions)('%s: each metric is one that an app exposes', (_, expression) => {
    const names = metricsIn(expression);
    if (!expression.startsWith('up{')) expect(names).not.toEqual([]);
    for (const name of names) expect(series(), name).toContain(name);
  });

  test('each metric of its own is on the dashboard, in an alert or in operations.md', () => {
    const shown = [...expressions.map(([, expression]) => expression), textOf(OPERATIONS)].flatMap(metricsIn);
    const names = Object.values(exposed).flatMap((text) => text.match(/(?<=^# TYPE )chasqui_\S+/gm) ?? []);
    expect(names.length).toBeGreaterThan(50);
    const isShown = (name: string) => shown.some((one) => one === name || one.startsWith(`${name}_`));
    expect(new Set(names.filter((name) => !isShown(name)))).toEqual(new Set());
  });

  test("each metric that operations.md or an alert's advice names is exposed", () => {
    const advice = rules.map(({ annotations }) => annotations.action).join();
    const named = metricsIn(textOf(OPERATIONS) + advice).filter((name) => name.startsWith('chasqui_'));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !series().has(name))).toEqual([]);
  });

  test('the autoscaler counts by a metric that Connect exposes', () => {
    const metrics = yamlsOf<{ spec?: { metrics?: { pods?: { metric: { name: string } } }[] } }>(
      'kubernetes/connect.yaml',
    )
      .flatMap(({ spec }) => spec?.metrics ?? [])
      .flatMap(({ pods }) => (pods === undefined ? [] : [pods.metric.name]));
    expect(metrics).not.toEqual([]);
    for (const name of metrics) expect(exposed.connect).toContain(`# TYPE ${name} gauge`);
  });
});

test('every alert says what is wrong and what to do', () => {
  for (const { alert, annotations } of rules) {
    expect(annotations.summary, alert).toBeTruthy();
    expect(annotations.action, alert).toBeTruthy();
  }
});

test.each(['prometheus.yml', 'prometheus-kubernetes.yml'])('%s reads the rules, which name its job', (file) => {
  const settings = yamlOf<{ rule_files: string[]; scrape_configs: { job_name: string }[] }>(`monitoring/${file}`);
  expect(settings.rule_files).toEqual(['alerts.yml']);
  expect(settings.scrape_configs.map(({ job_name }) => job_name)).toEqual(['chasqui']);
});
