// The hours in which nothing is pushed, and the days on which they begin.

import { useText } from '@/lib/text';
import { weekdays } from '@/lib/weekdays';
import type { QuietHours } from '@/protocol.gen';
import { Switch } from '@/ui/Choice';
import { Notice } from '@/ui/Section';
import { Field } from '@/ui';
import { cx } from '@/lib/cx';
import styles from './Notifications.module.css';

const everyDay = [0, 1, 2, 3, 4, 5, 6];
const usual: QuietHours = { from: '22:00', to: '07:00', days: everyDay };

interface QuietProps {
  quiet: QuietHours | null;
  zone: string | null;
  onChange: (quiet: QuietHours | null) => void;
}

export function Quiet({ quiet, zone, onChange }: QuietProps) {
  const t = useText();
  const days = quiet?.days ?? everyDay;
  const toggle = (day: number) => {
    if (!quiet) return;
    const next = days.includes(day) ? days.filter((other) => other !== day) : [...days, day].toSorted((a, b) => a - b);
    // Quiet hours on no day are none.
    onChange(next.length > 0 ? { ...quiet, days: next } : null);
  };
  return (
    <>
      <Switch label={t('notify.quietOn')} checked={quiet !== null} onChange={(on) => onChange(on ? usual : null)} />
      {quiet && (
        <>
          <div className={styles.times}>
            {(['from', 'to'] as const).map((end) => (
              <Field
                key={end}
                type="time"
                label={t(`notify.${end}`)}
                value={quiet[end]}
                required
                onChange={(event) => event.target.value && onChange({ ...quiet, [end]: event.target.value })}
              />
            ))}
          </div>
          <div className={styles.days} role="group" aria-label={t('notify.days')}>
            {weekdays().map(({ day, short, long }) => (
              <button
                key={day}
                type="button"
                className={cx(styles.day, days.includes(day) && styles.on)}
                aria-pressed={days.includes(day)}
                aria-label={long}
                title={long}
                onClick={() => toggle(day)}
              >
                {short}
              </button>
            ))}
          </div>
          <Notice>{zone ? t('notify.quietZone', { zone }) : t('notify.quietNoZone')}</Notice>
        </>
      )}
    </>
  );
}
