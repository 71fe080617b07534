import { setImmediate as turn } from 'node:timers/promises';
import { ImError } from '@chasqui/domain';
import { publicFault } from '@chasqui/protocol';
import { GroupImport } from './group-import.ts';
import type { ImportContext } from './import-context.ts';
import { importFiles } from './import-files.ts';
import { importHides } from './import-hides.ts';
import type { ImportLine, LineType } from './import-lines.ts';
import { ImportMarks } from './import-marks.ts';
import { importReactions } from './import-reactions.ts';
import { importUsers } from './import-users.ts';
import type { LineOutcome } from './line-outcomes.ts';
import { MessageImport } from './message-import.ts';
import { linesOf, parseImportLine } from './parse-lines.ts';

/** Lines of one type that are imported together. */
const BATCH = 2_000;
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
  const handlers: { [T in Exclude<LineType, 'message'>]: (lines: never[]) => Promise<LineOutcome[]> } = {
    user: (lines) => importUsers(context, lines),
    group: (lines) => groups.change(lines),
    members: (lines) => groups.change(lines),
    file: (lines) => importFiles(context, lines),
    hide: async (lines) => {
      await messages.finish();
      return importHides(context, lines);
    },
    reaction: async (lines) => {
      await messages.finish();
      return importReactions(context, lines);
    },
    read: async (lines) => {
      await messages.finish();
      return marks.read(lines);
    },
  };
  /** Begins with what writes nothing. */
  const begun = (type: LineType, lines: never[]): (() => Promise<LineOutcome[]>) => {
    if (type !== 'message') return () => handlers[type](lines);
    const prepared = messages.prepare(lines, stopAtError);
    prepared.catch(() => {});
    return async () => messages.store(await prepared);
  };
  const fail = (line: number, error: ImError) => report.errors.push({ line, ...publicFault(error) });
  const note = (batch: readonly Numbered[], outcomes: readonly LineOutcome[]): void => {
    for (const [place, outcome] of outcomes.entries()) {
      if (outcome instanceof ImError) fail((batch[place] as Numbered).number, outcome);
      else report[outcome]++;
    }
  };
  const maxErrors = stopAtError ? 1 : MAX_ERRORS;
  const isFullBefore = (line: number): boolean =>
    report.errors.filter((error) => error.line < line).length >= maxErrors;

  // Messages are stored while the lines behind them are read.
  let storing: Promise<void> = Promise.resolve();
  let unread: number | undefined;
  const flush = async (batch: readonly Numbered[]): Promise<void> => {
    const [first] = batch;
    if (first === undefined || unread !== undefined) return;
    const start = begun(first.line.type, batch.map(({ line }) => line) as never[]);
    await storing;
    if (isFullBefore(first.number)) {
      unread = first.number;
      return;
    }
    storing = start().then((outcomes) => note(batch, outcomes));
    if (first.line.type !== 'message') await storing;
    else storing.catch(() => {});
  };

  let batch: Numbered[] = [];
  let number = from;
  for (const bytes of linesOf(text)) {
    if ((number - from) % TURN === TURN - 1) await turn();
    if (bytes.length === 0) {
      number++;
      continue;
    }
    const line = parsed(bytes);
    const isOther = !(line instanceof ImError) && batch[0]?.line.type !== line.type;
    if (batch.length === BATCH || isOther || (stopAtError && line instanceof ImError)) {
      await flush(batch);
      batch = [];
    }
    if (unread !== undefined || report.errors.length >= maxErrors) break;
    if (line instanceof ImError) fail(number, line);
    else batch.push({ number, line });
    if (stopAtError && line instanceof ImError) break;
    number++;
  }
  await flush(batch);
  await storing;
  await messages.finish();
  await marks.finish();
  await groups.finish();
  report.next = unread ?? number;
  if (unread !== undefined) report.errors = report.errors.filter(({ line }) => line < report.next);
  report.errors.sort((a, b) => a.line - b.line);
  const [first] = report.errors;
  if (stopAtError && first !== undefined) report.next = first.line;
  return report;
}

function parsed(bytes: Uint8Array): ImportLine | ImError {
  try {
    return parseImportLine(bytes);
  } catch (error) {
    return ImError.from(error);
  }
}
