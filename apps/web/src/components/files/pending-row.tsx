import { useMessenger } from '../../hooks/use-messenger.ts';
import { errorText, locale, texts } from '../../i18n/index.ts';
import { uploadErrorText } from '../../i18n/upload-error-text.ts';
import type { PendingFile } from '../../live/files/pending-message.ts';
import { fileSize } from '../../model/files/file-size.ts';
import { mayUploadAgain } from '../../model/files/may-upload-again.ts';
import { Icon, type IconName } from '../icon.tsx';
import { ChosenPreview } from './file-tray.tsx';

/** A file on its way: how far it is, and what can be done with it. */
export function PendingRow({ messageKey, file }: { messageKey: string; file: PendingFile }) {
  const { outgoing } = useMessenger().files;
  const { key, state, sent, error } = file;
  const { name, size } = file.file;
  const words = texts.files;
  const moving = { uploading: true, waiting: true, reading: true }[state as string] === true;
  return (
    <li className="pending-file" data-testid="pending-file" data-state={state}>
      <ChosenPreview file={file.file} />
      <div className="file-about">
        <span className="file-name">{name}</span>
        {error === null ? (
          <>
            <progress value={sent} max={size} aria-label={words.uploadOf(name)} />
            <span className="small" data-testid="pending-state">
              {state === 'uploading'
                ? `${fileSize(sent, locale)} / ${fileSize(size, locale)}`
                : `${words.states[state]} · ${fileSize(size, locale)}`}
            </span>
          </>
        ) : (
          <span className="failed" role="alert" data-testid="pending-refusal">
            {uploadErrorText(words, locale, error, errorText)}
          </span>
        )}
      </div>
      {moving && <Act icon="pause" label={words.pause} of={name} act={() => outgoing.pause(key)} />}
      {state === 'paused' && <Act icon="play" label={words.resume} of={name} act={() => outgoing.resume(key)} />}
      {state === 'failed' && mayUploadAgain(error) && (
        <Act icon="again" label={words.retry} of={name} act={() => outgoing.retry(messageKey, key)} />
      )}
      <Act icon="close" label={words.cancelOf(name)} act={() => outgoing.cancel(messageKey, key)} />
    </li>
  );
}

function Act({ icon, label, of, act }: { icon: IconName; label: string; of?: string; act: () => void }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={of === undefined ? label : `${label}: ${of}`}
      title={label}
      onClick={act}
      data-testid={`pending-${icon}`}
    >
      <Icon name={icon} />
    </button>
  );
}
