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

/** The metrics that an expression names; `up` is Prometheus's own. */
const metricsIn = (expression: string) => expression.match(/\b(chasqui|nodejs|process)_[a-z0-9_]+/g) ?? [];

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

test('Prometheus reads the rules', () => {
  expect(yamlOf<{ rule_files: string[] }>('monitoring/prometheus.yml').rule_files).toEqual(['alerts.yml']);
});
