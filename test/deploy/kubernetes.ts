import { yamlOf, yamlsOf } from './files.ts';

export type Labels = Record<string, string>;

export interface Container {
  name: string;
  image: string;
  envFrom?: ({ configMapRef: object } | { secretRef: object })[];
  env?: { name: string; value?: string }[];
  ports?: { name: string; containerPort: number }[];
  lifecycle?: { preStop: { exec: { command: string[] } } };
  [probe: string]: unknown;
}

export interface Resource {
  kind: string;
  metadata: { name: string; annotations?: Labels };
  data?: Labels;
  stringData?: Labels;
  spec: {
    replicas?: number;
    selector?: { matchLabels?: Labels } & Labels;
    scaleTargetRef?: { kind: string; name: string };
    ports?: { name: string; port: number; targetPort?: string }[];
    podSelector?: { matchLabels?: Labels };
    ingress?: { from: { podSelector: { matchExpressions: { values: string[] }[] } }[] }[];
    rules?: { http: { paths: { path: string; backend: { service: { name: string; port: { name: string } } } }[] } }[];
    template?: {
      metadata: { labels: Labels; annotations?: Labels };
      spec: { terminationGracePeriodSeconds: number; containers: [Container] };
    };
  };
}

export type KubernetesSet = 'kubernetes' | 'kubernetes-classic';

const listedIn = (folder: string) => yamlOf<{ resources: string[] }>(`${folder}/kustomization.yaml`).resources;

/** What the kustomization of a set makes, but for its patch of a probe (`test/third-party/operations`). */
export function resourcesOf(set: KubernetesSet): Resource[] {
  const large = listedIn('kubernetes').flatMap((path) => yamlsOf<Resource>(`kubernetes/${path}`));
  if (set === 'kubernetes') return large;
  const own = listedIn(set).filter((path) => !path.startsWith('..'));
  const config = yamlOf<Resource>(`${set}/config.yaml`);
  const { $patch: _, ...data } = config.data ?? {};
  return [
    ...large.map((one) => (one.kind === 'ConfigMap' ? { ...one, data } : one)),
    ...own.flatMap((path) => yamlsOf<Resource>(`${set}/${path}`)),
  ];
}
