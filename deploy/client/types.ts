import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from '@microsoft/api-extractor';
import { ENTRIES } from './entries.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Writes the types of the client library: those of `index` into one file without imports, those of the other entry points
 * beside it. Errors: when a type that the API mentions is not exported, so that applications could not name it.
 */
export function writeTypes(target: string): void {
  const file = join(target, 'index.d.ts');
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-client-types-'));
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '--project', join(import.meta.dirname, 'tsconfig.json'), '--outDir', folder], {
      stdio: ['ignore', 2, 2],
    });
    const { succeeded } = Extractor.invoke(extractorConfig(folder, file), {
      localBuild: true,
      messageCallback: (message) => {
        // The rest is what the library's comments could say in the tags of TSDoc.
        if (message.messageId !== 'ae-forgotten-export') message.logLevel = ExtractorLogLevel.None;
      },
    });
    if (!succeeded) throw new Error('the types of the client library could not be written');
    // For applications with older targets: `using client` needs `Disposable`.
    writeFileSync(file, `/// <reference lib="esnext.disposable" />\n${readFileSync(file, 'utf8')}`);
    for (const [entry, source] of Object.entries(ENTRIES)) {
      if (entry !== 'index') writeFileSync(join(target, `${entry}.d.ts`), typesOf(join(folder, 'client/src', source)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What these modules mention of the library is exported by `index`. */
function typesOf(source: string): string {
  const types = readFileSync(source.replace(/\.ts$/, '.d.ts'), 'utf8').replaceAll(
    /'\.\.?\/(?:storing\/)?(?:bounds|channel|client|leadership|options|parts|store|uploads)\.ts'/g,
    "'./index.js'",
  );
  if (/from '(?!\.\/index\.js')/.test(types))
    throw new Error(`the types of ${source} mention what applications cannot import`);
  return types;
}

function extractorConfig(folder: string, file: string): ExtractorConfig {
  const configObject: IConfigFile = {
    projectFolder: folder,
    mainEntryPointFilePath: join(folder, 'client/src/index.d.ts'),
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          module: 'nodenext',
          target: 'esnext',
          lib: ['esnext', 'dom'],
          types: [],
          skipLibCheck: true,
          paths: { '@chasqui/*': [join(folder, '*/src/index.d.ts')] },
        },
        files: [join(folder, 'client/src/index.d.ts')],
      },
    },
    dtsRollup: { enabled: true, untrimmedFilePath: file },
    apiReport: { enabled: false, reportFileName: 'client.api.md' },
    docModel: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: 'lf',
    messages: { extractorMessageReporting: { 'ae-forgotten-export': { logLevel: ExtractorLogLevel.Error } } },
  };
  return ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'libs/client/package.json'),
  });
}
