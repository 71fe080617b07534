import type { ConversationId } from '@chasqui/domain';
import { type ChosenFault, type ChosenFile, withFiles } from '../../model/files/chosen-files.ts';
import { Store } from '../../store.ts';

export interface TrayState {
  files: readonly ChosenFile[];
  /** Why the last of them were not taken. */
  fault: ChosenFault | null;
}

const EMPTY: TrayState = { files: [], fault: null };

/** The files that were chosen in one conversation, and not sent yet. They are lost with the page. */
export class Tray extends Store<TrayState> {
  constructor() {
    super(EMPTY);
  }

  add(given: readonly File[]): void {
    if (given.length === 0) return;
    const { files, fault = null } = withFiles(this.get().files, given);
    this.set({ files, fault });
  }

  leaveOut(key: string): void {
    this.set({ files: this.get().files.filter((file) => file.key !== key), fault: null });
  }

  /** The files, which leave the tray. */
  take(): readonly ChosenFile[] {
    const { files } = this.get();
    this.set(EMPTY);
    return files;
  }
}

/** A tray for each conversation in which files were chosen. */
export class Trays {
  readonly #trays = new Map<ConversationId, Tray>();

  of(conversationId: ConversationId): Tray {
    const known = this.#trays.get(conversationId);
    if (known !== undefined) return known;
    // Those of other conversations that are empty are not needed.
    for (const [id, tray] of this.#trays) if (tray.get().files.length === 0) this.#trays.delete(id);
    const tray = new Tray();
    this.#trays.set(conversationId, tray);
    return tray;
  }
}
