/** Code in a place where a rule must refuse it, or where it must be allowed. */
export interface Canary {
  /** The file's path, from the root of the repository. */
  path: string;
  code: string;
}

/** Code that the linter must refuse: at least one for every line of "who may import whom" and of the core's habits. */
export const REFUSED: { [rule: string]: Canary[] } = {
  'lint/style/noRestrictedImports': [
    { path: 'libs/domain/src/a.ts', code: "import '@chasqui/protocol';" },
    { path: 'libs/domain/src/b.ts', code: "import 'node:fs';" },
    { path: 'libs/domain/src/c.ts', code: "import 'pino';" },
    {
      path: 'libs/domain/src/d.ts',
      code: "import type { Logger } from '../../kit/src/logger.ts';\nexport type { Logger };",
    },
    { path: 'libs/domain/src/e.ts', code: "export const later = () => import('@chasqui/kit');" },
    { path: 'libs/protocol/src/a.ts', code: "import '@chasqui/ports';" },
    { path: 'libs/protocol/src/b.ts', code: "import 'node:net';" },
    { path: 'libs/kit/src/a.ts', code: "import '@chasqui/ports';" },
    { path: 'libs/ports/src/a.ts', code: "import '@chasqui/kit';" },
    { path: 'libs/ports/src/b.ts', code: "import 'ioredis';" },
    { path: 'libs/contracts/src/a.ts', code: "import '@chasqui/memory';" },
    { path: 'libs/ports/src/c.ts', code: "import '@chasqui/contracts';" },
    { path: 'libs/engines/src/a.ts', code: "import '@chasqui/contracts';" },
    { path: 'apps/push/src/app.ts', code: "import '@chasqui/contracts';" },
    { path: 'libs/core/src/a.ts', code: "import '@chasqui/memory';" },
    { path: 'libs/core/src/b.ts', code: "import '@chasqui/client';" },
    { path: 'libs/core/src/c.ts', code: "import 'node:timers/promises';" },
    { path: 'libs/core/src/h.ts', code: "import { randomUUID } from 'node:crypto';\nexport { randomUUID };" },
    { path: 'libs/client/src/d.ts', code: "import { createHash } from 'node:crypto';\nexport { createHash };" },
    { path: 'libs/client/src/a.ts', code: "import '@chasqui/kit';" },
    { path: 'libs/adapters/grpc/src/a.ts', code: "import '@chasqui/core';" },
    { path: 'libs/adapters/redis/src/a.ts', code: "import '@chasqui/memory';" },
    { path: 'libs/adapters/embedded/src/a.ts', code: "import '@chasqui/grpc';" },
    { path: 'libs/adapters/memory/src/a.ts', code: "export * from '../../embedded/src/index.ts';" },
    { path: 'libs/app/src/a.ts', code: "import '@chasqui/app-connect/app';" },
    { path: 'libs/app/src/b.ts', code: "import '@chasqui/core';" },
    { path: 'apps/connect/src/send/a.ts', code: "import '@chasqui/embedded';" },
    { path: 'apps/connect/src/d.ts', code: "import '@chasqui/app';" },
    { path: 'apps/business/src/a.ts', code: "import '@chasqui/app/peers';" },
    { path: 'apps/connect/src/main.ts', code: "import '@chasqui/gateway';" },
    { path: 'apps/business/src/handlers/a.ts', code: "import '@chasqui/app-connect/core';" },
    { path: 'apps/api/src/app.ts', code: "import '@chasqui/app-connect/app';" },
    { path: 'apps/api/src/b.ts', code: "import '../../connect/src/app.ts';" },
    { path: 'apps/api/src/a.test.ts', code: "import '@chasqui/app-business';" },
    { path: 'libs/client/src/testing/a.ts', code: "export * from '../../../domain/src/index.ts';" },
    { path: 'libs/client/src/testing/deep/a.ts', code: "export * from '../../../../kit/src/index.ts';" },
    { path: 'apps/cli/src/commands/a.ts', code: "import '@chasqui/embedded';" },
    { path: 'apps/web/src/a.ts', code: "import '@chasqui/kit';" },
    {
      path: 'apps/connect/src/c.ts',
      code: "import process from 'node:process';\nexport const port = process.argv[2];",
    },
  ],
  'lint/style/noProcessEnv': [
    { path: 'apps/connect/src/config.ts', code: 'export const port = process.env.PORT;' },
    { path: 'libs/kit/src/b.ts', code: 'export const port = process.env.PORT;' },
    { path: 'apps/web/src/b.ts', code: 'export const port = process.env.PORT;' },
  ],
  'lint/style/noRestrictedGlobals': [
    { path: 'libs/domain/src/f.ts', code: 'setTimeout(() => {}, 1);' },
    { path: 'libs/core/src/d.ts', code: 'setInterval(() => {}, 1);' },
    { path: 'libs/core/src/e.ts', code: 'export const id = crypto.randomUUID();' },
    { path: 'libs/client/src/b.ts', code: 'setTimeout(() => {}, 1);' },
    { path: 'apps/connect/src/send/b.ts', code: 'setTimeout(() => {}, 1);' },
    { path: 'apps/business/src/handlers/b.ts', code: 'setImmediate(() => {});' },
  ],
  plugin: [
    { path: 'libs/domain/src/g.ts', code: 'export const at = Date.now();' },
    { path: 'libs/core/src/f.ts', code: 'export const dice = Math.random();' },
    { path: 'libs/core/src/g.ts', code: 'export const at = new Date();' },
    { path: 'libs/client/src/c.ts', code: 'export const at = { now: Date.now };' },
    { path: 'apps/connect/src/send/c.ts', code: 'export const at = Date.now();' },
    { path: 'apps/business/src/handlers/c.ts', code: 'globalThis.setTimeout(() => {}, 1);' },
    { path: 'libs/kit/src/timer-a.ts', code: 'setTimeout(async () => {}, 1);' },
    { path: 'libs/adapters/grpc/src/timer-b.ts', code: 'setInterval(async () => {\n  await 1;\n}, 1);' },
    {
      path: 'apps/connect/src/emitter-a.ts',
      code: "export const go = (a: import('node:events').EventEmitter) => a.on('b', async (c: number) => c);",
    },
    {
      path: 'test/emitter-b.ts',
      code: "export const go = (a: EventTarget) => a.addEventListener('b', async () => {}, { once: true });",
    },
  ],
  'lint/nursery/noFloatingPromises': [
    { path: 'libs/kit/src/floating-a.ts', code: 'async function late() {}\nexport const go = () => {\n  late();\n};' },
    {
      path: 'apps/connect/src/floating-b.ts',
      code: "import { late } from './late.ts';\nexport const go = () => {\n  late();\n};",
    },
    {
      path: 'libs/core/src/floating-c.ts',
      code: 'export const go = (far: { call(): Promise<void> }) => {\n  far.call().then(() => {});\n};',
    },
    {
      path: 'libs/adapters/redis/src/floating-d.ts',
      code: 'export const go = (far: { call(): Promise<void> }) => {\n  [1].map(() => far.call());\n};',
    },
    {
      path: 'apps/web/src/floating-e.ts',
      code: 'export class A {\n  async #b() {}\n  c() {\n    this.#b();\n  }\n}',
    },
    { path: 'test/floating-f.ts', code: 'async function late() {}\nexport const go = () => {\n  late();\n};' },
  ],
  'lint/nursery/noMisusedPromises': [
    {
      path: 'libs/kit/src/misused-a.ts',
      code: 'export const go = (list: number[]) => list.forEach(async (n) => {\n  await Promise.reject(n);\n});',
    },
    {
      path: 'apps/connect/src/misused-b.ts',
      code: 'async function late() {\n  return false;\n}\nexport const go = () => {\n  if (late()) throw new Error();\n};',
    },
  ],
  'lint/suspicious/noImportCycles': [
    { path: 'libs/kit/src/cycle-a.ts', code: "import { b } from './cycle-b.ts';\nexport const a = () => b;" },
    { path: 'libs/kit/src/cycle-b.ts', code: "import { a } from './cycle-a.ts';\nexport const b = () => a;" },
    { path: 'libs/kit/src/cycle-c.ts', code: "import type { D } from './cycle-d.ts';\nexport type C = D[];" },
    { path: 'libs/kit/src/cycle-d.ts', code: "import type { C } from './cycle-c.ts';\nexport type D = C | null;" },
  ],
};

