import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { useDownload } from '../../hooks/files/use-download.ts';
import { locale, texts } from '../../i18n/index.ts';
import { fileSize } from '../../model/files/file-size.ts';
import { Icon } from '../icon.tsx';
import { FileIcon } from './file-icon.tsx';

/** A file that is only saved. */
export function FileRow({ message, file }: { message: ChatMessage; file: AttachedFile }) {
  const { busy, failed, start } = useDownload(message, file);
  const { name, size } = file;
  return (
    <div className="file-row" data-testid="file">
      <FileIcon name={name} />
      <div className="file-about">
        <span className="file-name">{name}</span>
        {busy ? (
          <progress aria-label={texts.files.downloading} />
        ) : (
          <span className="small" role={failed ? 'alert' : undefined}>
            {failed ? texts.files.loadFailed : fileSize(size, locale)}
          </span>
        )}
      </div>
      <button
        type="button"
        className="icon-button"
        disabled={busy}
        aria-label={texts.files.downloadOf(name)}
        title={texts.files.download}
        onClick={start}
        data-testid="download"
      >
        <Icon name="save" />
      </button>
    </div>
  );
}
