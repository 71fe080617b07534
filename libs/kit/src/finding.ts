import { ImError } from '@chasqui/domain';

/** What an examination says of something: that it is well, or not. */
export interface Finding {
  ok: boolean;
  what: string;
  /** How to mend it, or what to know. */
  hint?: string;
}

/** A check that fails is a finding, with what the error says. Never rejects. */
export async function found(what: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { ok: false, what, hint: ImError.from(error).message };
  }
}
