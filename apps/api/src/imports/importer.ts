import { setImmediate as turn } from 'node:timers/promises';
import { ImError } from '@chasqui/domain';
import { publicFault } from '@chasqui/protocol';
import { GroupImport } from './group-import.ts';
import type { ImportContext } from './import-context.ts';
import { type ImportLine, type LineType, linesOf, parseImportLine } from './import-lines.ts';
import { ImportMarks } from './import-marks.ts';
import { importUsers } from './import-users.ts';
import type { LineOutcome } from './line-outcomes.ts';
import { MessageImport } from './message-import.ts';

/** Lines of one type that are imported together. */
const BATCH = 1_000;
/** Errors in one answer; an import stops behind the batch that reaches them. */
const MAX_ERRORS = 1_000;
/** Lines that are read in one turn of the event loop. */
const TURN = 500;

export interface ImportReport {
  /** The number of the line to go on with: behind the last one given, or sooner, if `MAX_ERRORS` lines are wrong. */
  next: number;
  /** Lines that changed something. */
  imported: number;
  /** Lines that had been imported before. */
  repeated: number;
  /** The lines that were not imported, and why. */
  errors: ({ line: number } & ReturnType<typeof publicFault>)[];
}

interface Numbered {
  number: number;
  line: ImportLine;
}

/**
 * Imports lines in their order. All of it may be repeated: what is there stays as it is. Errors: those of the engines;
 * then it is unknown which of the lines were imported.
 */
export async function importLines(
  context: ImportContext,
  text: Uint8Array,
  { from, stopAtError }: { from: number; stopAtError: boolean },
): Promise<ImportReport> {
  const report: ImportReport = { next: from, imported: 0, repeated: 0, errors: [] };
  const marks = new ImportMarks(context);
  const groups = new GroupImport(context);
  const messages = new MessageImport(context, marks);
  const handlers: { [T in LineType]: (lines: never[]) => Promise<LineOutcome[]> } = {
    user: (lines) => importUsers(context, lines),
    group: (lines) => groups.change(lines),
    members: (lines) => groups.change(lines),
    message: (lines) => messages.add(lines, stopAtError),
    read: async (lines) => {
      await messages.finish();
      return marks.read(lines);
    },
  };
  const fail = (line: number, error: ImError) => report.errors.push({ line, ...publicFault(error) });
  const flush = async (batch: Numbered[]): Promise<void> => {
    const [first] = batch;
    if (first === undefined) return;
    const outcomes = await handlers[first.line.type](batch.map(({ line }) => line) as never[]);
    for (const [place, outcome] of outcomes.entries()) {
      if (outcome instanceof ImError) fail((batch[place] as Numbered).number, outcome);
      else report[outcome]++;
    }
    batch.length = 0;
  };

  const batch: Numbered[] = [];
  let number = from;
  for (const bytes of linesOf(text)) {
    if ((number - from) % TURN === TURN - 1) await turn();
    if (bytes.length === 0) {
      number++;
      continue;
    }
    const line = parsed(bytes);
    const isOther = !(line instanceof ImError) && batch[0]?.line.type !== line.type;
    if (batch.length === BATCH || isOther || (stopAtError && line instanceof ImError)) await flush(batch);
    if (report.errors.length >= (stopAtError ? 1 : MAX_ERRORS)) break;
    if (line instanceof ImError) fail(number, line);
    else batch.push({ number, line });
    if (stopAtError && line instanceof ImError) break;
    number++;
  }
  await flush(batch);
  await messages.finish();
  await marks.finish();
  await groups.finish();
  report.errors.sort((a, b) => a.line - b.line);
  const [first] = report.errors;
  report.next = stopAtError && first !== undefined ? first.line : number;
  return report;
}

function parsed(bytes: Uint8Array): ImportLine | ImError {
  try {
    return parseImportLine(bytes);
  } catch (error) {
    return ImError.from(error);
  }
}
