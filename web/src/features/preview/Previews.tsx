// What the pages say of themselves that a message links to. The server has fetched it, so that readers tell nobody that
// they read. The author can take it away.

import { X } from 'lucide-react';
import { fileAddress } from '@/lib/file';
import { useText } from '@/lib/text';
import type { Message, Preview } from '@/protocol.gen';
import { actions } from '@/sync';
import { complain, IconButton } from '@/ui';
import styles from './Previews.module.css';

interface PreviewsProps {
  message: Message;
  previews: readonly Preview[];
  own: boolean;
}

export default function Previews({ message, previews, own }: PreviewsProps) {
  const t = useText();
  const shown = previews.filter(({ url, title, description }) => isWeb(url) && (title || description));
  if (shown.length === 0) return null;
  return (
    <div className={styles.previews} role="group" aria-label={t('preview.previews')}>
      <ul className={styles.list}>
        {shown.map((preview) => (
          <li key={preview.url} className={styles.card}>
            <Card preview={preview} />
          </li>
        ))}
      </ul>
      {own && (
        <IconButton
          small
          className={styles.remove}
          label={t('preview.remove')}
          onClick={() => void actions.removePreviews(message).catch(complain)}
        >
          <X size="1em" />
        </IconButton>
      )}
    </div>
  );
}

function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

function Card({ preview: { url, title, description, site, image_file_id: image } }: { preview: Preview }) {
  return (
    <>
      <span className={styles.words}>
        {site && (
          <bdi className={styles.site} dir="auto">
            {site}
          </bdi>
        )}
        <a className={styles.title} href={url} target="_blank" rel="noopener noreferrer nofollow" dir="auto">
          {title || url}
        </a>
        {description && (
          <span className={styles.description} dir="auto">
            {description}
          </span>
        )}
      </span>
      {image && <img className={styles.image} src={fileAddress(image, 'thumbnail')} alt="" loading="lazy" />}
    </>
  );
}
