import { MOMENT_LIMITS, type UserId } from '@chasqui/domain';
import { type ChangeEvent, type SubmitEvent, useRef, useState } from 'react';
import { useAction } from '../hooks/use-action.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { texts } from '../i18n/index.ts';
import { newKey } from '../model/new-key.ts';
import { preparedPicture } from '../model/prepared-picture.ts';
import { Icon } from './icon.tsx';
import { MomentAudience } from './moment-audience.tsx';

interface Chosen {
  blob: Blob;
  address: string;
}

const { maxPicturesPerMoment, maxMomentLength } = MOMENT_LIMITS;

/** The form of a new moment: text, pictures and audience. */
export function MomentComposer() {
  const { moments } = useMessenger();
  const [text, setText] = useState('');
  const [pictures, setPictures] = useState<readonly Chosen[]>([]);
  const [audience, setAudience] = useState<readonly UserId[]>([]);
  const { busy, error, setError, run } = useAction();
  const files = useRef<HTMLInputElement>(null);
  /** The idempotency key stays the same until the moment is posted: a retry creates no second moment. */
  const key = useRef(newKey());
  const isEmpty = text.trim() === '' && pictures.length === 0;

  async function add({ currentTarget: { files: given } }: ChangeEvent<HTMLInputElement>): Promise<void> {
    setError('');
    for (const file of [...(given ?? [])].slice(0, maxPicturesPerMoment + 1)) {
      const blob = await preparedPicture(file);
      if (blob === null) setError(texts.moments.noPicture);
      else setPictures((known) => (known.length < maxPicturesPerMoment ? [...known, chosen(blob)] : known));
    }
    if (pictures.length + (given?.length ?? 0) > maxPicturesPerMoment) {
      setError(texts.moments.tooManyPictures(maxPicturesPerMoment));
    }
    if (files.current !== null) files.current.value = '';
  }

  function leaveOut({ address }: Chosen): void {
    URL.revokeObjectURL(address);
    setPictures((known) => known.filter((one) => one.address !== address));
  }

  async function submitted(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const blobs = pictures.map(({ blob }) => blob);
    const moment = { text: text.trim(), pictures: blobs, chosen: audience, clientMomentId: key.current };
    if (!(await run(() => moments.post(moment)))) return;
    key.current = newKey();
    setText('');
    setAudience([]);
    for (const one of pictures) leaveOut(one);
  }

  return (
    <form className="moment moment-composer" onSubmit={(event) => void submitted(event)}>
      <textarea
        rows={3}
        value={text}
        maxLength={maxMomentLength}
        placeholder={texts.moments.write}
        aria-label={texts.moments.write}
        onChange={(event) => setText(event.target.value)}
        data-testid="moment-text"
      />
      {pictures.length > 0 && (
        <ul className="moment-pictures" data-count={Math.min(pictures.length, 3)}>
          {pictures.map((one, i) => (
            <li key={one.address}>
              <img src={one.address} alt="" />
              <button
                type="button"
                className="icon-button"
                aria-label={texts.moments.removePicture(i + 1)}
                onClick={() => leaveOut(one)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <MomentAudience chosen={audience} onChange={setAudience} />
      <p className="form-note" role="alert">
        {error}
      </p>
      <div className="moment-actions">
        <label className="button">
          <Icon name="picture" />
          {texts.moments.addPictures}
          <input
            ref={files}
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif"
            multiple
            className="unseen"
            onChange={(event) => void add(event)}
            data-testid="moment-files"
          />
        </label>
        <button type="submit" className="button primary" disabled={busy || isEmpty} data-testid="moment-post">
          {busy ? texts.moments.posting : texts.moments.post}
        </button>
      </div>
    </form>
  );
}

function chosen(blob: Blob): Chosen {
  return { blob, address: URL.createObjectURL(blob) };
}
