import { ImError } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import { upsertUser } from '../server/server-users.ts';
import { withoutPath } from './exported-picture.ts';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';
import { type LineOutcome, outcomesOf } from './line-outcomes.ts';

/** Users who are written in parallel. */
const AT_ONCE = 64;

/** Creates users without a password. Those who are there stay as they are: they may have changed their profile since. */
export function importUsers(context: ImportContext, lines: readonly LineOf<'user'>[]): Promise<LineOutcome[]> {
  // No webhook is told of what is imported.
  const quiet = { ...context, userEvents: { stored() {}, access() {}, async erased() {} } };
  return outcomesOf(lines, { key: ({ userId }) => userId, atOnce: AT_ONCE }, (line) => importUser(quiet, line));
}

async function importUser(
  context: ImportContext & Pick<ApiContext, 'userEvents'>,
  line: LineOf<'user'>,
): Promise<LineOutcome> {
  const { type: _, userId, avatar = '', ...others } = line;
  const fields = { ...others, avatar: withoutPath(avatar) };
  const [known] = await context.profiles.get([userId]);
  if (known != null) return 'repeated';
  try {
    await upsertUser(context, userId, fields);
    return 'imported';
  } catch (error) {
    if (ImError.from(error).retry !== 'never') throw error;
    return ImError.from(error);
  }
}
