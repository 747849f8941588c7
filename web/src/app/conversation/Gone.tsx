// One was removed from the conversation, or it was deleted, while one was looking at it.

import { LogOut } from 'lucide-react';
import { Link } from 'wouter';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { Empty } from '@/ui';

export default function Gone() {
  const t = useText();
  return (
    <Empty icon={<LogOut size="2em" />} title={t('timeline.removed')} text={t('timeline.removedText')}>
      <Link href={paths.home}>{t('timeline.home')}</Link>
    </Empty>
  );
}
