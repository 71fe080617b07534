import type { JsonSchema } from '@chasqui/protocol/schema-document';

interface Media {
  schema?: JsonSchema;
  example?: unknown;
  examples?: unknown;
}

type Body = { content?: { [type: string]: Media } };

interface Described {
  paths?: { [path: string]: object };
  components?: { schemas?: { [name: string]: JsonSchema } };
}

/** Texts that say more than the schema does, by the name of their field. */
const TEXTS: { readonly [field: string]: string } = {
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2ln',
  actor: 'root',
  app: 'com.example.chat',
  avatar: 'https://pictures.example/ana.png',
  cursor: 'e1~42',
  detail: '{}',
  displayName: 'Ana',
  entryId: '019ad3f2c1b0000000000777',
  keyId: '9f86d081884c7d65',
  language: 'en',
  linkId: 'q3Zk8sVd0LrT5yWx2HfB1g',
  locale: 'en',
  missing: 'search',
  node: 'node-1',
  nodeId: 'node-1',
  pictureId: '9f86d081884c7d659a2feaa0c55ad015',
  platform: 'web',
  preview: 'hello, bob',
  refreshToken: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEiLCJ1c2UiOiJyZWZyZXNoIn0.c2ln',
  text: 'hello, bob',
  timestamp: '2026-01-01T00:00:00.000Z',
  wsUrl: 'wss://chat.example/ws',
};

/** Gives each request and each successful answer of an OpenAPI document an example, made from the schemas, unless it has one. */
export function addExamples({ paths = {}, components = {} }: Described): void {
  const named = components.schemas ?? {};
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const { requestBody, responses = {} } = operation as { requestBody?: Body; responses?: { [status: string]: Body } };
    const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    for (const { content = {} } of [requestBody ?? {}, ...answers.map(([, answer]) => answer)]) {
      for (const [type, media] of Object.entries(content)) {
        if (type !== 'application/json' || media.schema === undefined || 'example' in media || 'examples' in media)
          continue;
        media.example = exampleOf(media.schema, named);
      }
    }
  }
}

/**
 * A value of a schema: its first `examples` if it says some, else what it allows, with optional fields only where none is
 * required. `named`: the schemas that `$ref` means; `field`: its name.
 */
function exampleOf(schema: JsonSchema, named: { [name: string]: JsonSchema }, field = ''): unknown {
  const { $ref, examples, const: only, enum: some, anyOf, oneOf, allOf, type } = schema as Parts;
  if (examples !== undefined) return examples[0];
  if ($ref !== undefined) return exampleOf(named[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}, named, field);
  if (only !== undefined) return only;
  const choice = anyOf?.[0] ?? oneOf?.[0];
  if (choice !== undefined) return exampleOf(choice, named, field);
  if (allOf !== undefined) return Object.assign({}, ...allOf.map((part) => exampleOf(part, named)));
  if (some !== undefined) return some[0];
  if (type === 'object') return exampleObject(schema, named);
  if (type === 'array') return exampleArray(schema, named, field);
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return (schema as Parts).minimum ?? 1;
  return type === 'string' ? (TEXTS[field] ?? 'text') : null;
}

interface Parts {
  $ref?: string;
  examples?: readonly unknown[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
  type?: string;
  properties?: { [name: string]: JsonSchema };
  required?: readonly string[];
  items?: JsonSchema;
  minItems?: number;
  minimum?: number;
}

function exampleObject(schema: Parts, named: { [name: string]: JsonSchema }): object {
  const { properties = {}, required = [] } = schema;
  const shown = required.length > 0 ? required : Object.keys(properties);
  return Object.fromEntries(shown.map((name) => [name, exampleOf(properties[name] ?? {}, named, name)]));
}

function exampleArray(
  { items = {}, minItems = 1 }: Parts,
  named: { [name: string]: JsonSchema },
  field: string,
): unknown[] {
  return Array.from({ length: Math.max(1, minItems) }, () => exampleOf(items, named, field));
}