/** Similar code that must pass: a rule that refuses everything would pass the tests above. */
export const ALLOWED: Canary[] = [
  { path: 'libs/domain/src/ok.ts', code: "export * from './clock.ts';" },
  {
    path: 'libs/domain/src/deep/ok.ts',
    code: "export * from '../clock.ts';\nexport const text = new Date(0).toISOString();",
  },
  { path: 'libs/domain/src/ok.test.ts', code: "import 'vitest';\nimport 'fast-check';" },
  { path: 'libs/protocol/src/ok.ts', code: "import '@chasqui/domain';\nimport 'typebox/compile';" },
  { path: 'libs/kit/src/ok.ts', code: "import '@chasqui/domain';\nimport 'pino';\nsetTimeout(() => {}, Date.now());" },
  { path: 'libs/ports/src/ok.ts', code: "import '@chasqui/domain';" },
  {
    path: 'libs/contracts/src/ok.ts',
    code: "import '@chasqui/domain';\nimport '@chasqui/ports';\nimport 'vitest';\nimport 'fast-check';",
  },
  {
    path: 'libs/core/src/ok.ts',
    code: "import '@chasqui/ports';\nimport '@chasqui/kit';\nimport { createHash } from 'node:crypto';\nexport { createHash };",
  },
  {
    path: 'libs/core/src/ok.test.ts',
    code: "import '@chasqui/memory';\nimport '@chasqui/contracts';\nexport const at = Date.now();",
  },
  { path: 'libs/client/src/ok.ts', code: "import '@chasqui/protocol';" },
  { path: 'libs/client/src/testing/ok.ts', code: "export * from '../ok.ts';" },
  {
    path: 'libs/client/src/deep/ok.test.ts',
    code: "import 'vitest';\nimport '@chasqui/memory';\nexport * from '../ok.ts';",
  },
  { path: 'libs/adapters/memory/src/ok.test.ts', code: "import '@chasqui/contracts';\nimport 'vitest';" },
  { path: 'libs/adapters/embedded/src/ok.ts', code: "import '@chasqui/memory';\nimport 'node:sqlite';" },
  { path: 'libs/app/src/ok.ts', code: "import '@chasqui/embedded';\nimport '@chasqui/engines';" },
  {
    path: 'apps/connect/src/app.ts',
    code: "import '@chasqui/app/peers';\nimport '@chasqui/embedded';\nimport '@chasqui/core';",
  },
  { path: 'apps/engine/src/main.ts', code: 'export const port = process.env.PORT;' },
  { path: 'apps/cli/src/app.ts', code: "import '@chasqui/app-connect/app';\nimport '@chasqui/embedded';" },
  { path: 'apps/cli/src/commands/ok.ts', code: "import '@chasqui/app-connect/app';" },
  { path: 'apps/connect/src/late.ts', code: 'export async function late(): Promise<void> {}' },
  {
    path: 'libs/kit/src/handled.ts',
    code: 'const late = async () => {};\nsetTimeout(() => void late().catch(() => {}), 1);\nexport const done = late();',
  },
  { path: 'apps/web/src/ok.ts', code: "import '@chasqui/client';\nimport 'react';\nexport const at = Date.now();" },
];
