import { ImError } from '@chasqui/client';
import { type DragEvent, useEffect, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { texts } from '../../i18n/index.ts';
import { squarePicture } from '../../model/square-picture.ts';
import { Avatar, type AvatarProps } from '../avatar.tsx';
import { Icon } from '../icon.tsx';

export interface PictureSettingProps extends Pick<AvatarProps, 'id' | 'name' | 'picture' | 'isGroup'> {
  /** There is one that can be taken away. */
  isSet: boolean;
  hint: string;
  /** Null: it is taken away. */
  save: (picture: Blob | null) => Promise<unknown>;
}

interface Chosen {
  blob: Blob;
  address: string;
}

/** The picture of the user or of a group: chosen or dropped, looked at, then saved. */
export function PictureSetting({ isSet, hint, save, ...shown }: PictureSettingProps) {
  const { busy, error, setError, run } = useAction();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [over, setOver] = useState(false);
  const { people: words } = texts;
  useEffect(() => () => void (chosen && URL.revokeObjectURL(chosen.address)), [chosen]);

  async function choose(file: File | undefined): Promise<void> {
    if (file === undefined || busy) return;
    setError('');
    const blob = await squarePicture(file);
    if (blob === null) setError(words.noPicture);
    else setChosen({ blob, address: URL.createObjectURL(blob) });
  }

  async function set(picture: Blob | null): Promise<void> {
    let problem = '';
    const isDone = await run(() =>
      save(picture).catch((cause: unknown) => {
        problem = problemOf(cause);
        throw cause;
      }),
    );
    if (problem !== '') setError(problem);
    if (isDone) setChosen(null);
  }

  function dropped(event: DragEvent<HTMLElement>): void {
    event.preventDefault();
    setOver(false);
    void choose(event.dataTransfer.files[0]);
  }

  return (
    <fieldset
      className="picture-setting"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
      data-testid="picture-setting"
    >
      <legend className="unseen">{words.picture}</legend>
      {chosen === null ? (
        <Avatar {...shown} />
      ) : (
        <span className="avatar" data-group={shown.isGroup}>
          <img src={chosen.address} alt={words.newPicture} data-testid="picture-preview" />
        </span>
      )}
      <div className="picture-actions">
        <label className="button">
          <Icon name="picture" />
          {words.choosePicture}
          <input
            type="file"
            accept="image/*"
            className="unseen"
            disabled={busy}
            onChange={({ currentTarget }) => {
              void choose(currentTarget.files?.[0]);
              currentTarget.value = '';
            }}
            data-testid="picture-file"
          />
        </label>
        {chosen !== null && (
          <>
            <button
              type="button"
              className="button primary"
              disabled={busy}
              onClick={() => void set(chosen.blob)}
              data-testid="picture-save"
            >
              {words.savePicture}
            </button>
            <button type="button" className="button" disabled={busy} onClick={() => setChosen(null)}>
              {texts.cancel}
            </button>
          </>
        )}
        {chosen === null && isSet && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => void set(null)}
            data-testid="picture-remove"
          >
            {words.removePicture}
          </button>
        )}
      </div>
      <p className="quiet small">{hint}</p>
      <p className="form-note" role={error === '' ? 'status' : 'alert'}>
        {error || (busy ? words.savingPicture : '')}
      </p>
    </fieldset>
  );
}

/** What is said of a failure in other words than elsewhere; empty: nothing. */
function problemOf(cause: unknown): string {
  const { code, details } = ImError.from(cause);
  if (code === 'attachment_invalid') return texts.people.noPicture;
  return code === 'forbidden' && details.field === 'purpose' ? texts.people.noPictures : '';
}
