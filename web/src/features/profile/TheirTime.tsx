// What time it is for somebody, kept right while it is looked at.

import { useEffect, useState, type ReactNode } from 'react';
import { useLanguage, useText } from '@/lib/text';
import { hoursAhead, localTime } from './localTime';
import styles from './ProfileCard.module.css';

export function TheirTime({ timeZone, icon }: { timeZone: string; icon: ReactNode }) {
  const t = useText();
  const language = useLanguage();
  const [now, setNow] = useState(Date.now);

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);

  const time = localTime(timeZone, language, now);
  if (time === null) return null;
  const ahead = hoursAhead(timeZone, now);
  const hours = new Intl.NumberFormat(language, { signDisplay: 'exceptZero' }).format(ahead);
  return (
    <div className={styles.fact}>
      {icon}
      <dt>{t('profile.localTime')}</dt>
      <dd>
        {time}
        {ahead !== 0 && ` (${t('profile.hours', { hours })})`} · <bdi>{timeZone.replaceAll('_', ' ')}</bdi>
      </dd>
    </div>
  );
}
