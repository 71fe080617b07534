import { useOwnAddress } from '../../hooks/files/use-own-address.ts';
import { locale, texts } from '../../i18n/index.ts';
import type { Tray } from '../../live/files/trays.ts';
import type { ChosenFile } from '../../model/files/chosen-files.ts';
import { kindOfType } from '../../model/files/file-kind.ts';
import { fileSize } from '../../model/files/file-size.ts';
import { useStore } from '../../store.ts';
import { Icon } from '../icon.tsx';
import { FileIcon } from './file-icon.tsx';

/** What is sent with the next message, above the field for its text. */
export function FileTray({ tray }: { tray: Tray }) {
  const { files, fault } = useStore(tray);
  return (
    <>
      {fault !== null && (
        <p className="composer-error" role="alert" data-testid="tray-fault">
          {texts.files.faults[fault]}
        </p>
      )}
      <p className="only-read-out" role="status">
        {files.length > 0 && texts.files.chosen(files.length)}
      </p>
      {files.length > 0 && (
        <ul className="tray" data-testid="tray">
          {files.map((chosen) => (
            <TrayItem key={chosen.key} chosen={chosen} leaveOut={() => tray.leaveOut(chosen.key)} />
          ))}
        </ul>
      )}
    </>
  );
}

function TrayItem({ chosen: { file }, leaveOut }: { chosen: ChosenFile; leaveOut: () => void }) {
  return (
    <li className="tray-item" data-testid="tray-item">
      <ChosenPreview file={file} />
      <span className="tray-name">{file.name}</span>
      <span className="quiet small">{fileSize(file.size, locale)}</span>
      <button
        type="button"
        className="icon-button"
        aria-label={texts.files.leaveOut(file.name)}
        title={texts.files.leaveOut(file.name)}
        onClick={leaveOut}
        data-testid="leave-out"
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

/** A small picture of a file of this device, or the sign of its type. */
export function ChosenPreview({ file }: { file: File }) {
  const address = useOwnAddress(file);
  const kind = kindOfType(file.type);
  if (address !== '' && kind === 'picture') return <img className="file-preview" src={address} alt="" />;
  if (address !== '' && kind === 'video') {
    return <video className="file-preview" src={`${address}#t=0.1`} muted preload="metadata" tabIndex={-1} />;
  }
  return <FileIcon name={file.name} />;
}
